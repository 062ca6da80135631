package shallows.export.runtime;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import shallows.export.ShakenNetworks;
import shallows.export.pass.ExportPasses;
import shallows.model.BadInputException;
import shallows.model.graph.Shape;
import shallows.model.onnx.write.OnnxWriter;

/** Files that are made to do harm are refused before the runtime sees them. */
class HostileOnnxTest {
  private static final byte[] MODEL =
      OnnxWriter.bytes(ExportPasses.all(ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28))));

  @Test
  void aValueThatDependsOnItself() {
    assertRefused(
        "read before it is computed",
        graph -> graph.getNodeBuilder(0).setInput(0, graph.getNode(3).getOutput(0)));
  }

  @Test
  void aValueWithTwoSources() {
    assertRefused("two sources", graph -> graph.addNode(graph.getNode(2)));
  }

  @Test
  void aConstantWhoseSizeOverflows() {
    assertRefused(
        "a constant of shape",
        graph -> graph.getInitializerBuilder(0).clearDims().addDims(1L << 33).addDims(1L << 33));
    assertRefused("a constant of shape", graph -> graph.getInitializerBuilder(0).setDims(0, -5));
  }

  @Test
  void aConstantOfFewerBytesThanItSays() {
    assertRefused(
        "in the file", graph -> graph.getInitializerBuilder(0).setRawData(ByteString.empty()));
  }

  @Test
  void aConstantInAnotherFile() {
    assertRefused(
        "outside of the file",
        graph ->
            graph
                .getInitializerBuilder(0)
                .clearRawData()
                .setDataLocation(TensorProto.DataLocation.EXTERNAL));
  }

  @Test
  void aGiganticImage() {
    assertRefused(
        "of an extent of",
        graph ->
            graph
                .getInputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .getDimBuilder(2)
                .setDimValue(1L << 40));
  }

  @Test
  void giganticPadding() {
    assertRefused(
        "pads of",
        graph ->
            graph
                .getNodeBuilder(0)
                .clearAttribute()
                .addAttribute(
                    AttributeProto.newBuilder()
                        .setName("pads")
                        .setType(AttributeProto.AttributeType.INTS)
                        .addInts(1 << 30)));
  }

  @Test
  void amountsThatHaveNoMagnitude() {
    assertRefused(
        "Pad by",
        graph ->
            graph
                .addInitializer(
                    TensorProto.newBuilder()
                        .setName("amounts")
                        .setDataType(TensorProto.DataType.INT64_VALUE)
                        .addDims(1)
                        .addInt64Data(Long.MIN_VALUE))
                .addNode(reading("Pad", "amounts")));
  }

  @Test
  void giganticScales() {
    for (float scale : new float[] {1e9f, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertRefused(
          "Resize by",
          graph ->
              graph
                  .addInitializer(floats("scales", scale))
                  .addNode(reading("Resize", "").addInput("").addInput("scales")));
      assertRefused(
          "Upsample by",
          graph ->
              graph.addNode(
                  reading("Upsample", "")
                      .addAttribute(
                          AttributeProto.newBuilder()
                              .setName("scales")
                              .setType(AttributeProto.AttributeType.FLOATS)
                              .addFloats(scale))));
    }
  }

  @Test
  void placesFarFromTheImageThatAreReflected() {
    for (float place : new float[] {1e10f, Float.NaN, Float.NEGATIVE_INFINITY}) {
      assertRefused(
          "GridSample in the place " + place,
          graph ->
              graph
                  .addInitializer(floats("grid", 0, place))
                  .addNode(
                      reading("GridSample", graph.getInput(0).getName())
                          .addInput("grid")
                          .addAttribute(
                              AttributeProto.newBuilder()
                                  .setName("padding_mode")
                                  .setType(AttributeProto.AttributeType.STRING)
                                  .setS(ByteString.copyFromUtf8("reflection")))));
    }
  }

  /** Numbers that are resized are no scales. */
  @Test
  void aConstantOfLargeNumbersMayBeResized() throws InvalidProtocolBufferException {
    ModelProto.Builder model = ModelProto.parseFrom(MODEL).toBuilder();
    model
        .getGraphBuilder()
        .addInitializer(floats("grid", 1e4f, 1e4f))
        .addInitializer(floats("scales", 2))
        .addNode(reading("Resize", "grid").addInput("").addInput("scales"));
    OnnxRuntimeClassifier.open(model.build().toByteArray(), "resized.onnx", 1).close();
  }

  private static TensorProto floats(String name, float... values) {
    TensorProto.Builder constant =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .addDims(values.length);
    for (float value : values) {
      constant.addFloatData(value);
    }
    return constant.build();
  }

  private static NodeProto.Builder reading(String operator, String constant) {
    return NodeProto.newBuilder().setOpType(operator).addInput(constant).addOutput(operator);
  }

  @Test
  void graphsInGraphs() {
    GraphProto.Builder inner = GraphProto.newBuilder().setName("inner");
    for (int depth = 0; depth < 10; depth++) {
      NodeProto.Builder around =
          NodeProto.newBuilder()
              .setOpType("If")
              .addOutput("deep" + depth)
              .addAttribute(
                  AttributeProto.newBuilder()
                      .setName("then_branch")
                      .setType(AttributeProto.AttributeType.GRAPH)
                      .setG(inner));
      inner = GraphProto.newBuilder().setName("around" + depth).addNode(around);
    }
    NodeProto deep = inner.getNode(0);
    assertRefused("graphs in graphs", graph -> graph.addNode(deep));
  }

  @Test
  void nestingBeyondWhatTheParserFollows() {
    // An attribute's graph, field 6, within itself, 200 times.
    byte[] nested = new byte[0];
    for (int depth = 0; depth < 200; depth++) {
      nested =
          GraphProto.newBuilder()
              .addNode(
                  NodeProto.newBuilder()
                      .addAttribute(AttributeProto.newBuilder().setUnknownFields(field(6, nested))))
              .build()
              .toByteArray();
    }
    byte[] model = ModelProto.newBuilder().setUnknownFields(field(7, nested)).build().toByteArray();
    assertRefused("a file that is damaged or of another kind", model);
  }

  private static com.google.protobuf.UnknownFieldSet field(int number, byte[] content) {
    return com.google.protobuf.UnknownFieldSet.newBuilder()
        .addField(
            number,
            com.google.protobuf.UnknownFieldSet.Field.newBuilder()
                .addLengthDelimited(ByteString.copyFrom(content))
                .build())
        .build();
  }

  private static void assertRefused(String found, Consumer<GraphProto.Builder> change) {
    try {
      ModelProto.Builder model = ModelProto.parseFrom(MODEL).toBuilder();
      change.accept(model.getGraphBuilder());
      assertRefused(found, model.build().toByteArray());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertRefused(String found, byte[] model) {
    String message =
        assertThrows(
                BadInputException.class, () -> OnnxRuntimeClassifier.open(model, "bad.onnx", 1))
            .getMessage();
    assertTrue(message.startsWith("bad.onnx: expected an ONNX model, found "), message);
    assertTrue(message.contains(found), message);
  }
}
