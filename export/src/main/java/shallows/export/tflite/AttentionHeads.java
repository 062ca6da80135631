package shallows.export.tflite;

import java.util.List;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BatchMatMulOptions;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.SoftmaxOptions;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * Attention as products of matrices: of {@code (1, R, L, g·d)} the heads go in front of the tokens,
 * {@code (1, R, g, L, d)}. Without an axis for the rows where there is one row, as more runtimes
 * compute with four axes than with five.
 */
final class AttentionHeads {
  private final TfliteFile file;
  private final Channels channels;
  private final Elementwise elementwise;
  private final String name;
  private final Operation.Attention attention;

  /**
   * @param name of the node, for what stands in between
   */
  AttentionHeads(
      TfliteFile file,
      Channels channels,
      Elementwise elementwise,
      String name,
      Operation.Attention attention) {
    this.file = file;
    this.channels = channels;
    this.elementwise = elementwise;
    this.name = name;
    this.attention = attention;
  }

  /**
   * @param sources tensors of queries, keys and values
   * @param shapes of these, {@code (C, R, L)}
   * @param biases as {@link Operation.Attention} takes them
   */
  void write(int[] sources, List<Shape> shapes, List<Tensor> biases, int target) {
    Shape q = shapes.get(0);
    Shape v = shapes.get(2);
    int rows = q.dimension(1);
    int[] scores = extents(rows, attention.heads(), q.dimension(2), v.dimension(2));
    int queries = heads("/queries", sources[0], q, false);
    if (attention.scale() != 1) {
      int scaled = file.value(name + "/scaled", headExtents(q));
      int factor = file.constant(name + "/factor", Tensor.vector(attention.scale()));
      elementwise.multiply(queries, factor, scaled, ActivationFunctionType.NONE);
      queries = scaled;
    }
    int weights = file.value(name + "/products", scores);
    product(queries, heads("/keys", sources[1], shapes.get(1), true), weights);
    for (int i = 0; i < biases.size(); i++) {
      int biased = file.value(name + "/biased" + i, scores);
      int bias = file.constant(name + "/bias" + i, bias(biases.get(i), rows));
      elementwise.add(weights, bias, biased, ActivationFunctionType.NONE);
      weights = biased;
    }
    if (attention.softmax()) {
      int normal = file.value(name + "/weights", scores);
      int options = SoftmaxOptions.createSoftmaxOptions(file.builder(), 1);
      int[] inputs = {weights};
      file.operator(
          BuiltinOperator.SOFTMAX, 1, inputs, normal, BuiltinOptions.SoftmaxOptions, options);
      weights = normal;
    }
    int size = v.dimension(0) / attention.heads();
    int sums = file.value(name + "/sums", extents(rows, attention.heads(), q.dimension(2), size));
    product(weights, heads("/values", sources[2], v, false), sums);
    int[] tokens = extents(rows, q.dimension(2), attention.heads(), size);
    int turned = file.value(name + "/tokens", tokens);
    channels.transpose(name + "/tokens", sums, turned, swapped(rows, false));
    channels.reshape(name, turned, target, -1, rows, q.dimension(2), v.dimension(0));
  }

  /** {@code (1, R, …)}, or {@code (1, …)} where there is one row. */
  private static int[] extents(int rows, int first, int second, int third) {
    return rows == 1
        ? new int[] {1, first, second, third}
        : new int[] {1, rows, first, second, third};
  }

  private int[] headExtents(Shape value) {
    int size = value.dimension(0) / attention.heads();
    return extents(value.dimension(1), attention.heads(), value.dimension(2), size);
  }

  /** Changes the last axes but one and two; with {@code across}, the last two of those again. */
  private static int[] swapped(int rows, boolean across) {
    if (rows == 1) {
      return across ? new int[] {0, 2, 3, 1} : new int[] {0, 2, 1, 3};
    }
    return across ? new int[] {0, 1, 3, 4, 2} : new int[] {0, 1, 3, 2, 4};
  }

  private int heads(String suffix, int source, Shape value, boolean across) {
    int rows = value.dimension(1);
    int tokens = value.dimension(2);
    int size = value.dimension(0) / attention.heads();
    int[] cut = extents(rows, tokens, attention.heads(), size);
    int split = file.value(name + suffix + "_cut", cut);
    int[] shape = cut.clone();
    shape[0] = -1;
    channels.reshape(name + suffix + "_cut", source, split, shape);
    int[] extents = across ? extents(rows, attention.heads(), size, tokens) : headExtents(value);
    int turned = file.value(name + suffix, extents);
    channels.transpose(name + suffix, split, turned, swapped(rows, across));
    return turned;
  }

  /** {@code (heads, rows, queries, keys)} with the rows in front, or without them. */
  private static Tensor bias(Tensor bias, int rows) {
    Shape shape = bias.shape();
    int groups = shape.dimension(0);
    int windows = shape.dimension(1);
    int plane = shape.dimension(2) * shape.dimension(3);
    float[] values = new float[bias.size()];
    for (int group = 0; group < groups; group++) {
      for (int window = 0; window < windows; window++) {
        int from = (group * windows + window) * plane;
        System.arraycopy(bias.values(), from, values, (window * groups + group) * plane, plane);
      }
    }
    int[] extents = extents(rows, groups, shape.dimension(2), shape.dimension(3));
    if (rows > 1) {
      extents[1] = windows;
    }
    return new Tensor(Shape.of(extents), values);
  }

  private void product(int first, int second, int target) {
    int options = BatchMatMulOptions.createBatchMatMulOptions(file.builder(), false, false, false);
    int[] inputs = {first, second};
    file.operator(
        BuiltinOperator.BATCH_MATMUL,
        1,
        inputs,
        target,
        BuiltinOptions.BatchMatMulOptions,
        options);
  }
}
