package shallows.model.onnx.read;

import java.util.ArrayList;
import java.util.List;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/** Products with a constant matrix; those of two values are attention. */
final class OnnxMatrices {
  private final OnnxCall call;

  OnnxMatrices(OnnxCall call) {
    this.call = call;
  }

  /** y = alpha·x·W + beta·b. */
  void gemm() {
    call.inputs(2, 3);
    call.attributes().expect("transA", 0);
    float alpha = call.attributes().number("alpha", 1);
    float beta = call.attributes().number("beta", 1);
    boolean transposed = call.attributes().integer("transB", 0) != 0;
    String weight = call.constant(1);
    if (!transposed) {
      weight = call.constants().transposed(weight);
    }
    weight = scaled(weight, alpha, "weight");
    if (!call.has(2)) {
      product(call.flow(0), weight);
      return;
    }
    int outputs = call.constants().parameter(weight).shape().dimension(0);
    product(call.flow(0), weight, scaled(bias(call.constant(2), outputs), beta, "bias"));
  }

  /** A bias may come as a row, or as one number for all outputs. */
  private String bias(String name, int outputs) {
    Tensor bias = call.constants().floats(name);
    if (bias.shape().equals(Shape.of(outputs))) {
      return name;
    }
    float[] each = new float[outputs];
    if (bias.size() != 1 && bias.size() != outputs) {
      throw new IllegalArgumentException(
          "expected a bias of " + outputs + ", found shape " + bias.shape());
    }
    for (int i = 0; i < outputs; i++) {
      each[i] = bias.values()[bias.size() == 1 ? 0 : i];
    }
    return call.constants().derived(call.output() + "/bias", Tensor.vector(each));
  }

  private String scaled(String name, float factor, String suffix) {
    if (factor == 1) {
      return name;
    }
    Tensor tensor = call.constants().floats(name);
    float[] scaled = tensor.values().clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= factor;
    }
    return call.constants()
        .derived(call.output() + "/" + suffix, new Tensor(tensor.shape(), scaled));
  }

  void matMul() {
    call.inputs(2, 2);
    if (call.isFlow(0) && call.isFlow(1)) {
      new OnnxAttention(call).matMul();
      return;
    }
    product(call.flow(0), call.constants().transposed(call.constant(1)));
  }

  /** A product with a constant matrix, its axes named by letters: those of the other stay. */
  void einsum() {
    call.inputs(2, 2);
    if (call.isFlow(0) && call.isFlow(1)) {
      new OnnxAttention(call).einsum();
      return;
    }
    int at = call.isFlow(0) ? 0 : 1;
    OnnxFlow x = call.flow(at);
    String constant = call.constant(1 - at);
    String equation = call.attributes().text("equation", "").replace(" ", "");
    String[] sides = equation.split("->", -1);
    String[] operands = sides[0].split(",", -1);
    String given = operands.length == 2 ? operands[at] : "";
    String matrix = operands.length == 2 ? operands[1 - at] : "";
    boolean named =
        equation.matches("[A-Za-z]+,[A-Za-z]+->[A-Za-z]+")
            && matrix.length() == 2
            && given.length() == x.layout().rank();
    String summed = named ? matrix.replaceAll("[" + sides[1] + "]", "") : "";
    String own = matrix.replace(summed, "");
    String product = given.replace(summed, "") + own;
    if (!named
        || summed.length() != 1
        || own.length() != 1
        || given.contains(own)
        || product.length() != given.length()
        || !sorted(product).equals(sorted(sides[1]))) {
      throw new IllegalArgumentException(
          "expected an equation that is a product with a matrix, found '" + equation + "'");
    }
    String weight = matrix.startsWith(own) ? constant : call.constants().transposed(constant);
    String last = given.replace(summed, "") + summed;
    product(x.withLayout(x.layout().transposed(order(given, last))), weight);
    OnnxFlow result = call.imported().flow(call.output()).orElseThrow();
    OnnxLayout turned = result.layout().transposed(order(product, sides[1]));
    call.imported().redefine(call.output(), result.withLayout(turned));
  }

  private static List<Integer> order(String from, String to) {
    return to.chars().mapToObj(from::indexOf).toList();
  }

  private static List<Integer> sorted(String letters) {
    return letters.chars().sorted().boxed().toList();
  }

  /**
   * A vector times a matrix, or, of a value with more axes whose last is the channels, a
   * convolution of 1x1.
   */
  private void product(OnnxFlow x, String weight, String... bias) {
    List<String> parameters = new ArrayList<>(List.of(weight));
    parameters.addAll(List.of(bias));
    int last = x.layout().rank() - 1;
    if (last == 1 && x.layout().isInFront()) {
      call.emitFirst(call.first(x), new Operation.Linear(), parameters.toArray(String[]::new));
      return;
    }
    Shape shape = call.constants().parameter(weight).shape();
    int outputs = shape.dimension(0);
    if (last < 1 || OnnxLayout.extent(x.layout().all().get(last)) != shape.dimension(1)) {
      throw call.misfit("an axis of " + shape.dimension(1) + " before a matrix", x);
    }
    OnnxFlow tokens = OnnxTokens.withChannels(call, x, last);
    String kernel = call.constants().reshaped(weight, Shape.of(outputs, shape.dimension(1), 1, 1));
    parameters.set(0, kernel);
    parameters.add(0, tokens.value());
    call.emit(
        Operation.Conv2d.of(1, 0),
        tokens.layout().with(last, OnnxLayout.whole(0, outputs)),
        parameters);
  }
}
