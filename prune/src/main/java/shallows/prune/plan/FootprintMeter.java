package shallows.prune.plan;

import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Section;

/**
 * Tells what a network costs in the form in which it will be shipped. This module knows no file
 * formats and no runtimes, so whoever does hands a meter in.
 */
public interface FootprintMeter {
  /** Counts the weights as they lie in memory; tells no latency. */
  FootprintMeter WEIGHTS =
      new FootprintMeter() {
        @Override
        public long bytes(Graph graph) {
          return Cost.of(graph).bytes();
        }

        @Override
        public double latency(Graph graph) {
          throw new IllegalStateException("weights alone take no time");
        }

        @Override
        public double latency(Section section) {
          throw new IllegalStateException("weights alone take no time");
        }

        @Override
        public String bytesInWords() {
          return "bytes of weights";
        }

        @Override
        public String latencyInWords() {
          return "ms";
        }
      };

  /** The size of the network as it will be shipped. */
  long bytes(Graph graph);

  /** How long one image takes, in ms. */
  double latency(Graph graph);

  /**
   * How long one image takes in a part of a network, timed by itself, in ms. What comes before and
   * behind takes time too, as much for every part that begins with the same value, so differences
   * count.
   */
  double latency(Section section);

  /** What is counted, for example {@code bytes of the int8 TFLite file}. */
  String bytesInWords();

  /** What is timed and where, for example {@code ms an image in TFLite, fp32, on this machine}. */
  String latencyInWords();
}
