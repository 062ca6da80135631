package shallows.model.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.BadInputException;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.Operation;
import shallows.model.graph.PoolingRegions;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.interpreter.Interpreter;
import shallows.model.onnx.read.ImportedNetwork;
import shallows.model.onnx.read.OnnxCoverage;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.read.ReadOptions;

/**
 * One meaning in the many forms that exporters of different opsets write it in. A test for each
 * form, so it is as long as the list of them.
 */
class OnnxFormsTest {
  /** Of values in [0, 1], by four operations. */
  private static final float ROUNDING = 1e-6f;

  private final ForeignModel foreign = new ForeignModel();

  @TempDir Path folder;

  @Test
  void aClipHasItsBoundsInAttributesOrInputs() {
    foreign
        .node("Clip", "/old", "x")
        .addAttribute(ForeignModel.number("min", 0))
        .addAttribute(ForeignModel.number("max", 6));
    foreign.node("Clip", "/new", foreign.last(), number("low", 0), number("high", 6));
    foreign.node("Clip", "/half", foreign.last(), "", number("top", 3));
    foreign.node("Clip", "/relu", foreign.last(), number("zero", 0));
    assertEquals(
        List.of(
            Operation.Clip.RELU6,
            Operation.Clip.RELU6,
            new Operation.Clip(Float.NEGATIVE_INFINITY, 3),
            new Operation.Relu()),
        operations(foreign.model(13)));
  }

  @Test
  void aHardSigmoidMayHaveAnySlopeAndOffset() {
    // Without attributes it is TensorFlow's: alpha 0.2, beta 0.5.
    foreign.node("HardSigmoid", "/tensorflow", "x");
    assertEquals(
        List.of(
            new Operation.Scale(6 * 0.2f), new Operation.Activation(Operation.Curve.HARD_SIGMOID)),
        operations(foreign.model(13)));
    for (boolean vector : List.of(false, true)) {
      ForeignModel other = new ForeignModel();
      if (vector) {
        other.node("Flatten", "/flat", "x");
      }
      other
          .node("HardSigmoid", "/other", vector ? other.last() : "x")
          .addAttribute(ForeignModel.number("alpha", 0.4f))
          .addAttribute(ForeignModel.number("beta", 0.3f));
      Graph graph = read(other.model(13));
      float[] x = new float[72];
      for (int i = 0; i < x.length; i++) {
        x[i] = (i - 36) / 12f;
      }
      float[] found = Interpreter.run(graph, new Tensor(Shape.of(1, 2, 6, 6), x)).values();
      for (int i = 0; i < x.length; i++) {
        assertEquals(Math.max(0, Math.min(1, 0.4f * x[i] + 0.3f)), found[i], ROUNDING);
      }
    }
  }

  @Test
  void slicesOfEverySecondRowAndColumnAreOneSubsampling() {
    for (int axis : new int[] {2, 3}) {
      foreign.node(
          "Slice",
          "/slice" + axis,
          axis == 2 ? "x" : foreign.last(),
          foreign.constant("start" + axis, integers(0)),
          foreign.constant("end" + axis, integers(Long.MAX_VALUE)),
          foreign.constant("axis" + axis, integers(axis)),
          foreign.constant("step" + axis, integers(2)));
    }
    foreign.node(
        "Pad", "/pad", foreign.last(), foreign.constant("pads", integers(0, 1, 0, 0, 0, 1, 0, 0)));
    assertEquals(
        List.of(
            new Operation.AveragePool(Extent.ONE, Extent.square(2), Extent.ZERO),
            new Operation.PadChannels(1, 1)),
        operations(foreign.model(13)));
  }

  @Test
  void axesThatAreTurnedSplitAndMergedAreRearrangedOnce() {
    foreign.node("Reshape", "/split", "x", foreign.constant("s", integers(0, 2, 3, 2, 3, 2)));
    foreign
        .node("Transpose", "/turn", foreign.last())
        .addAttribute(ForeignModel.integers("perm", 0, 3, 5, 1, 2, 4));
    foreign.node("Reshape", "/merge", foreign.last(), foreign.constant("m", integers(0, 8, 3, 3)));
    assertEquals(
        List.of(
            new Operation.Rearrange(List.of(6, 2, 3, 2), List.of(1, 3, 0, 2), Shape.of(8, 3, 3))),
        operations(foreign.model(13)));
  }

  @Test
  void aSoftmaxOverTheImagesIsRefusedByName() {
    foreign.node("Softmax", "/softmax", "x").addAttribute(ForeignModel.integer("axis", 0));
    foreign.node("Relu", "/relu", foreign.last());
    byte[] bytes = foreign.bytes(13);
    String line =
        assertThrows(BadInputException.class, () -> OnnxReader.read(bytes, "odd.onnx"))
            .getMessage();
    assertTrue(line.contains("Softmax '/softmax' (expected axes of an image, not the"), line);
  }

  @Test
  void aMeanOverRowsAndColumnsIsAGlobalPool() {
    foreign
        .node("ReduceMean", "/mean", "x")
        .addAttribute(ForeignModel.integers("axes", -1, -2))
        .addAttribute(ForeignModel.integer("keepdims", 0));
    List<Operation> pooled = List.of(new Operation.GlobalAveragePool(), new Operation.Flatten());
    assertEquals(pooled, operations(foreign.model(13)));
    ForeignModel newer = new ForeignModel();
    String axes = newer.constant("axes", integers(2, 3));
    newer.node("ReduceMean", "/mean", "x", axes).addAttribute(ForeignModel.integer("keepdims", 0));
    assertEquals(pooled, operations(newer.model(18)));
  }

  @Test
  void aMatrixAndASumAreALinearLayer() {
    foreign.node("GlobalAveragePool", "/pool", "x");
    foreign.node("Reshape", "/flat", foreign.last(), foreign.constant("shape", integers(0, -1)));
    foreign.node("MatMul", "/product", foreign.last(), foreign.noise("w", 2, 3));
    foreign.node("Add", "/sum", foreign.last(), foreign.noise("b", 3));
    Graph graph = read(foreign.model(13));
    assertEquals(3, graph.node(graph.output()).inputs().size());
    assertEquals(new Operation.Linear(), graph.node(graph.output()).operation());
    assertEquals(Shape.of(3, 2), graph.parameter("w/transposed").shape());
  }

  @Test
  void aShapeComputedOfTheBatchKeepsTheBatch() {
    foreign.node("GlobalAveragePool", "/pool", "x");
    String pooled = foreign.last();
    foreign.node("Shape", "/shape", pooled);
    String zero = foreign.constant("zero", TensorProto.newBuilder().setDataType(7).addInt64Data(0));
    foreign.node("Gather", "/batch", foreign.last(), zero);
    String axes = foreign.constant("axes", integers(0));
    foreign.node("Unsqueeze", "/row", foreign.last(), axes);
    foreign
        .node("Concat", "/target", foreign.last(), foreign.constant("open", integers(-1)))
        .addAttribute(ForeignModel.integer("axis", 0));
    foreign.node("Reshape", "/flat", pooled, foreign.last());
    assertEquals(
        List.of(new Operation.GlobalAveragePool(), new Operation.Flatten()),
        operations(foreign.model(13)));
  }

  @Test
  void rowsAndColumnsInAnyOrderAreOneChoiceOfPixels() {
    String rows = foreign.constant("rows", integers(-1, 0, 0));
    foreign.node("Gather", "/rows", "x", rows).addAttribute(ForeignModel.integer("axis", 2));
    String columns = foreign.constant("columns", integers(2, 1));
    foreign
        .node("Gather", "/columns", foreign.last(), columns)
        .addAttribute(ForeignModel.integer("axis", -1));
    List<Operation> read = operations(foreign.model(13));
    assertEquals(1, read.size());
    Operation.SelectPixels pixels = (Operation.SelectPixels) read.get(0);
    assertEquals(List.of(2, 1), pixels.columns());
    assertEquals(List.of(0, 0), pixels.rows().subList(1, 3));
    assertEquals(PoolingRegions.FIXED, pixels.regions());
  }

  @Test
  void paddingByItsNameOrOnOneSideIsPutInBefore() {
    foreign
        .node("Conv", "/upper", "x", foreign.noise("w", 2, 2, 3, 3))
        .addAttribute(ForeignModel.text("auto_pad", "SAME_UPPER"))
        .addAttribute(ForeignModel.integers("strides", 2, 2));
    foreign
        .node("MaxPool", "/pool", foreign.last())
        .addAttribute(ForeignModel.integers("kernel_shape", 2, 2))
        .addAttribute(ForeignModel.integers("strides", 2, 2))
        .addAttribute(ForeignModel.integers("pads", 0, 0, 1, 1));
    assertEquals(
        List.of(
            new Operation.PadImage(0, 0, 1, 1),
            new Operation.Conv2d(Extent.square(2), Extent.ZERO, Extent.ONE, 1, Precision.FLOAT),
            new Operation.MaxPool(Extent.square(2), Extent.square(2), Extent.ZERO, true)),
        operations(foreign.model(13)));
  }

  @Test
  void anInputWithTheChannelsLastBecomesOneWithTheChannelsFirst() {
    ModelProto.Builder model = channelsLast();
    ImportedNetwork network = imported(model);
    assertTrue(network.channelsLast());
    assertEquals(Shape.of(3, 6, 2), network.graph().input().shape());
  }

  private ModelProto.Builder channelsLast() {
    foreign.graph().setInput(0, ForeignModel.value("x", 1, 6, 2, 3));
    foreign
        .node("Transpose", "/turned", "x")
        .addAttribute(ForeignModel.integers("perm", 0, 3, 1, 2));
    foreign.node("Conv", "/conv", foreign.last(), foreign.noise("w", 4, 3, 1, 1));
    foreign.node("GlobalAveragePool", "/pool", foreign.last());
    foreign.node("Flatten", "/flat", foreign.last());
    return foreign.model(13);
  }

  @Test
  void aSoftmaxAtTheEndIsLeftOutAndNoted() {
    foreign.node("GlobalAveragePool", "/pool", "x");
    foreign.node("Flatten", "/flat", foreign.last());
    foreign.node("Softmax", "/softmax", foreign.last());
    ImportedNetwork network = imported(foreign.model(13));
    assertEquals(ImportedNetwork.Ending.SOFTMAX, network.ending());
    assertTrue(network.notes().get(0).contains("'/softmax'"), network.notes().toString());
    assertArrayEquals(
        new float[] {0.5f, 0.5f}, ImportedNetwork.Ending.SOFTMAX.of(new float[] {1000, 1000}));
  }

  @Test
  void aSoftmaxMayBeFollowedByWhatComputesNothing() {
    foreign.node("GlobalAveragePool", "/pool", "x");
    foreign
        .node("Softmax", "/softmax", foreign.last())
        .addAttribute(ForeignModel.integer("axis", 1));
    foreign.node("Flatten", "/flat", foreign.last());
    foreign.node("Cast", "/cast", foreign.last()).addAttribute(ForeignModel.integer("to", 11));
    ImportedNetwork network = imported(foreign.model(13));
    assertEquals(ImportedNetwork.Ending.SOFTMAX, network.ending());
    assertEquals(Optional.of("/pool_output_0"), network.source().logits());
    assertEquals("/cast_output_0", network.source().output());
  }

  @Test
  void aSigmoidOfSeveralClassesAtTheEndIsLeftOutAndOneOfOneNumberIsNot() {
    foreign.node("GlobalAveragePool", "/pool", "x");
    foreign.node("Flatten", "/flat", foreign.last());
    String flat = foreign.last();
    foreign.node("Sigmoid", "/each", flat);
    ImportedNetwork network = imported(foreign.model(13));
    assertEquals(ImportedNetwork.Ending.SIGMOID, network.ending());
    assertTrue(
        network.notes().get(0).endsWith("the answer is the one class with the largest"),
        network.notes().toString());
    assertArrayEquals(
        new float[] {0.5f, 1}, ImportedNetwork.Ending.SIGMOID.of(new float[] {0, 1000}));
    foreign.node("Gemm", "/one", flat, foreign.noise("w", 2, 1));
    foreign.node("Sigmoid", "/of-one", foreign.last());
    ImportedNetwork one = imported(foreign.model(13));
    assertEquals(ImportedNetwork.Ending.LOGITS, one.ending());
    assertEquals(
        new Operation.Activation(Operation.Curve.SIGMOID),
        one.graph().nodes().get(one.graph().nodes().size() - 1).operation());
  }

  @Test
  void whatAFileLeavesOpenIsSaidForIt() throws IOException {
    foreign.node("GlobalAveragePool", "/pool", "x");
    foreign.node("Flatten", "/flat", foreign.last());
    String first = foreign.last();
    foreign.node("Relu", "/aux", first);
    ModelProto.Builder model = foreign.model(13);
    model.getGraphBuilder().setInput(0, ForeignModel.value("x", -1, -1, -1, -1));
    model.getGraphBuilder().addOutput(ForeignModel.value(first, 1, 2));
    Path file = Files.write(folder.resolve("open.onnx"), model.build().toByteArray());
    ReadOptions said =
        new ReadOptions(Optional.of(first), Optional.of(new Extent(4, 5)), OptionalInt.of(2));
    ImportedNetwork network = OnnxReader.imported(file, said);
    assertEquals(Shape.of(2, 4, 5), network.graph().input().shape());
    assertEquals(first, network.graph().output());
    assertEquals(List.of("of 2 outputs, '" + first + "' is read"), network.notes());
    ReadOptions other = new ReadOptions(Optional.of("y"), said.size(), said.channels());
    assertTrue(
        assertThrows(BadInputException.class, () -> OnnxReader.imported(file, other))
            .getMessage()
            .contains("expected output 'y', found '/aux_output_0' (1, 3), '" + first + "'"));
  }

  @Test
  void coverageCountsWhatBecomesOfEachOperator() throws IOException {
    foreign.node("Shape", "/shape", "x");
    String shape = foreign.last();
    foreign.node("Relu", "/relu", "x");
    String relu = foreign.last();
    foreign.node("Reshape", "/same", relu, shape);
    foreign.node("Unheard", "/odd", foreign.last());
    foreign.node("Relu", "/behind", foreign.last());
    String last = foreign.last();
    foreign.node("Relu", "/unused", relu);
    ModelProto.Builder model = foreign.model(13);
    model.getGraphBuilder().setOutput(0, ForeignModel.value(last, 1, 3));
    Path file = Files.write(folder.resolve("part.onnx"), model.build().toByteArray());
    OnnxCoverage coverage = OnnxReader.coverage(file, ReadOptions.OF_FILE);
    assertFalse(coverage.isWhole());
    assertEquals(
        List.of(
            new OnnxCoverage.Operator(
                "Relu",
                Map.of(
                    OnnxCoverage.Fate.READ, 1,
                    OnnxCoverage.Fate.BEHIND, 1,
                    OnnxCoverage.Fate.UNUSED, 1),
                List.of()),
            new OnnxCoverage.Operator("Reshape", Map.of(OnnxCoverage.Fate.READ, 1), List.of()),
            new OnnxCoverage.Operator("Shape", Map.of(OnnxCoverage.Fate.FOLDED, 1), List.of()),
            new OnnxCoverage.Operator(
                "Unheard", Map.of(OnnxCoverage.Fate.REFUSED, 1), List.of("unknown operation"))),
        coverage.operators());
  }

  @Test
  void whatComputesNothingIsPassedBy() {
    foreign.node("Identity", "/identity", "x");
    foreign.node("Dropout", "/dropout", foreign.last());
    foreign.node("Cast", "/cast", foreign.last()).addAttribute(ForeignModel.integer("to", 1));
    foreign.node("Relu", "/relu", foreign.last());
    assertEquals(
        List.of(new Operation.Dropout(0.5f), new Operation.Relu()), operations(foreign.model(13)));
  }

  @Test
  void weightsOfHalfAndDoublePrecisionAreFloats() {
    TensorProto.Builder half = foreign.graph().addInitializerBuilder().setName("half");
    half.setDataType(10).addAllDims(List.of(2L, 2L, 1L, 1L));
    // 1, -2, the smallest subnormal, 65504.
    half.setRawData(
        bytes(
            8,
            b ->
                b.putShort((short) 0x3c00)
                    .putShort((short) 0xc000)
                    .putShort((short) 1)
                    .putShort((short) 0x7bff)));
    foreign.node("Conv", "/half", "x", "half");
    TensorProto.Builder wide = foreign.graph().addInitializerBuilder().setName("wide");
    wide.setDataType(11).addAllDims(List.of(2L, 2L, 1L, 1L));
    wide.addAllDoubleData(List.of(0.1, 2.0, 3.0, 4.0));
    foreign.node("Conv", "/wide", foreign.last(), "wide");
    Graph graph = read(foreign.model(13));
    assertArrayEquals(new float[] {1, -2, 0x1p-24f, 65504}, graph.parameter("half").values());
    assertArrayEquals(new float[] {0.1f, 2, 3, 4}, graph.parameter("wide").values());
  }

  @Test
  void weightsInAFileBesideTheModelAreReadAndNoneFromElsewhere() throws Exception {
    Files.write(
        folder.resolve("weights.bin"),
        bytes(20, b -> b.putFloat(9).putFloat(1).putFloat(2).putFloat(3).putFloat(4))
            .toByteArray());
    external("weights.bin", 4);
    foreign.node("Conv", "/conv", "x", "w");
    Path model = Files.write(folder.resolve("model.onnx"), foreign.bytes(13));
    assertArrayEquals(new float[] {1, 2, 3, 4}, OnnxReader.read(model).parameter("w").values());
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.createSymbolicLink(elsewhere.resolve("link.bin"), folder.resolve("weights.bin"));
    for (String location :
        new String[] {
          "../weights.bin", folder.resolve("weights.bin").toString(), "link.bin", "missing.bin", ""
        }) {
      ModelProto.Builder changed = foreign.model(13);
      changed
          .getGraphBuilder()
          .getInitializerBuilder(0)
          .getExternalDataBuilder(0)
          .setValue(location);
      Path bad = Files.write(elsewhere.resolve("model.onnx"), changed.build().toByteArray());
      BadInputException refused =
          assertThrows(BadInputException.class, () -> OnnxReader.read(bad), location);
      assertTrue(refused.getMessage().contains("tensor 'w'"), refused.getMessage());
    }
  }

  private void external(String location, long offset) {
    TensorProto.Builder tensor =
        foreign.graph().addInitializerBuilder().setName("w").setDataType(1);
    tensor.addAllDims(List.of(2L, 2L, 1L, 1L)).setDataLocation(TensorProto.DataLocation.EXTERNAL);
    tensor.addExternalDataBuilder().setKey("location").setValue(location);
    tensor.addExternalDataBuilder().setKey("offset").setValue(Long.toString(offset));
  }

  @Test
  void saysWhatCannotBeReadAllAtOnceAndHowFarTheRestComes() {
    foreign.node("Relu", "/relu", "x");
    String relu = foreign.last();
    foreign.node("Hardmax", "/hardmax", relu);
    foreign.node("Relu", "/behind", foreign.last());
    foreign.node("Sin", "/sin", foreign.last());
    byte[] bytes = foreign.bytes(13);
    String line =
        assertThrows(BadInputException.class, () -> OnnxReader.read(bytes, "odd.onnx"))
            .getMessage();
    assertTrue(
        line.contains("Hardmax '/hardmax' (unknown operation), Sin '/sin' (unknown operation)"),
        line);
    assertTrue(line.contains("the last of them Relu '/relu', and 1 depends on it"), line);
  }

  private String number(String name, float value) {
    return foreign.constant(name, TensorProto.newBuilder().setDataType(1).addFloatData(value));
  }

  private static TensorProto.Builder integers(long... values) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setDataType(7).addDims(values.length);
    for (long value : values) {
      tensor.addInt64Data(value);
    }
    return tensor;
  }

  private static ByteString bytes(int size, Consumer<ByteBuffer> writing) {
    ByteBuffer buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    writing.accept(buffer);
    return ByteString.copyFrom(buffer.flip());
  }

  private List<Operation> operations(ModelProto.Builder model) {
    return read(model).nodes().stream().map(node -> node.operation()).toList();
  }

  private Graph read(ModelProto.Builder model) {
    return OnnxReader.read(model.build().toByteArray(), "foreign.onnx");
  }

  private ImportedNetwork imported(ModelProto.Builder model) {
    try {
      return OnnxReader.imported(
          Files.write(folder.resolve("foreign.onnx"), model.build().toByteArray()));
    } catch (IOException e) {
      throw new AssertionError("the temporary folder takes no file", e);
    }
  }
}
