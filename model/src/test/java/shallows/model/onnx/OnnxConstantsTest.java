package shallows.model.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;
import org.junit.jupiter.api.Test;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.onnx.read.ImportedNetwork;
import shallows.model.onnx.read.OnnxReader;

/** What depends on no image is a constant, however a file computes it. */
class OnnxConstantsTest {
  private final ForeignModel foreign = new ForeignModel();

  @Test
  void padsThatPyTorchComputesOfConstantsAreNumbers() {
    // F.pad(x, (2, 1, 0, 3)): padded with zeros to two numbers an axis, turned round, transposed.
    String missing = foreign.constant("missing", integers(4));
    NodeProto.Builder zeros = foreign.node("ConstantOfShape", "/zeros", missing);
    zeros.addAttributeBuilder().setName("value").setType(AttributeType.TENSOR).setT(integers(0));
    foreign
        .node("Concat", "/all", foreign.constant("pads", integers(2, 1, 0, 3)), foreign.last())
        .addAttribute(ForeignModel.integer("axis", 0));
    foreign.node("Reshape", "/pairs", foreign.last(), foreign.constant("pair", integers(-1, 2)));
    foreign.node(
        "Slice",
        "/turned",
        foreign.last(),
        foreign.constant("from", integers(-1)),
        foreign.constant("to", integers(Long.MIN_VALUE + 1)),
        foreign.constant("axis", integers(0)),
        foreign.constant("back", integers(-1)));
    foreign
        .node("Transpose", "/sides", foreign.last())
        .addAttribute(ForeignModel.integers("perm", 1, 0));
    foreign.node("Reshape", "/row", foreign.last(), foreign.constant("open", integers(-1)));
    foreign.node("Cast", "/pads", foreign.last()).addAttribute(ForeignModel.integer("to", 7));
    foreign.node("Pad", "/pad", "x", foreign.last());
    assertEquals(List.of(new Operation.PadImage(0, 2, 3, 1)), operations(foreign.model(17)));
  }

  @Test
  void aConditionOnAnExtentTakesItsBranch() {
    foreign.node("Shape", "/shape", "x");
    foreign.node("Gather", "/rows", foreign.last(), scalar("two", 2));
    foreign.node("Equal", "/is", foreign.last(), scalar("six", 6));
    String condition = foreign.last();
    NodeProto.Builder branching = foreign.node("If", "/if", condition);
    branching.addAttribute(branch("then_branch", "Relu"));
    branching.addAttribute(branch("else_branch", "Sin"));
    assertEquals(List.of(new Operation.Relu()), operations(foreign.model(17)));
  }

  /** A graph that reads x from around it, and names its values as every other branch does. */
  private static AttributeProto branch(String name, String operator) {
    GraphProto.Builder graph = GraphProto.newBuilder().setName(name);
    graph.addNodeBuilder().setOpType(operator).addInput("x").addOutput("inner");
    graph.addOutput(ForeignModel.value("inner", 1, 2, 6, 6));
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.GRAPH)
        .setG(graph)
        .build();
  }

  @Test
  void aFunctionOfTheModelIsTheNodesInIt() {
    foreign
        .node("Gate", "/first", "x")
        .setDomain("ours")
        .addAttribute(ForeignModel.number("slope", 0.5f));
    foreign.node("Gate", "/second", foreign.last()).setDomain("ours");
    ModelProto.Builder model = foreign.model(17);
    FunctionProto.Builder gate = FunctionProto.newBuilder().setName("Gate").setDomain("ours");
    gate.addInput("in").addOutput("out");
    gate.addOpsetImportBuilder().setVersion(17);
    gate.addNodeBuilder()
        .setOpType("LeakyRelu")
        .addInput("in")
        .addOutput("leaky")
        .addAttributeBuilder()
        .setName("alpha")
        .setRefAttrName("slope")
        .setType(AttributeType.FLOAT);
    gate.addNodeBuilder().setOpType("Relu").addInput("leaky").addOutput("out");
    model.addFunctions(gate);
    assertEquals(
        List.of(
            new Operation.LeakyRelu(0.5f),
            new Operation.Relu(),
            new Operation.LeakyRelu(0.01f),
            new Operation.Relu()),
        operations(model));
    // Of another opset, in which these mean the same.
    gate.getOpsetImportBuilder(0).setVersion(12);
    model.setFunctions(0, gate);
    assertEquals(4, operations(model).size());
    gate.getNodeBuilder(1).setOpType("Softmax");
    model.setFunctions(0, gate);
    assertTrue(
        refusal(model).contains("opset 17 as the model, found 12, where Softmax means something"),
        refusal(model));
    gate.getNodeBuilder(1).setOpType("Gate").setDomain("ours");
    model.setFunctions(0, gate);
    assertTrue(refusal(model).contains("functions that end"), refusal(model));
  }

  @Test
  void aSparseConstantHasItsZeros() {
    SparseTensorProto.Builder sparse = SparseTensorProto.newBuilder();
    sparse.setValues(
        TensorProto.newBuilder()
            .setName("w")
            .setDataType(1)
            .addDims(2)
            .addFloatData(2)
            .addFloatData(3));
    sparse.setIndices(integers(0, 3)).addDims(2).addDims(2).addDims(1).addDims(1);
    foreign.graph().addSparseInitializer(sparse);
    foreign.node("Conv", "/conv", "x", "w");
    assertArrayEquals(
        new float[] {2, 0, 0, 3}, read(foreign.model(17)).graph().parameter("w").values());
  }

  @Test
  void nodesAndOutputsThatNothingReadsAreNotLookedAt() {
    foreign.node("Dropout", "/dropout", "x").addOutput("mask");
    String dropped = foreign.last();
    foreign.node("Unheard", "/dead", "mask").addOutput("more");
    foreign.node("Relu", "/relu", dropped);
    assertEquals(
        List.of(new Operation.Dropout(0.5f), new Operation.Relu()), operations(foreign.model(17)));
  }

  @Test
  void nodesThatAreNotInOrderAreSortedWithARemark() {
    foreign.node("Relu", "/relu", "/leaky_output_0");
    String last = foreign.last();
    foreign.node("LeakyRelu", "/leaky", "x");
    ModelProto.Builder model = foreign.model(17);
    model.getGraphBuilder().setOutput(0, ForeignModel.value(last, 1, 2, 6, 6));
    ImportedNetwork read = read(model);
    assertEquals(
        List.of("/leaky_output_0", last), read.graph().nodes().stream().map(Node::name).toList());
    assertEquals(1, read.notes().size(), read.notes().toString());
  }

  @Test
  void aShapeWithoutZerosMayAllowThem() {
    foreign.node("GlobalAveragePool", "/pool", "x");
    foreign
        .node("Reshape", "/flat", foreign.last(), foreign.constant("shape", integers(1, 2)))
        .addAttribute(ForeignModel.integer("allowzero", 1));
    assertEquals(
        List.of(new Operation.GlobalAveragePool(), new Operation.Flatten()),
        operations(foreign.model(18)));
  }

  @Test
  void aConstantOfATrillionNumbersIsRefusedInALine() {
    foreign.node(
        "ConstantOfShape", "/huge", foreign.constant("shape", integers(1_000_000, 1_000_000)));
    foreign.node("Add", "/sum", "x", foreign.last());
    assertTrue(
        refusal(foreign.model(17)).contains("ConstantOfShape '/huge' (expected a constant of at"));
  }

  @Test
  void arithmeticWithTheNumberOfImagesIsNoConstant() {
    var input = foreign.graph().getInputBuilder(0).getTypeBuilder().getTensorTypeBuilder();
    input.getShapeBuilder().getDimBuilder(0).setDimParam("N");
    foreign.node("Shape", "/shape", "x");
    foreign.node("Gather", "/batch", foreign.last(), scalar("zero", 0));
    foreign.node("Add", "/more", foreign.last(), foreign.constant("two", integers(2)));
    foreign
        .node("Concat", "/target", foreign.last(), foreign.constant("open", integers(-1)))
        .addAttribute(ForeignModel.integer("axis", 0));
    foreign.node("Reshape", "/flat", "x", foreign.last());
    assertTrue(refusal(foreign.model(17)).contains("Reshape '/flat' (expected no arithmetic with"));
  }

  private String scalar(String name, long value) {
    return foreign.constant(name, TensorProto.newBuilder().setDataType(7).addInt64Data(value));
  }

  private static TensorProto.Builder integers(long... values) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setDataType(7).addDims(values.length);
    for (long value : values) {
      tensor.addInt64Data(value);
    }
    return tensor;
  }

  private static ImportedNetwork read(ModelProto.Builder model) {
    return OnnxReader.imported(model.build().toByteArray(), "foreign.onnx");
  }

  private static List<Operation> operations(ModelProto.Builder model) {
    Graph graph = read(model).graph();
    assertEquals(Shape.of(2, 6, 6), graph.input().shape());
    return graph.nodes().stream().map(Node::operation).toList();
  }

  private static String refusal(ModelProto.Builder model) {
    return assertThrows(BadInputException.class, () -> read(model)).getMessage();
  }
}
