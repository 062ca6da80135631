package shallows.model.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import shallows.model.BadInputException;
import shallows.model.graph.FakeQuantization.Levels;
import shallows.model.graph.Operation;
import shallows.model.onnx.read.ImportedNetwork;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.read.StoredIntegers;

/** Files that are quantized already, read as floats. */
class OnnxIntegersTest {
  private static final int UINT8 = 2;
  private static final int INT8 = 3;
  private static final int UINT16 = 4;

  private final ForeignModel foreign = new ForeignModel();

  /** QuantizeLinear and DequantizeLinear behind a value; the last value is then that of both. */
  private String rounded(String name, String value, float scale, int type, long zero) {
    String steps = name + "_scale";
    foreign.graph().addInitializerBuilder().setName(steps).setDataType(1).addFloatData(scale);
    String point = name + "_zero";
    zeroPoint(point, type, zero);
    foreign.node("QuantizeLinear", name + "_q", value, steps, point);
    foreign.node("DequantizeLinear", name, foreign.last(), steps, point);
    return foreign.last();
  }

  private void zeroPoint(String name, int type, long zero) {
    foreign
        .graph()
        .addInitializerBuilder()
        .setName(name)
        .setDataType(type)
        .addInt32Data((int) zero);
  }

  private ImportedNetwork read() {
    return OnnxReader.imported(foreign.bytes(17), "quantized.onnx");
  }

  private List<Operation> operations() {
    return read().graph().nodes().stream().map(node -> node.operation()).toList();
  }

  private String refused() {
    return assertThrows(BadInputException.class, this::read).getMessage();
  }

  @Test
  void aPairHandsItsValueOnAndItsLevelsAreKept() {
    String image = rounded("in", "x", 0.5f, UINT8, 100);
    foreign.node("Tanh", "/tanh", image);
    rounded("out", foreign.last(), 0.25f, INT8, -3);
    ImportedNetwork network = read();
    StoredIntegers stored = network.integers().orElseThrow();
    assertEquals(
        Map.of("x", new Levels(0.5f, -100, 155), "/tanh_output_0", new Levels(0.25f, -125, 130)),
        stored.values());
    assertEquals(1, network.graph().nodes().size());
    assertTrue(network.notes().get(0).startsWith("2 values"), network.notes().toString());
  }

  @Test
  void anActivationThatRoundingTookThePlaceOfIsThereAgain() {
    foreign.node("Tanh", "/a", "x");
    foreign.node("Exp", "/b", rounded("relu", foreign.last(), 0.01f, UINT8, 0));
    foreign.node("Tanh", "/c", rounded("relu6", foreign.last(), 6f / 255, INT8, -128));
    assertEquals(
        List.of("Tanh", "Relu", "Exp", "Clip", "Tanh"),
        operations().stream().map(Operation::label).toList());
    assertEquals(Operation.Clip.RELU6, operations().get(3));
  }

  @Test
  void nothingIsAddedToTheImageNorToWhatIsNotNegativeAnyway() {
    String image = rounded("in", "x", 1f / 255, UINT8, 0);
    foreign.node("Relu", "/relu", image);
    foreign
        .node("MaxPool", "/pool", rounded("one", foreign.last(), 1, UINT8, 0))
        .addAttribute(ForeignModel.integers("kernel_shape", 2, 2));
    foreign.node("Tanh", "/tanh", rounded("two", foreign.last(), 1, UINT8, 0));
    assertEquals(
        List.of("Relu", "MaxPool", "Tanh"), operations().stream().map(Operation::label).toList());
  }

  @Test
  void weightsHaveTheirScalesAndWhetherTheyAreSymmetric() {
    String image = rounded("in", "x", 0.5f, UINT8, 100);
    TensorProto.Builder weight =
        foreign
            .graph()
            .addInitializerBuilder()
            .setName("w_int")
            .setDataType(INT8)
            .addAllDims(List.of(2L, 2L, 1L, 1L));
    List.of(-128, 3, 50, 127).forEach(weight::addInt32Data);
    TensorProto.Builder scales =
        foreign.graph().addInitializerBuilder().setName("w_scale").setDataType(1).addDims(2);
    scales.addFloatData(0.5f).addFloatData(2);
    foreign
        .node("DequantizeLinear", "w", "w_int", "w_scale")
        .addAttribute(ForeignModel.integer("axis", 0));
    foreign.node("Conv", "/conv", image, foreign.last());
    String value = foreign.last();
    rounded("out", value, 0.25f, UINT8, 3);
    ImportedNetwork network = read();
    StoredIntegers.Weights found = network.integers().orElseThrow().weights().get(value);
    assertTrue(found.symmetric());
    assertArrayEquals(new float[] {0.5f, 2}, found.each(2));
    assertArrayEquals(
        new float[] {-64, 1.5f, 100, 254},
        network.graph().parameter(network.graph().node(value).inputs().get(1)).values());
  }

  @Test
  void unsignedWeightsAreSymmetricAboutTheirMiddleAlone() {
    for (int zero : new int[] {128, 127}) {
      OnnxIntegersTest other = new OnnxIntegersTest();
      other.unsignedWeight(zero);
      StoredIntegers stored = other.read().integers().orElseThrow();
      assertEquals(zero == 128, stored.weights().values().iterator().next().symmetric());
    }
  }

  private void unsignedWeight(int zero) {
    String image = rounded("in", "x", 0.5f, UINT8, 100);
    TensorProto.Builder weight =
        foreign
            .graph()
            .addInitializerBuilder()
            .setName("w_int")
            .setDataType(UINT8)
            .addAllDims(List.of(1L, 2L, 1L, 1L));
    weight.addInt32Data(0).addInt32Data(255);
    foreign.graph().addInitializerBuilder().setName("s").setDataType(1).addFloatData(1);
    zeroPoint("z", UINT8, zero);
    foreign.node("DequantizeLinear", "w", "w_int", "s", "z");
    foreign.node("Conv", "/conv", image, foreign.last());
  }

  @Test
  void aFileOfFloatsHasNone() {
    foreign.node("Tanh", "/tanh", "x");
    assertFalse(read().integers().isPresent());
  }

  @Test
  void valuesOfSixteenBitsAreRead() {
    rounded("in", "x", 0.5f, UINT16, 1000);
    foreign.node("Tanh", "/tanh", foreign.last());
    assertEquals(
        new Levels(0.5f, -1000, 64_535), read().integers().orElseThrow().values().get("x"));
  }

  @Test
  void integersThatAreComputedWithAreRefused() {
    rounded("in", "x", 0.5f, UINT8, 100);
    foreign.node("Relu", "/odd", "in_q_output_0");
    String line = refused();
    assertTrue(line.contains("Relu '/odd' (expected a DequantizeLinear behind"), line);
  }

  @Test
  void aCastToTheTypeThatIntegersHaveIsNothing() {
    for (int to : new int[] {UINT8, INT8}) {
      OnnxIntegersTest other = new OnnxIntegersTest();
      other.foreign.graph().addInitializerBuilder().setName("s").setDataType(1).addFloatData(1);
      other.foreign.node("QuantizeLinear", "/q", "x", "s");
      other
          .foreign
          .node("Cast", "/cast", other.foreign.last())
          .addAttribute(ForeignModel.integer("to", to));
      other.foreign.node("DequantizeLinear", "/d", other.foreign.last(), "s");
      other.foreign.node("Tanh", "/tanh", other.foreign.last());
      if (to == UINT8) {
        assertEquals(Map.of("x", new Levels(1, 0, 255)), other.read().integers().get().values());
      } else {
        assertTrue(other.refused().contains("to their own type"), other.refused());
      }
    }
  }

  @Test
  void integersThatGoOutAreRefused() {
    rounded("in", "x", 0.5f, UINT8, 100);
    foreign.node("Tanh", "/tanh", foreign.last());
    foreign.graph().addInitializerBuilder().setName("s").setDataType(1).addFloatData(1);
    foreign.node("QuantizeLinear", "/out", foreign.last(), "s");
    assertTrue(refused().contains("behind a DequantizeLinear"), refused());
  }

  @Test
  void anotherScaleBehindThanInFrontIsRefused() {
    foreign.graph().addInitializerBuilder().setName("s").setDataType(1).addFloatData(1);
    foreign.graph().addInitializerBuilder().setName("t").setDataType(1).addFloatData(2);
    foreign.node("QuantizeLinear", "/q", "x", "s");
    foreign.node("DequantizeLinear", "/d", foreign.last(), "t");
    assertTrue(refused().contains("scale and zero point that '/q_output_0'"), refused());
  }

  @Test
  void aScaleForEachChannelOfAValueIsRefused() {
    TensorProto.Builder scales =
        foreign.graph().addInitializerBuilder().setName("s").setDataType(1).addDims(2);
    scales.addFloatData(1).addFloatData(2);
    foreign.node("QuantizeLinear", "/q", "x", "s");
    foreign.node("DequantizeLinear", "/d", foreign.last(), "s");
    String line = refused();
    assertTrue(line.contains("of one number, found 2"), line);
    assertTrue(line.contains("QDQ format, with one scale for each value"), line);
  }

  /** Whoever asked for what each value reads would ask 2^45 times. */
  @Test
  void aValueThatIsReadTwiceAgainAndAgainIsKnownNotToBeNegative() {
    foreign.node("Relu", "/relu", "x");
    integers("starts", 0);
    integers("ends", 2);
    integers("axes", 1);
    for (int i = 0; i < 45; i++) {
      foreign
          .node("Concat", "/concat" + i, foreign.last(), foreign.last())
          .addAttribute(ForeignModel.integer("axis", 1));
      foreign.node("Slice", "/slice" + i, foreign.last(), "starts", "ends", "axes");
    }
    foreign.node("Tanh", "/tanh", rounded("two", foreign.last(), 1, UINT8, 0));
    assertEquals(1, operations().stream().filter(Operation.Relu.class::isInstance).count());
  }

  private void integers(String name, long... numbers) {
    TensorProto.Builder tensor =
        foreign.graph().addInitializerBuilder().setName(name).setDataType(7);
    tensor.addDims(numbers.length);
    for (long number : numbers) {
      tensor.addInt64Data(number);
    }
  }

  /** Bytes with a scale for each place along an axis. */
  private String scaled(int axis, long... extents) {
    TensorProto.Builder weight =
        foreign.graph().addInitializerBuilder().setName("w_int").setDataType(INT8);
    int size = 1;
    for (long extent : extents) {
      weight.addDims(extent);
      size *= (int) extent;
    }
    for (int i = 0; i < size; i++) {
      weight.addInt32Data(i % 7 + 1);
    }
    TensorProto.Builder scales =
        foreign.graph().addInitializerBuilder().setName("w_scale").setDataType(1);
    scales.addDims(extents[axis]);
    for (int i = 0; i < extents[axis]; i++) {
      scales.addFloatData(i + 1);
    }
    foreign
        .node("DequantizeLinear", "w", "w_int", "w_scale")
        .addAttribute(ForeignModel.integer("axis", axis));
    return foreign.last();
  }

  private List<StoredIntegers.Weights> weights() {
    return List.copyOf(read().integers().orElseThrow().weights().values());
  }

  @Test
  void transposedWeightsKeepTheirScales() {
    String image = rounded("in", "x", 0.5f, UINT8, 100);
    foreign.node("Flatten", "/flat", image);
    String flat = foreign.last();
    foreign.node("Transpose", "/turned", scaled(0, 3, 72));
    foreign.node("MatMul", "/product", flat, foreign.last());
    assertArrayEquals(new float[] {1, 2, 3}, weights().get(0).each(3));
  }

  @Test
  void weightsOfOtherAxesKeepTheirScales() {
    String image = rounded("in", "x", 0.5f, UINT8, 100);
    integers("axes", 2, 3);
    foreign.node("Unsqueeze", "/image", scaled(0, 3, 2), "axes");
    foreign.node("Conv", "/conv", image, foreign.last());
    assertArrayEquals(new float[] {1, 2, 3}, weights().get(0).each(3));
    assertThrows(IllegalArgumentException.class, () -> weights().get(0).each(2));
  }

  @Test
  void scalesAlongAnAxisThatIsMergedAreForgotten() {
    String image = rounded("in", "x", 0.5f, UINT8, 100);
    integers("shape", 4, 2, 1, 1);
    foreign.node("Reshape", "/merged", scaled(0, 2, 2, 2), "shape");
    foreign.node("Conv", "/conv", image, foreign.last());
    assertEquals(List.of(), weights());
  }
}
