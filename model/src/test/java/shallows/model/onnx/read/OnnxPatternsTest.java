package shallows.model.onnx.read;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.numbers.gamma.Erf;
import org.junit.jupiter.api.Test;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.interpreter.Interpreter;

/**
 * The cases of {@link OnnxPatterns} by their numbers. Where a formula is recognized, the
 * interpreter gives on the graph that was read what the formula gives in double precision. Long, as
 * there is a test for each case.
 */
class OnnxPatternsTest {
  /** Of values in (−4, 4), by a few operations in floats, with constants of 5 digits. */
  private static final double ROUNDING = 5e-5;

  /** That three factors can be multiplied in: which one comes last, and both ways round. */
  private static final int ORDERS = 12;

  private static final double EPSILON = 0.01;
  private static final int CHANNELS = 2;
  private static final int SIDE = 3;

  private List<NodeProto> nodes = new ArrayList<>();
  private final Map<String, float[]> constants = new LinkedHashMap<>();

  @Test
  void case1GeluInAnyOrder() {
    for (int order = 0; order < ORDERS * 4; order++) {
      begin();
      String scaled =
          order % 2 == 0
              ? add("Div", "x", number(1.41421f))
              : either(order / 2, "Mul", "x", number(0.70711f));
      String sum = either(order, "Add", add("Erf", scaled), number(1));
      product(order / 4, "x", sum, number(0.5f));
      assertReplaced("Gelu");
      assertComputes(x -> x * (1 + Erf.value(x / Math.sqrt(2))) / 2);
    }
  }

  @Test
  void case1GeluByTanhHoweverItsSumIsWritten() {
    for (int form = 0; form < 2; form++) {
      begin();
      String power = form == 0 ? add("Pow", "x", number(3)) : add("Mul", "x", "x");
      String small = add("Mul", power, number(0.044715f));
      String sum =
          form == 0 ? add("Add", "x", small) : add("Mul", "x", add("Add", number(1), small));
      String tanh = add("Tanh", add("Mul", sum, number(0.79788f)));
      add("Mul", add("Mul", number(0.5f), "x"), add("Add", tanh, number(1)));
      assertReplaced("Gelu");
      assertComputes(
          x -> x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) / 2);
    }
  }

  @Test
  void case2LayerNormEitherWayRound() {
    for (int form = 0; form < 32; form++) {
      layerNorm(form);
      assertReplaced("Transpose", "LayerNormalization", "Transpose");
      assertNormalizes();
    }
  }

  @Test
  void case3HardSwishInAnyOrder() {
    for (int order = 0; order < ORDERS * 2; order++) {
      begin();
      product(order / 2, "x", clip(order), number(1f / 6));
      assertReplaced("HardSwish");
      assertComputes(OnnxPatternsTest::hardSwish);
    }
  }

  @Test
  void case3HardSwishWithAnyPartDivided() {
    for (int part = 0; part < 3; part++) {
      for (int order = 0; order < 4; order++) {
        begin();
        String clip = clip(order);
        String gate = part == 1 ? add("Div", clip, number(6)) : clip;
        String x = part == 2 ? add("Div", "x", number(6)) : "x";
        String product = either(order / 2, "Mul", x, gate);
        if (part == 0) {
          add("Div", product, number(6));
        }
        assertReplaced("HardSwish");
        assertComputes(OnnxPatternsTest::hardSwish);
      }
    }
  }

  @Test
  void case4NotAppliedWhenAnotherNodeReadsAValueInBetween() {
    begin();
    String sum = add("Add", add("Erf", add("Div", "x", number(1.41421f))), number(1));
    add("Mul", add("Mul", "x", sum), number(0.5f));
    assertEachValueKeepsTheFormulaApart();
    begin();
    add("Div", add("Mul", "x", clip(0)), number(6));
    assertEachValueKeepsTheFormulaApart();
    for (int form : List.of(0, 1)) {
      layerNorm(form);
      // Without the layouts before and behind.
      nodes = new ArrayList<>(nodes.subList(1, nodes.size() - 1));
      assertEachValueKeepsTheFormulaApart();
    }
  }

  @Test
  void otherNumbersAreOtherFormulas() {
    begin();
    String sum = add("Add", add("Erf", add("Div", "x", number(1.5f))), number(1));
    add("Mul", add("Mul", "x", sum), number(0.5f));
    assertUnchanged();
    begin();
    add("Div", add("Mul", "x", clip(0)), number(5));
    assertUnchanged();
    begin();
    add("Mul", add("Mul", "x", clip(0)), add("Relu", "x"));
    assertUnchanged();
  }

  @Test
  void nodesWithTooFewInputsAreLeftToWhoeverReadsThem() {
    for (String operator :
        List.of("Mul", "Div", "Add", "Sub", "Sqrt", "ReduceMean", "Erf", "Clip")) {
      begin();
      String none = add(operator);
      String one = add(operator, "x");
      add("Add", add("Mul", add("Div", one, add("Sqrt", add("Add", none, number(1)))), "x"), "x");
      add("Mul", none, one);
      assertUnchanged();
    }
  }

  private void begin() {
    nodes = new ArrayList<>();
    constants.clear();
  }

  private String add(String operator, String... inputs) {
    String output = "value" + nodes.size();
    nodes.add(
        NodeProto.newBuilder()
            .setOpType(operator)
            .setName(operator + nodes.size())
            .addAllInput(List.of(inputs))
            .addOutput(output)
            .build());
    return output;
  }

  private String either(int order, String operator, String one, String other) {
    return order % 2 == 0 ? add(operator, one, other) : add(operator, other, one);
  }

  private String number(float... values) {
    String name = "constant" + constants.size();
    constants.put(name, values);
    return name;
  }

  private void product(int order, String... factors) {
    String last = factors[order % 3];
    String one = factors[(order + 1) % 3];
    String other = factors[(order + 2) % 3];
    either(order / 3, "Mul", either(order / 6, "Mul", one, other), last);
  }

  /** clip(x + 3, 0, 6), the bounds in attributes or inputs. */
  private String clip(int form) {
    String sum = either(form, "Add", "x", number(3));
    if (form % 2 == 0) {
      return add("Clip", sum, number(0), number(6));
    }
    String clip = add("Clip", sum);
    int index = nodes.size() - 1;
    nodes.set(
        index,
        nodes.get(index).toBuilder()
            .addAttribute(bound("min", 0))
            .addAttribute(bound("max", 6))
            .build());
    return clip;
  }

  private static AttributeProto bound(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  private static double hardSwish(double x) {
    return x * Math.max(0, Math.min(6, x + 3)) / 6;
  }

  private void layerNorm(int form) {
    begin();
    String x = withIntegers(add("Transpose", "x"), "perm", 0, 2, 3, 1);
    long axis = form / 2 % 2 == 0 ? -1 : 3;
    String centered = add("Sub", x, withIntegers(add("ReduceMean", x), "axes", axis));
    String square =
        form % 2 == 0 ? add("Pow", centered, number(2)) : add("Mul", centered, centered);
    String variance = withIntegers(add("ReduceMean", square), "axes", axis);
    String root = add("Sqrt", either(form / 4, "Add", variance, number((float) EPSILON)));
    String quotient = add("Div", centered, root);
    String scaled = either(form / 8, "Mul", quotient, number(0.5f, -2));
    String norm = either(form / 16, "Add", scaled, number(0.25f, 3));
    withIntegers(add("Transpose", norm), "perm", 0, 3, 1, 2);
  }

  /** Gives an attribute to the node that was added last. */
  private String withIntegers(String value, String name, long... integers) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    for (long integer : integers) {
      attribute.addInts(integer);
    }
    int last = nodes.size() - 1;
    nodes.set(last, nodes.get(last).toBuilder().addAttribute(attribute).build());
    return value;
  }

  private Map<String, Integer> readers() {
    Map<String, Integer> readers = new HashMap<>();
    nodes.forEach(
        node -> node.getInputList().forEach(name -> readers.merge(name, 1, Integer::sum)));
    readers.merge(output(), 1, Integer::sum);
    return readers;
  }

  private String output() {
    return nodes.get(nodes.size() - 1).getOutput(0);
  }

  private List<NodeProto> replaced(Map<String, Integer> readers) {
    return OnnxPatterns.replaced(
        nodes,
        readers,
        name ->
            Optional.ofNullable(constants.get(name))
                .filter(values -> values.length == 1)
                .map(values -> values[0]));
  }

  private void assertReplaced(String... operators) {
    List<NodeProto> replaced = replaced(readers());
    assertEquals(
        List.of(operators),
        replaced.stream().map(NodeProto::getOpType).toList(),
        () -> nodes.toString());
    assertEquals(output(), replaced.get(replaced.size() - 1).getOutput(0));
  }

  private void assertUnchanged() {
    assertEquals(nodes, replaced(readers()));
  }

  private void assertEachValueKeepsTheFormulaApart() {
    assertEquals(1, replaced(readers()).size());
    for (NodeProto node : nodes.subList(0, nodes.size() - 1)) {
      Map<String, Integer> readers = readers();
      readers.merge(node.getOutput(0), 1, Integer::sum);
      assertEquals(nodes, replaced(readers), () -> "with another reader of " + node);
    }
  }

  private void assertComputes(DoubleUnaryOperator formula) {
    float[] x = pixels();
    float[] found = run(x);
    for (int i = 0; i < x.length; i++) {
      assertEquals(formula.applyAsDouble(x[i]), found[i], ROUNDING);
    }
  }

  private void assertNormalizes() {
    float[] x = pixels();
    float[] found = run(x);
    int area = SIDE * SIDE;
    for (int i = 0; i < area; i++) {
      double mean = (x[i] + x[area + i]) / 2;
      double deviation = Math.sqrt(Math.pow((x[i] - x[area + i]) / 2, 2) + EPSILON);
      assertEquals(0.5 * (x[i] - mean) / deviation + 0.25, found[i], ROUNDING);
      assertEquals(-2 * (x[area + i] - mean) / deviation + 3, found[area + i], ROUNDING);
    }
  }

  /** From −4 to 4, in an order in which the channels differ. */
  private static float[] pixels() {
    float[] x = new float[CHANNELS * SIDE * SIDE];
    for (int i = 0; i < x.length; i++) {
      x[i] = -4 + 8f * (i * 7 % x.length) / (x.length - 1);
    }
    return x;
  }

  private float[] run(float[] x) {
    GraphProto.Builder file = GraphProto.newBuilder().setName("patterns").addAllNode(nodes);
    file.addInput(value("x"));
    file.addOutput(value(output()));
    constants.forEach(
        (name, values) -> {
          TensorProto.Builder tensor = file.addInitializerBuilder().setName(name).setDataType(1);
          if (values.length > 1) {
            tensor.addDims(values.length);
          }
          for (float each : values) {
            tensor.addFloatData(each);
          }
        });
    ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(7).setGraph(file);
    model.addOpsetImportBuilder().setVersion(13);
    Graph graph = OnnxReader.read(model.build().toByteArray(), "patterns.onnx");
    Shape image = Shape.of(1, CHANNELS, SIDE, SIDE);
    return Interpreter.run(graph, new Tensor(image, x)).values();
  }

  private static ValueInfoProto value(String name) {
    ValueInfoProto.Builder value = ValueInfoProto.newBuilder().setName(name);
    var type = value.getTypeBuilder().getTensorTypeBuilder().setElemType(1);
    for (int extent : new int[] {1, CHANNELS, SIDE, SIDE}) {
      type.getShapeBuilder().addDimBuilder().setDimValue(extent);
    }
    return value.build();
  }
}
