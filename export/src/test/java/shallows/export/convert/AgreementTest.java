package shallows.export.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
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
import shallows.export.ShakenNetworks;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;

/** What counts as rounding, and what as another network. */
class AgreementTest {
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

  @Test
  void anotherNetworkIsNotRounding() throws Exception {
    Conversion conversion = conversion(OnnxWriter.bytes(NETWORK));
    byte[] other = OnnxWriter.bytes(moved(firstWeight(), 0.1f));
    Agreement agreement = conversion.ofOnnx(other, 1);
    assertFalse(agreement.holds(), agreement.words("it"));
    // The graph is what the file computes: what departs is what was written.
    assertEquals(Optional.empty(), agreement.departs());
    assertTrue(conversion.ofOnnx(conversion.onnx(), 1).holds());
  }

  @Test
  void theFirstOperationThatDepartsIsNamed() throws Exception {
    Path file = Files.write(folder.resolve("theirs.onnx"), OnnxWriter.bytes(NETWORK));
    Node third =
        NETWORK.nodes().stream()
            .filter(node -> node.operation() instanceof Operation.Conv2d)
            .skip(2)
            .findFirst()
            .orElseThrow();
    Path other =
        Files.write(
            folder.resolve("other.onnx"), OnnxWriter.bytes(moved(third.inputs().get(1), 1)));
    float[] image = new float[NETWORK.input().shape().size()];
    for (int p = 0; p < image.length; p++) {
      image[p] = (float) Math.sin(p);
    }
    assertEquals(
        Optional.of("Conv2d '" + third.name() + "'"),
        Departure.of(file, OnnxReader.imported(other), image));
    assertEquals(Optional.empty(), Departure.of(file, OnnxReader.imported(file), image));
  }

  private static String firstWeight() {
    return NETWORK.nodes().get(0).inputs().get(1);
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
