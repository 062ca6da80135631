package shallows.export.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.platform.Fp16Conversions;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.export.ExportFormat;
import shallows.export.ShakenNetworks;
import shallows.export.onnx.RoundedOnnxWriter;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.WeightStorage;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.write.OnnxWriter;

/** What counts as rounding, and what as another network. */
class AgreementTest {
  private static final String DOMAIN = "pkg.exporter";

  private static final Graph NETWORK = ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28));

  @TempDir Path folder;

  @Test
  void largeOffsetsOfTheLogitsAreRounding() throws Exception {
    Node last = NETWORK.node(NETWORK.output());
    assertTrue(last.operation() instanceof Operation.Linear && last.inputs().size() == 3);
    Graph offset = moved(last.inputs().get(2), 1e4f);
    Conversion conversion = conversion(OnnxWriter.bytes(offset));
    Agreement agreement = conversion.ofTflite(conversion.tflite(), 1);
    assertTrue(agreement.holds(), agreement.words("it"));
    assertTrue(agreement.difference() > Conversion.TOLERANCE, agreement.words("it"));
  }

  @Test
  void aFileOfHalfPrecisionIsHeldToWhatItGivesInSingle() throws Exception {
    Conversion conversion = conversion(halved(OnnxWriter.bytes(NETWORK)));
    Agreement agreement = conversion.ofOnnx(conversion.onnx(), 1);
    assertTrue(agreement.holds(), agreement.words("it"));
    // Half precision itself is off by a hundred times as much.
    assertTrue(agreement.difference() <= Conversion.TOLERANCE, agreement.words("it"));
  }

  /** As exporters write operators that their opset has not. */
  @Test
  void functionsThatSayThatTheyComputeInHalvesAreHeldToSinglesToo() throws Exception {
    ModelProto.Builder model = ModelProto.parseFrom(halved(OnnxWriter.bytes(NETWORK))).toBuilder();
    var graph = model.getGraphBuilder();
    String image = graph.getInput(0).getName();
    String logits = graph.getOutput(0).getName();
    for (var node : graph.getNodeBuilderList()) {
      if (node.getInputCount() > 0 && node.getInput(0).equals(image)) {
        node.setInput(0, "narrow");
      }
      if (node.getOutput(0).equals(logits)) {
        node.setOutput(0, "wide");
      }
    }
    graph.addNode(0, call("cast_to_float16", image, "narrow"));
    graph.addNode(call("cast_to_float", "wide", logits));
    for (var value : List.of(graph.getInputBuilder(0), graph.getOutputBuilder(0))) {
      value.getTypeBuilder().getTensorTypeBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE);
    }
    model.addFunctions(cast("cast_to_float16", TensorProto.DataType.FLOAT16_VALUE));
    model.addFunctions(cast("cast_to_float", TensorProto.DataType.FLOAT_VALUE));
    model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(DOMAIN).setVersion(1));
    Conversion conversion = conversion(model.build().toByteArray());
    Agreement agreement = conversion.ofOnnx(conversion.onnx(), 1);
    assertTrue(agreement.holds(), agreement.words("it"));
    assertTrue(agreement.difference() <= Conversion.TOLERANCE, agreement.words("it"));
  }

  private static NodeProto call(String function, String input, String output) {
    return NodeProto.newBuilder()
        .setDomain(DOMAIN)
        .setOpType(function)
        .addInput(input)
        .addOutput(output)
        .build();
  }

  private static FunctionProto cast(String name, int type) {
    return FunctionProto.newBuilder()
        .setDomain(DOMAIN)
        .setName(name)
        .addInput("x")
        .addOutput("y")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
        .addNode(
            NodeProto.newBuilder()
                .setOpType("Cast")
                .addInput("x")
                .addOutput("y")
                .addAttribute(
                    AttributeProto.newBuilder()
                        .setName("to")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(type)))
        .build();
  }

  @Test
  void anotherNetworkIsNotRoundingAndItsFirstOtherLayerIsNamed() throws Exception {
    Conversion conversion = conversion(OnnxWriter.bytes(NETWORK));
    Agreement agreement = conversion.ofOnnx(OnnxWriter.bytes(moved(third(), 1)), 1);
    assertFalse(agreement.holds(), agreement.words("it"));
    assertEquals(Optional.of("Conv '" + third().name() + "'"), agreement.departs());
    byte[] tflite = TfliteWriter.bytes(ExportPasses.all(moved(third(), 1)));
    assertEquals(
        Optional.of("Conv '" + third().name() + "'"), conversion.ofTflite(tflite, 1).departs());
    assertTrue(conversion.ofOnnx(conversion.onnx(), 1).holds());
    assertEquals(Optional.empty(), conversion.ofOnnx(conversion.onnx(), 1).departs());
  }

  @Test
  void theLayerThatMakesOutputsInfiniteIsNamed() throws Exception {
    Conversion conversion = conversion(OnnxWriter.bytes(NETWORK));
    byte[] broken = OnnxWriter.bytes(moved(third(), Float.POSITIVE_INFINITY));
    Agreement agreement = conversion.ofOnnx(broken, 1);
    assertFalse(agreement.holds(), agreement.words("it"));
    assertEquals(Optional.of("Conv '" + third().name() + "'"), agreement.departs());
  }

  @Test
  void ofRoundedWeightsTheLayerThatDepartsFromThemIsNamed() throws Exception {
    Conversion conversion = conversion(OnnxWriter.bytes(NETWORK));
    Graph changed = ExportPasses.all(moved(third(), 1));
    for (WeightStorage storage : List.of(WeightStorage.HALF, WeightStorage.BYTES)) {
      byte[] right = RoundedOnnxWriter.bytes(ExportPasses.all(NETWORK), storage);
      Agreement agreement =
          conversion.ofRounded(WrittenFile.of(right, ExportFormat.ONNX), storage, 1);
      assertTrue(agreement.holds(), agreement.words("it"));
      byte[] wrong = TfliteWriter.bytes(changed, TfliteOptions.STANDARD.with(storage));
      agreement = conversion.ofRounded(WrittenFile.of(wrong, ExportFormat.TFLITE), storage, 1);
      assertFalse(agreement.holds(), agreement.words("it"));
      assertEquals(Optional.of("Conv '" + third().name() + "'"), agreement.departs());
    }
  }

  /** The third convolution. */
  private static Node third() {
    return NETWORK.nodes().stream()
        .filter(node -> node.operation() instanceof Operation.Conv2d)
        .skip(2)
        .findFirst()
        .orElseThrow();
  }

  private static Graph moved(Node convolution, float by) {
    return moved(convolution.inputs().get(1), by);
  }

  private static Graph moved(String parameter, float by) {
    Tensor before = NETWORK.parameter(parameter);
    float[] values = before.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] += by;
    }
    return NETWORK.withParameters(Map.of(parameter, new Tensor(before.shape(), values)));
  }

  /** The same network, all of whose numbers are of half precision. */
  private static byte[] halved(byte[] model) throws Exception {
    ModelProto.Builder half = ModelProto.parseFrom(model).toBuilder();
    var graph = half.getGraphBuilder().clearValueInfo();
    for (TensorProto.Builder tensor : graph.getInitializerBuilderList()) {
      if (tensor.getDataType() == TensorProto.DataType.FLOAT_VALUE) {
        tensor.setRawData(halved(tensor.getRawData()));
        tensor.setDataType(TensorProto.DataType.FLOAT16_VALUE);
      }
    }
    for (var value : List.of(graph.getInputBuilder(0), graph.getOutputBuilder(0))) {
      value.getTypeBuilder().getTensorTypeBuilder().setElemType(TensorProto.DataType.FLOAT16_VALUE);
    }
    return half.build().toByteArray();
  }

  private static ByteString halved(ByteString floats) {
    FloatBuffer wide = floats.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    ShortBuffer narrow = Fp16Conversions.convertFloatBufferToFp16Buffer(wide);
    ByteBuffer bytes =
        ByteBuffer.allocate(narrow.remaining() * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asShortBuffer().put(narrow);
    return ByteString.copyFrom(bytes);
  }

  private Conversion conversion(byte[] model) throws Exception {
    return Conversion.of(Files.write(folder.resolve("theirs.onnx"), model), 1, 1);
  }
}
