package shallows.model.onnx.read;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * Products of two values in the middle of attention. No value of a graph: with what is done to them
 * and the values that they weigh, they are one operation.
 *
 * @param queries a value {@code (heads·d, R, L)}
 * @param keys a value {@code (heads·d, R, M)}
 * @param shape of the scores, {@code (heads, R, L, M)}
 * @param layout of these four in the file
 * @param scale of the products
 * @param biases what was added then, each {@code (heads or 1, R or 1, L, M)}
 * @param softmax whether each of the queries has its weights already
 */
record OnnxScores(
    String queries,
    String keys,
    Shape shape,
    OnnxLayout layout,
    double scale,
    List<Bias> biases,
    boolean softmax) {
  static final int HEADS = 0;
  static final int ROWS = 1;
  static final int QUERIES = 2;
  static final int KEYS = 3;

  /**
   * @param name of the constant in the file that it is, or null
   */
  record Bias(String name, Tensor value) {}

  OnnxScores {
    biases = List.copyOf(biases);
  }

  OnnxScores withLayout(OnnxLayout other) {
    return new OnnxScores(queries, keys, shape, other, scale, biases, softmax);
  }

  OnnxScores withBias(Bias bias) {
    List<Bias> all = new ArrayList<>(biases);
    all.add(bias);
    return new OnnxScores(queries, keys, shape, layout, scale, all, softmax);
  }

  OnnxScores normalized() {
    return new OnnxScores(queries, keys, shape, layout, scale, biases, true);
  }

  OnnxScores withQueries(String other) {
    return new OnnxScores(other, keys, shape, layout, scale, biases, softmax);
  }

  OnnxScores scaled(double factor) {
    List<Bias> scaled =
        biases.stream().map(bias -> new Bias(null, times(bias.value(), factor))).toList();
    return new OnnxScores(queries, keys, shape, layout, scale * factor, scaled, softmax);
  }

  private static Tensor times(Tensor tensor, double factor) {
    float[] values = tensor.values().clone();
    IntStream.range(0, values.length).forEach(i -> values[i] *= (float) factor);
    return new Tensor(tensor.shape(), values);
  }

  /** The same products, what were the keys called the queries. */
  OnnxScores swapped() {
    List<List<OnnxLayout.Part>> all =
        layout.all().stream().map(axis -> axis.stream().map(OnnxScores::swapped).toList()).toList();
    Shape other =
        Shape.of(
            shape.dimension(HEADS),
            shape.dimension(ROWS),
            shape.dimension(KEYS),
            shape.dimension(QUERIES));
    return new OnnxScores(
        keys,
        queries,
        other,
        new OnnxLayout(all),
        scale,
        biases.stream().map(bias -> new Bias(null, swapped(bias.value()))).toList(),
        softmax);
  }

  private static OnnxLayout.Part swapped(OnnxLayout.Part part) {
    int dimension = part.dimension();
    return dimension < QUERIES
        ? part
        : new OnnxLayout.Part(QUERIES + KEYS - dimension, part.step(), part.extent());
  }

  private static Tensor swapped(Tensor bias) {
    return Permutation.of(bias, new long[] {HEADS, ROWS, KEYS, QUERIES});
  }
}
