package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import shallows.model.graph.FakeQuantization;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;

/** An array and how many nodes have still to read it, under whichever name. */
final class CountedArray {
  private final NDArray array;
  private int readers;

  /** Whether a ReLU made it, so that another one would change no bit of it or its gradient. */
  private final boolean rectified;

  private CountedArray(NDArray array, int readers, boolean rectified) {
    this.array = array;
    this.readers = readers;
    this.rectified = rectified;
  }

  /**
   * The images that go in, rounded where the pass says so.
   *
   * @param array stays open
   * @param readers how often it will be read
   */
  static CountedArray image(String name, NDArray array, int readers, RunMode mode) {
    FakeQuantization.Levels levels = mode.quantization().values().get(name);
    // One reader more than there are, so that the caller's array is not closed.
    return levels == null
        ? input(array, readers + 1)
        : input(FakeRounding.value(array, levels), readers);
  }

  /** What no node of the graph computes. */
  static CountedArray input(NDArray array, int readers) {
    return new CountedArray(array, readers, false);
  }

  /**
   * What a node computes. Where that is its input bit for bit, it is the same array.
   *
   * @param readers how often the result will be read
   * @param values by name; those that the node reads are there
   * @param parameters by name
   */
  static CountedArray of(
      Node node,
      int readers,
      Map<String, CountedArray> values,
      Map<String, NDArray> parameters,
      RunMode mode) {
    if (node.operation() instanceof Operation.Scale scale && scale.factor() == 1) {
      return values.get(node.inputs().get(0)).sharedWith(readers);
    }
    if (node.operation() instanceof Operation.Dropout dropout
        && (mode.dropout() == null || dropout.rate() == 0)) {
      return values.get(node.inputs().get(0)).sharedWith(readers);
    }
    if (node.operation() instanceof Operation.Relu && values.get(node.inputs().get(0)).rectified) {
      // Behind a block that is off, the ReLU of its sum meets a value that has just passed one.
      return values.get(node.inputs().get(0)).sharedWith(readers);
    }
    NDArray[] inputs = new NDArray[node.inputs().size()];
    for (int i = 0; i < inputs.length; i++) {
      String name = node.inputs().get(i);
      CountedArray value = values.get(name);
      inputs[i] = value == null ? parameters.get(name) : value.array;
    }
    NDArray result = BrainFloats.compute(node, inputs, mode);
    return new CountedArray(
        rounded(node.name(), result, mode), readers, node.operation() instanceof Operation.Relu);
  }

  private static NDArray rounded(String name, NDArray result, RunMode mode) {
    FakeQuantization.Levels levels = mode.quantization().values().get(name);
    if (levels == null) {
      return result;
    }
    try (result) {
      return FakeRounding.value(result, levels);
    }
  }

  NDArray array() {
    return array;
  }

  CountedArray sharedWith(int moreReaders) {
    readers += moreReaders;
    return this;
  }

  /** One reader is done; after the last one the array is closed. */
  void release() {
    readers--;
    if (readers == 0) {
      array.close();
    }
  }
}
