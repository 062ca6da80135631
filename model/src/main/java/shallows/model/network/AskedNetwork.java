package shallows.model.network;

import java.util.regex.MatchResult;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;

/**
 * A network that somebody asks for.
 *
 * @param name as it was written, with its parts as groups
 * @param image shape {@code (C, H, W)} of the input
 * @param task its classes are as many as the network gets logits
 * @param seed of the weights
 */
record AskedNetwork(MatchResult name, Shape image, Task task, long seed) {
  boolean has(int part) {
    return name.group(part) != null;
  }

  int number(int part) {
    return Integer.parseInt(name.group(part));
  }

  /** A number below 1; 0 where the name has none. */
  float share(int part) {
    return has(part) ? Float.parseFloat(name.group(part)) : 0;
  }

  /** Of the first convolution: 2 where the name says so. */
  int stemStride(int part) {
    return has(part) ? 2 : 1;
  }

  int classes() {
    return task.labels().size();
  }

  GraphBuilder builder() {
    return new GraphBuilder(name.group(), image, task, seed);
  }
}
