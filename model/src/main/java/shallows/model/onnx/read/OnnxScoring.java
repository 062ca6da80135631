package shallows.model.onnx.read;

import java.util.Arrays;
import java.util.List;
import shallows.model.graph.Extent;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/** What a file does to {@link OnnxScores} between the two products of attention. */
final class OnnxScoring {
  private final OnnxCall call;

  OnnxScoring(OnnxCall call) {
    this.call = call;
  }

  /** Whatever reads scores. */
  void read() {
    switch (call.operator()) {
      case "MatMul" -> new OnnxAttention(call).weighed();
      case "Einsum" -> new OnnxAttention(call).einsum();
      case "Mul", "Div" -> scale();
      case "Add", "Sub" -> add();
      case "Softmax" -> softmax();
      case "Transpose" -> {
        OnnxLayout layout = only().layout();
        define(only().withLayout(layout.transposed(OnnxAxes.order(call, layout.rank()))));
      }
      case "Reshape" -> reshape();
      case "Squeeze", "Unsqueeze" -> oneAxisMoreOrLess();
      case "Identity" -> define(only());
      case "Cast" -> {
        OnnxNodeReader.requireFloats(call);
        define(only());
      }
      case "Dropout" -> {
        OnnxNodeReader.dropoutRate(call);
        define(only());
      }
      default ->
          throw new IllegalArgumentException(
              "expected a softmax, or a product with a third value, behind a product of two"
                  + " values");
    }
  }

  private OnnxScores only() {
    return call.scores(0).orElseThrow(() -> misplaced(1));
  }

  private static IllegalArgumentException misplaced(int input) {
    return new IllegalArgumentException("expected no product of two values as input " + input);
  }

  private void define(OnnxScores scores) {
    call.imported().define(call.output(), scores);
  }

  private void reshape() {
    long images = call.imported().images();
    OnnxScores scores = only();
    long[] target = OnnxReshape.target(call, scores.layout().extents(images));
    define(
        scores.withLayout(
            scores
                .layout()
                .reshaped(Arrays.stream(target).boxed().toList(), images)
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "expected a shape whose axes end where those of the scores do, found "
                                + OnnxCall.described(target)))));
  }

  private void oneAxisMoreOrLess() {
    OnnxScores scores = only();
    boolean more = call.operator().equals("Unsqueeze");
    List<Integer> axes = OnnxAxes.axes(call, scores.layout().rank(), more);
    boolean ones =
        !axes.isEmpty()
            && axes.stream()
                .allMatch(
                    axis ->
                        more
                            || scores.layout().all().get(axis).isEmpty()
                            || scores.layout().hasImages(axis) && call.imported().images() == 1);
    if (!ones) {
      throw new IllegalArgumentException("expected axes of extent 1, found " + axes);
    }
    define(
        scores.withLayout(more ? scores.layout().inserted(axes) : scores.layout().without(axes)));
  }

  private void scale() {
    boolean divides = call.operator().equals("Div");
    int at = call.scores(0).isPresent() ? 0 : 1;
    if (divides && at == 1) {
      throw misplaced(1);
    }
    OnnxScores scores = call.scores(at).orElseThrow();
    Tensor factors = call.constants().floats(call.constant(1 - at));
    if (factors.size() == 1) {
      double factor = factors.values()[0];
      requireNoSoftmax(scores);
      define(scores.scaled(divides ? 1 / factor : factor));
      return;
    }
    Tensor aligned = OnnxAlignment.of(scores.layout(), scores.shape(), factors);
    int heads = scores.shape().dimension(OnnxScores.HEADS);
    if (aligned == null
        || aligned.size() != heads
        || aligned.shape().dimension(OnnxScores.HEADS) != heads
        || !scores.biases().isEmpty()) {
      throw new IllegalArgumentException(
          "expected one factor, or one for each head, found " + factors.shape());
    }
    requireNoSoftmax(scores);
    define(scores.withQueries(scaledHeads(scores, aligned.values(), divides)));
  }

  /** One factor for each head, as a depthwise convolution of the queries. */
  private String scaledHeads(OnnxScores scores, float[] factors, boolean divides) {
    Shape queries = call.imported().shape(scores.queries());
    float[] each = new float[queries.dimension(0)];
    for (int channel = 0; channel < each.length; channel++) {
      float factor = factors[channel / (each.length / factors.length)];
      each[channel] = divides ? 1 / factor : factor;
    }
    String weight = call.derived("factors", new Tensor(Shape.of(each.length, 1, 1, 1), each));
    Operation conv =
        new Operation.Conv2d(Extent.ONE, Extent.ZERO, Extent.ONE, each.length, Precision.FLOAT);
    return call.imported().add(call.output() + "/scaled", conv, List.of(scores.queries(), weight));
  }

  private static void requireNoSoftmax(OnnxScores scores) {
    if (scores.softmax()) {
      throw new IllegalArgumentException(
          "expected the product with a third value behind a softmax");
    }
  }

  private void add() {
    int at = call.scores(0).isPresent() ? 0 : 1;
    boolean subtracts = call.operator().equals("Sub");
    if (subtracts && at == 1) {
      throw misplaced(1);
    }
    OnnxScores scores = call.scores(at).orElseThrow();
    requireNoSoftmax(scores);
    define(added(scores, call.constant(1 - at), subtracts ? -1 : 1));
  }

  /** Scores with a constant that is added. */
  OnnxScores added(OnnxScores scores, String name, int sign) {
    Tensor constant = call.imported().constantFor(name);
    Tensor aligned = OnnxAlignment.of(scores.layout(), scores.shape(), constant);
    if (aligned == null) {
      throw new IllegalArgumentException(
          "expected a constant for heads, queries and keys, found " + constant.shape());
    }
    Tensor bias = extended(aligned, scores.shape(), sign);
    boolean own = sign > 0 && bias.shape().equals(constant.shape());
    return scores.withBias(new OnnxScores.Bias(own ? name : null, bias));
  }

  /** Along all queries and keys. */
  private static Tensor extended(Tensor bias, Shape scores, int sign) {
    int queries = scores.dimension(OnnxScores.QUERIES);
    int keys = scores.dimension(OnnxScores.KEYS);
    int rows = bias.shape().dimension(OnnxScores.QUERIES);
    int columns = bias.shape().dimension(OnnxScores.KEYS);
    int planes = bias.size() / rows / columns;
    float[] values = new float[planes * queries * keys];
    for (int i = 0; i < values.length; i++) {
      int row = rows == 1 ? 0 : i / keys % queries;
      int column = columns == 1 ? 0 : i % keys;
      values[i] = sign * bias.values()[(i / keys / queries * rows + row) * columns + column];
    }
    Shape shape =
        Shape.of(
            bias.shape().dimension(OnnxScores.HEADS),
            bias.shape().dimension(OnnxScores.ROWS),
            queries,
            keys);
    return new Tensor(shape, values);
  }

  private void softmax() {
    OnnxScores scores = only();
    requireNoSoftmax(scores);
    int rank = scores.layout().rank();
    boolean old = call.imported().opset() < 13;
    int axis = OnnxAxes.axis(call.attributes().signed("axis", old ? 1 : -1), rank);
    if (old && axis != rank - 1) {
      throw new IllegalArgumentException("expected a softmax over the last axis, found " + axis);
    }
    if (OnnxAttention.isWhole(scores, axis, OnnxScores.KEYS)) {
      define(scores.normalized());
    } else if (OnnxAttention.isWhole(scores, axis, OnnxScores.QUERIES)) {
      define(scores.swapped().normalized());
    } else {
      throw new IllegalArgumentException("expected a softmax over all keys, found axis " + axis);
    }
  }
}
