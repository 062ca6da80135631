package shallows.model.onnx.read;

import java.util.List;
import java.util.Optional;
import shallows.model.graph.Graph;

/**
 * A graph as it was read from a file, and where the file differs.
 *
 * @param channelsLast whether the file's input is {@code (N, H, W, C)}
 * @param ending what the file does to the logits of the graph
 * @param notes what was left out, each a line for whoever asked for the reading
 * @param source where in the file the graph ends
 * @param integers of a file that is quantized
 */
public record ImportedNetwork(
    Graph graph,
    boolean channelsLast,
    Ending ending,
    List<String> notes,
    Source source,
    Optional<StoredIntegers> integers) {
  public ImportedNetwork {
    notes = List.copyOf(notes);
  }

  /**
   * What of the file the graph computes, and how exactly the file does.
   *
   * @param output the name of the output that was read
   * @param logits the name of the value before the ending, where there is one
   * @param roundoff how far a number may be from its nearest one of the least precise type that the
   *     file computes with, as a share of it: 2⁻²⁴ of single precision, 2⁻¹¹ of half
   */
  public record Source(String output, Optional<String> logits, double roundoff) {}

  /** What goes out of a file. */
  public enum Ending {
    LOGITS,
    SOFTMAX,
    LOG_SOFTMAX,
    /** Of each class for itself, as where an image may have several. */
    SIGMOID;

    /** What the file gives where the graph gives {@code logits}. */
    public float[] of(float[] logits) {
      if (this == LOGITS) {
        return logits;
      }
      float[] result = new float[logits.length];
      if (this == SIGMOID) {
        for (int i = 0; i < result.length; i++) {
          result[i] = (float) (1 / (1 + Math.exp(-logits[i])));
        }
        return result;
      }
      double largest = Double.NEGATIVE_INFINITY;
      for (float logit : logits) {
        largest = Math.max(largest, logit);
      }
      double sum = 0;
      for (float logit : logits) {
        sum += Math.exp(logit - largest);
      }
      for (int i = 0; i < result.length; i++) {
        double log = logits[i] - largest - Math.log(sum);
        result[i] = (float) (this == SOFTMAX ? Math.exp(log) : log);
      }
      return result;
    }
  }
}
