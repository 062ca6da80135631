package shallows.export.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import shallows.export.Agreement;
import shallows.export.BinaryNetworks;
import shallows.export.FlatOutput;
import shallows.export.ShakenNetworks;
import shallows.export.onnx.RoundedOnnxWriter;
import shallows.export.pass.ExportPasses;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.export.runtime.TfliteClassifier;
import shallows.export.tflite.NativeTflite;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.graph.Graph;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.write.OnnxWriter;

class StoredWeightsTest {
  private static final Graph NETWORK =
      ExportPasses.all(ShakenNetworks.create("resnet-8-s2", Shape.of(3, 32, 32)));

  /** The last of them rounds to the even neighbour, as IEEE 754 has it. */
  @Test
  void halvesAreTheNearestNumbersOfHalfPrecision() {
    float[] given = {0, -1, 65_504, 0x1p-24f, 1 + 0x1p-11f, 1 + 0x1.8p-10f + 0x1p-11f};
    Graph graph = withFirstWeight(given);
    float[] expected = {0, -1, 65_504, 0x1p-24f, 1, 1 + 0x1p-9f};
    assertArrayEquals(expected, first(computed(graph, WeightStorage.HALF), expected.length));
  }

  @Test
  void aNumberBeyondHalfPrecisionLeavesItsWeightAsItIs() {
    Graph graph = withFirstWeight(65_505, 0.1f);
    StoredWeights stored = StoredWeights.of(graph, WeightStorage.HALF);
    assertFalse(stored.holds(firstWeight(graph)));
    assertArrayEquals(new float[] {65_505, 0.1f}, first(stored.computed(), 2));
    assertEquals(stored(NETWORK).size() - 2, stored.names().size());
  }

  @Test
  void bytesAreWithinHalfAStepOfTheirOutput() {
    Graph computed = computed(NETWORK, WeightStorage.BYTES);
    for (String weight : weights(NETWORK)) {
      float[] exact = NETWORK.parameter(weight).values();
      float[] rounded = computed.parameter(weight).values();
      int perOutput = exact.length / NETWORK.parameter(weight).shape().dimension(0);
      for (int i = 0; i < exact.length; i++) {
        int start = i / perOutput * perOutput;
        float most = 0;
        for (int k = start; k < start + perOutput; k++) {
          most = Math.max(most, Math.abs(exact[k]));
        }
        assertEquals(exact[i], rounded[i], most / 127 * 0.501, weight);
      }
    }
  }

  @Test
  void nibblesAreOfFifteenLevelsButForTheEndsAndSmallLayers() {
    StoredWeights stored = StoredWeights.of(NETWORK, WeightStorage.NIBBLES);
    List<String> weights = weights(NETWORK);
    int packed = 0;
    for (String weight : weights) {
      byte[] integers = stored.integers(weight).values();
      int most = 0;
      for (byte integer : integers) {
        most = Math.max(most, Math.abs(integer));
      }
      Tensor exact = NETWORK.parameter(weight);
      boolean inside = weights.indexOf(weight) > 0 && weights.indexOf(weight) < weights.size() - 1;
      boolean four = inside && exact.size() / exact.shape().dimension(0) >= 64;
      assertEquals(four, stored.isInNibbles(weight), weight);
      assertEquals(four ? 7 : 127, most, weight);
      packed += four ? 1 : 0;
    }
    assertTrue(packed > 5, packed + " of " + weights.size());
  }

  @Test
  void besideBytesBiasesStay() {
    Graph computed = computed(NETWORK, WeightStorage.BYTES);
    List<String> weights = weights(NETWORK);
    assertEquals(stored(NETWORK).size(), 2 * weights.size());
    NETWORK.parameters().keySet().stream()
        .filter(name -> !weights.contains(name))
        .forEach(name -> assertEquals(NETWORK.parameter(name), computed.parameter(name)));
  }

  @ParameterizedTest
  @EnumSource(
      value = WeightStorage.class,
      names = {"HALF", "BYTES", "NIBBLES"})
  void filesComputeWithTheRoundedWeights(WeightStorage storage) {
    assertComputes(NETWORK, storage);
    assertComputes(ExportPasses.all(BinaryNetworks.of(NETWORK)), storage);
    for (Graph graph : OperationCases.all()) {
      assertComputes(FlatOutput.of(graph), storage);
    }
  }

  @Test
  void filesAreAHalfAQuarterAndAnEighthOfThoseOfFloats() {
    Graph wide = ExportPasses.all(ShakenNetworks.create("wrn-16-4", Shape.of(3, 32, 32)));
    double floats = TfliteWriter.bytes(wide).length;
    assertEquals(0.5, tflite(wide, WeightStorage.HALF).length / floats, 0.01);
    assertEquals(0.25, tflite(wide, WeightStorage.BYTES).length / floats, 0.02);
    double onnx = OnnxWriter.bytes(wide).length;
    assertEquals(0.5, RoundedOnnxWriter.bytes(wide, WeightStorage.HALF).length / onnx, 0.01);
    assertEquals(0.25, RoundedOnnxWriter.bytes(wide, WeightStorage.BYTES).length / onnx, 0.02);
    assertEquals(0.125, RoundedOnnxWriter.bytes(wide, WeightStorage.NIBBLES).length / onnx, 0.02);
  }

  /** What makes floats of the weights does not come between operators that XNNPACK takes. */
  @ParameterizedTest
  @EnumSource(
      value = WeightStorage.class,
      names = {"HALF", "BYTES"})
  void xnnpackTakesTheWholeFile(WeightStorage storage) {
    assertEquals(List.of("TfLiteXNNPackDelegate"), NativeTflite.plan(tflite(NETWORK, storage)));
  }

  private static void assertComputes(Graph graph, WeightStorage storage) {
    Graph computed = computed(graph, storage);
    Tensor images = OperationCases.input(graph, 2);
    try (TfliteClassifier classifier =
        TfliteClassifier.open(tflite(graph, storage), graph.name(), 1)) {
      Agreement.assertAgrees(computed, images, classifier);
    }
    try (OnnxRuntimeClassifier classifier =
        OnnxRuntimeClassifier.open(RoundedOnnxWriter.bytes(graph, storage), graph.name(), 1)) {
      Agreement.assertAgrees(computed, images, classifier);
    }
  }

  private static byte[] tflite(Graph graph, WeightStorage storage) {
    return TfliteWriter.bytes(graph, TfliteOptions.STANDARD.with(storage));
  }

  private static Graph computed(Graph graph, WeightStorage storage) {
    return StoredWeights.of(graph, storage).computed();
  }

  private static List<String> weights(Graph graph) {
    return List.copyOf(StoredWeights.of(graph, WeightStorage.BYTES).names());
  }

  /** Those of half precision: biases too. */
  private static List<String> stored(Graph graph) {
    return List.copyOf(StoredWeights.of(graph, WeightStorage.HALF).names());
  }

  private static String firstWeight(Graph graph) {
    return graph.nodes().get(0).inputs().get(1);
  }

  /** The network with these numbers at the beginning of its first weight. */
  private static Graph withFirstWeight(float... numbers) {
    String name = firstWeight(NETWORK);
    Tensor weight = NETWORK.parameter(name);
    float[] values = weight.values().clone();
    System.arraycopy(numbers, 0, values, 0, numbers.length);
    Map<String, Tensor> changed = new LinkedHashMap<>();
    changed.put(name, new Tensor(weight.shape(), values));
    return NETWORK.withParameters(changed);
  }

  private static float[] first(Graph graph, int count) {
    return Arrays.copyOf(graph.parameter(firstWeight(graph)).values(), count);
  }
}
