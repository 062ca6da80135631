package shallows.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import shallows.model.BadInputException;
import shallows.model.graph.TestGraphs;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;

/** What a graph cannot express is refused by name, never read as something else. */
class OnnxRefusalTest {
  private final ForeignModel foreign = new ForeignModel();

  static Stream<Arguments> attributes() {
    AttributeProto kernel = ForeignModel.integers("kernel_shape", 2, 2);
    return Stream.of(
        refused("known auto_pad, found SAME", "Conv", ForeignModel.text("auto_pad", "SAME")),
        refused("found 2", "Conv", ForeignModel.integers("pads", 1, 1)),
        refused("found 3x3", "Conv", ForeignModel.integers("kernel_shape", 3, 3)),
        refused("found 0x1", "Conv", ForeignModel.integers("strides", 0, 1)),
        refused("found -1", "Conv", ForeignModel.integers("strides", -1, 1)),
        refused("found 4294967297", "Conv", ForeignModel.integers("dilations", 1L << 32 | 1, 1)),
        refused("found INT", "Conv", ForeignModel.integer("strides", 2)),
        refused("found 0", "Conv", ForeignModel.integer("group", 0)),
        refused("unknown attributes novel", "Conv", ForeignModel.integer("novel", 1)),
        refused("dilations", "AveragePool", kernel, ForeignModel.integers("dilations", 2, 2)),
        refused("expected kernel_shape", "MaxPool"),
        refused("cast to floats, found type 99", "Cast", ForeignModel.integer("to", 99)),
        refused("axis 1", "Flatten", ForeignModel.integer("axis", 0)),
        refused("found wrap", "Pad", ForeignModel.text("mode", "wrap")),
        refused("unknown operation", "Erf"),
        refused("there twice", "Flatten", ForeignModel.integer("axis", 1), axis()));
  }

  private static AttributeProto axis() {
    return ForeignModel.integer("axis", 1);
  }

  private static Arguments refused(String reason, String operator, AttributeProto... attributes) {
    return Arguments.of(reason, operator, attributes);
  }

  @ParameterizedTest
  @MethodSource("attributes")
  void refusesANodeByNameAndReason(String reason, String operator, AttributeProto[] attributes) {
    String[] inputs =
        operator.equals("Conv")
            ? new String[] {"x", foreign.noise("w", 3, 2, 2, 2)}
            : new String[] {"x"};
    var node = foreign.node(operator, "/layer1/Odd", inputs);
    for (AttributeProto attribute : attributes) {
      node.addAttribute(attribute);
    }
    refuses(foreign.model(17), operator + " '/layer1/Odd' (", reason);
  }

  @Test
  void refusesBatchNormInTrainingMode() {
    foreign
        .node("BatchNormalization", "/Norm", "x", "a", "b", "c", "d")
        .addAttribute(ForeignModel.integer("training_mode", 1));
    refuses(foreign.model(17), "BatchNormalization '/Norm'", "training_mode 0, found 1");
  }

  @Test
  void refusesASecondOutputThatIsRead() {
    foreign
        .node("MaxPool", "/MaxPool", "x")
        .addOutput("indices")
        .addAttribute(ForeignModel.integers("kernel_shape", 2, 2));
    foreign.node("Add", "/sum", foreign.last(), "indices");
    refuses(foreign.model(17), "MaxPool '/MaxPool'", "one output");
  }

  @Test
  void refusesAnOperatorOfAnotherDomainThatIsNamedLikeOurs() {
    foreign.node("Relu", "/Relu", "x").setDomain("com.example");
    refuses(foreign.model(17), "Relu '/Relu'", "com.example");
  }

  @Test
  void namesAllRefusedNodesInOneLine() {
    foreign.node("Sin", "/first/Sin", "x");
    foreign.node("Relu", "/good/Relu", foreign.last());
    foreign.node("Erf", "/second/Erf", foreign.last());
    String line = refuses(foreign.model(17), "'/first/Sin'", "'/second/Erf'");
    assertFalse(line.contains("/good/Relu"), line);
  }

  @Test
  void namesTheFirstOfManyRefusedNodesAndCountsTheRest() {
    for (int i = 0; i < 50; i++) {
      foreign.node("Sin", "/odd" + i, i == 0 ? "x" : foreign.last());
    }
    String line = refuses(foreign.model(17), "'/odd0'", "'/odd2'", " and 45 more");
    assertTrue(line.length() < 500, line);
  }

  @Test
  void aFileOfAnyOperationsStillSaysItsTask(@TempDir Path folder) throws Exception {
    ModelProto.Builder ours =
        ModelProto.parseFrom(OnnxWriter.bytes(TestGraphs.twoBlocks())).toBuilder();
    ours.getGraphBuilder().getNodeBuilder(0).setOpType("Gather");
    refuses(ours, "-fp32.onnx");
    Path file = Files.write(folder.resolve("packed.onnx"), ours.build().toByteArray());
    assertEquals(Optional.of(TestGraphs.twoBlocks().task()), OnnxReader.task(file));
    foreign.node("Relu", "/Relu", "x");
    Files.write(file, foreign.model(17).build().toByteArray());
    assertEquals(Optional.empty(), OnnxReader.task(file));
  }

  @Test
  void refusesWeightsThatAreNotFloats() {
    foreign
        .graph()
        .addInitializerBuilder()
        .setName("w")
        .setDataType(TensorProto.DataType.STRING_VALUE);
    foreign.node("Conv", "/Conv", "x", "w");
    refuses(foreign.model(17), "Conv '/Conv'", "STRING");
  }

  @Test
  void refusesWeightsInAFileBeside() {
    foreign.noise("w", 3, 2, 3, 3);
    foreign.graph().getInitializerBuilder(0).setDataLocation(TensorProto.DataLocation.EXTERNAL);
    foreign.node("Conv", "/Conv", "x", "w");
    refuses(foreign.model(17), "Conv '/Conv'", "inside the model");
  }

  @Test
  void refusesDropoutOfTrainingWithItsWayOut() {
    String rate = foreign.noise("rate");
    String training =
        foreign.constant("training", TensorProto.newBuilder().setDataType(9).addInt32Data(1));
    foreign.node("Dropout", "/Dropout", "x", rate, training);
    refuses(foreign.model(17), "'/Dropout' (expected no dropout in training", "model.eval()");
  }

  @Test
  void refusesASoftmaxOverTheImages() {
    foreign.node("Flatten", "/flat", "x");
    foreign.node("Softmax", "/odd", foreign.last()).addAttribute(ForeignModel.integer("axis", 0));
    refuses(foreign.model(17), "Softmax '/odd'");
  }

  @Test
  void whatOnlyFollowsFromShapesOfRefusedValuesIsNoCause() {
    foreign.node("Unheard", "/odd", "x");
    String odd = foreign.last();
    foreign.node("Shape", "/shape", odd);
    foreign.node("ConstantOfShape", "/zeros", foreign.last());
    foreign.node("Add", "/sum", odd, foreign.last());
    String line = refuses(foreign.model(17), "Unheard '/odd' (unknown operation)");
    assertFalse(line.contains("ConstantOfShape") || line.contains("Shape '"), line);
  }

  @Test
  void refusesOpsetsThatMeanOtherThings() {
    foreign.node("Relu", "/Relu", "x");
    refuses(foreign.model(6), "expected opset 7 to 25, found 6");
    refuses(foreign.model(26), "expected opset 7 to 25, found 26");
    refuses(foreign.model(17).clearOpsetImport(), "none named");
  }

  @Test
  void refusesSeveralInputsAndOutputs() {
    foreign.node("Relu", "/Relu", "x");
    ModelProto.Builder outputs = foreign.model(17);
    outputs.getGraphBuilder().addOutput(ForeignModel.value("y", 1));
    refuses(outputs, "expected one output, found 2: '/Relu_output_0' (1, 3), 'y' (1)");
    ModelProto.Builder inputs = foreign.model(17);
    inputs.getGraphBuilder().addInput(ForeignModel.value("y", 1));
    refuses(inputs, "expected one input, found 2");
  }

  @Test
  void refusesAnInputOfOpenSizeOrAnotherRank() {
    foreign.node("Relu", "/Relu", "x");
    ModelProto.Builder open = foreign.model(17);
    open.getGraphBuilder()
        .setInput(0, ForeignModel.value("x", 1, 2, 6, 6))
        .getInputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .getShapeBuilder()
        .getDimBuilder(3)
        .setDimParam("width");
    refuses(
        open,
        "expected fixed C, H and W of input 'x', found (2, 6, 'width')",
        "for example size 224");
    ModelProto.Builder flat = foreign.model(17);
    flat.getGraphBuilder().setInput(0, ForeignModel.value("x", 1, 72));
    refuses(flat, "(N, C, H, W)", "2 axes");
  }

  @Test
  void refusesMetadataThatIsNotWhatWeWrite() throws Exception {
    ModelProto ours = ModelProto.parseFrom(OnnxWriter.bytes(TestGraphs.twoBlocks()));
    for (int entry = 0; entry < 3; entry++) {
      String key = ours.getMetadataProps(entry).getKey();
      for (String value : new String[] {"", "{", "[1]", "[{}]", "{\"labels\": 1}", "null"}) {
        ModelProto.Builder changed = ours.toBuilder();
        changed.getMetadataPropsBuilder(entry).setValue(value);
        refuses(changed, "metadata " + key + ": ");
      }
    }
    ModelProto.Builder twice = ours.toBuilder().addMetadataProps(ours.getMetadataProps(0));
    refuses(twice, "there twice");
    ModelProto.Builder astray = ours.toBuilder();
    astray.getMetadataPropsBuilder(1).setValue("[\"block1/norm\"]");
    refuses(astray, "shallows.binary", "'block1/norm'");
  }

  @Test
  void refusesTheTaskOfAnotherNetwork() throws Exception {
    ModelProto ours = ModelProto.parseFrom(OnnxWriter.bytes(TestGraphs.twoBlocks()));
    String task = ours.getMetadataProps(2).getValue();
    ModelProto.Builder labels = ours.toBuilder();
    labels
        .getMetadataPropsBuilder(2)
        .setValue(task.replace("\"labels\":[", "\"labels\":[\"more\","));
    refuses(labels, "metadata shallows.task: expected", "labels, one an output");
    ModelProto.Builder channels = ours.toBuilder();
    channels
        .getMetadataPropsBuilder(2)
        .setValue(
            task.replace("\"mean\":[", "\"mean\":[0.5,")
                .replace("\"deviation\":[", "\"deviation\":[0.5,"));
    refuses(channels, "metadata shallows.task: expected", "means, one a channel");
  }

  private static String refuses(ModelProto.Builder model, String... parts) {
    byte[] bytes = model.build().toByteArray();
    String line =
        assertThrows(BadInputException.class, () -> OnnxReader.read(bytes, "odd.onnx"))
            .getMessage();
    assertTrue(line.startsWith("odd.onnx: "), line);
    assertEquals(1, line.lines().count(), line);
    for (String part : parts) {
      assertTrue(line.contains(part), () -> "expected " + part + " in: " + line);
    }
    return line;
  }
}
