package shallows.export.quantize.calibrate;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import shallows.data.LabelledImages;
import shallows.data.PixelOrder;
import shallows.export.quantize.Quantization;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.simulate.ExactArithmetic;
import shallows.export.quantize.simulate.IntegerArithmetic;
import shallows.model.graph.Graph;
import shallows.model.graph.Liveness;
import shallows.model.graph.Node;
import shallows.model.graph.Normalization;

/**
 * The values of a quantized graph on many images, each from when it is computed to when its last
 * reader has run: a byte a number where it is rounded, a float where it is not.
 */
final class QuantizedValues {
  /** Of all images together. */
  private static final long LARGEST = 96L << 20;

  private static final IntegerArithmetic ROUNDING = new ExactArithmetic();

  private final QuantizedGraph quantized;
  private final int count;
  private final Map<String, List<String>> released;
  private final Map<String, byte[][]> rounded = new HashMap<>();
  private final Map<String, float[][]> exact = new HashMap<>();

  QuantizedValues(QuantizedGraph quantized, int count) {
    this.quantized = quantized;
    this.count = count;
    this.released = Liveness.releasedBehind(quantized.graph());
  }

  /** How many images fit into {@value #LARGEST} bytes where a node has most around it. */
  static int mostImages(QuantizedGraph quantized) {
    Graph graph = quantized.graph();
    Map<String, List<String>> released = Liveness.releasedBehind(graph);
    Map<String, Long> sizes = new HashMap<>();
    sizes.put(graph.input().name(), (long) graph.input().shape().size());
    long live = graph.input().shape().size();
    long most = 1;
    for (Node node : graph.nodes()) {
      long floats = (long) Float.BYTES * graph.shape(node.name()).size();
      most = Math.max(most, live + floats);
      long size = quantized.isRounded(node.name()) ? floats / Float.BYTES : floats;
      sizes.put(node.name(), size);
      live += size;
      for (String value : released.getOrDefault(node.name(), List.of())) {
        live -= sizes.getOrDefault(value, 0L);
      }
    }
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, LARGEST / most));
  }

  void enter(LabelledImages images) {
    Graph graph = quantized.graph();
    Normalization normalization = graph.task().normalization();
    float[][] entering = new float[count][];
    for (int i = 0; i < count; i++) {
      entering[i] =
          PixelOrder.channelsFirst(
              images.normalized(i, i + 1, normalization), 1, images.channels());
    }
    put(graph.input().name(), entering);
  }

  /**
   * Takes what a node computed, and lets go of what nobody reads any more.
   *
   * @param computed image by image; rounded here if it is not
   */
  void put(Node node, float[][] computed) {
    put(node.name(), computed);
    for (String value : released.getOrDefault(node.name(), List.of())) {
      rounded.remove(value);
      exact.remove(value);
    }
  }

  private void put(String value, float[][] computed) {
    if (!quantized.isRounded(value)) {
      exact.put(value, computed);
      return;
    }
    Quantization quantization = quantized.quantization(value);
    rounded.put(
        value,
        Arrays.stream(computed)
            .parallel()
            .map(floats -> integers(quantization, floats))
            .toArray(byte[][]::new));
  }

  private static byte[] integers(Quantization quantization, float[] floats) {
    byte[] integers = new byte[floats.length];
    for (int i = 0; i < integers.length; i++) {
      int distance = quantization.clamped(ROUNDING.quantized(floats[i], quantization));
      integers[i] = (byte) (distance + quantization.zeroPoint());
    }
    return integers;
  }

  /** Of one image. */
  float[] floats(String value, int image) {
    if (exact.containsKey(value)) {
      return exact.get(value)[image];
    }
    float scale = quantized.quantization(value).scale();
    float[] floats = steps(value, image);
    for (int i = 0; i < floats.length; i++) {
      floats[i] *= scale;
    }
    return floats;
  }

  /** q − zero point, of one image. */
  float[] steps(String value, int image) {
    return steps(value, image, 1);
  }

  /** q − zero point, image behind image. */
  float[] steps(String value, int from, int images) {
    int zero = quantized.quantization(value).zeroPoint();
    byte[][] integers = rounded.get(value);
    float[] steps = new float[images * integers[from].length];
    int at = 0;
    for (int image = from; image < from + images; image++) {
      for (byte integer : integers[image]) {
        steps[at++] = Byte.toUnsignedInt(integer) - zero;
      }
    }
    return steps;
  }
}
