package shallows.model.onnx.constant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What they take of a machine; what they give is held to ONNX Runtime elsewhere. */
class ResizingOperatorsTest {
  @ParameterizedTest
  @ValueSource(strings = {"nearest", "linear", "cubic"})
  void sizesThatNoImageHasAreRefusedBeforeAnythingIsMade(String mode) {
    Exception refusal =
        assertThrows(IllegalArgumentException.class, () -> resized(mode, 0, 3, 1L << 30));

    assertTrue(refusal.getMessage().contains("at most 65536 numbers along an axis"));
  }

  @Test
  void anAxisThatStaysAsItIsMayBeOfAnyLength() {
    assertEquals(70_000, resized("linear", 0, 70_000, 70_000).length);
  }

  /** A weight for each pair of an old number and a new one would be four billion of them. */
  @Test
  void aLongAxisTakesNoMoreThanItsWindows() {
    float[] ones = new float[60_000];
    Arrays.fill(ones, 1);

    assertArrayEquals(ones, resized("cubic", 0, 50_000, 60_000), 1e-5f);
    assertArrayEquals(new float[] {1, 1}, resized("linear", 1, 60_000, 2), 1e-5f);
  }

  private static float[] resized(String mode, int antialias, int from, long to) {
    float[] ones = new float[from];
    Arrays.fill(ones, 1);
    NodeProto node =
        NodeProto.newBuilder()
            .setOpType("Resize")
            .addOutput("y")
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("mode")
                    .setType(AttributeType.STRING)
                    .setS(ByteString.copyFromUtf8(mode)))
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("antialias")
                    .setType(AttributeType.INT)
                    .setI(antialias))
            .build();
    Constant table = Constant.of(DataType.FLOAT, new int[] {from}, ones);
    return ConstantOperators.apply(node, Arrays.asList(table, null, null, Constant.vector(to)), 18)
        .get(0)
        .tensor()
        .values();
  }
}
