package shallows.export.quantize.calibrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.LabelledImages;
import shallows.data.PixelOrder;
import shallows.export.BinaryNetworks;
import shallows.export.ShakenNetworks;
import shallows.export.TestImages;
import shallows.export.onnx.QdqOnnxWriter;
import shallows.export.pass.ExportPasses;
import shallows.export.pass.ToConvolutions;
import shallows.export.quantize.Int8Form;
import shallows.export.quantize.Int8Sums;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.WeightScales;
import shallows.export.quantize.simulate.SimulatedQuantization;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Normalization;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.interpreter.Interpreter;

class BiasCorrectionTest {
  private static final Int8Form CONVOLUTION =
      new Int8Form(Int8Sums.CONVOLUTION, WeightScales.PER_CHANNEL);

  private static final Shape SHAPE = Shape.of(1, 28, 28);

  private static final int IMAGES = 12;

  /** Of a step of the int32 bias, which the mean of a layer can be off by; sums of floats add. */
  private static final double HALF_A_STEP = 0.51;

  @TempDir Path folder;

  @Test
  void theMeanOfEachLayerBecomesThatOfTheFloats() {
    for (String name : List.of("resnet-8-s2", "preresnet-8-s2")) {
      Graph folded = folded(name);
      requireEqualMeans(name, folded, TestImages.labelledBy(folded, IMAGES));
    }
  }

  @Test
  void binaryLayersToo() {
    Graph folded = ExportPasses.all(BinaryNetworks.of(ShakenNetworks.create("resnet-8-s2", SHAPE)));
    requireEqualMeans("binary", folded, TestImages.labelledBy(folded, IMAGES));
  }

  /** In the plain simulation and the interpreter, image by image, layer by layer. */
  private static void requireEqualMeans(String name, Graph folded, LabelledImages images) {
    QuantizedGraph before = quantized(folded, images);
    QuantizedGraph after =
        QuantizedGraph.of(
            folded, before.quantizations(), BiasCorrection.of(before, before.graph(), images));
    Graph graph = ToConvolutions.apply(folded);
    Map<String, double[]> floats = means(graph, null, images);
    Map<String, double[]> shifted = means(graph, before, images);
    Map<String, double[]> corrected = means(graph, after, images);
    int channels = 0;
    int wrong = 0;
    for (Map.Entry<String, double[]> layer : corrected.entrySet()) {
      Node node = graph.node(layer.getKey());
      double inputScale = after.quantization(node.inputs().get(0)).scale();
      for (int o = 0; o < layer.getValue().length; o++) {
        double wanted = floats.get(node.name())[o];
        double tolerance = HALF_A_STEP * inputScale * after.weights(node).scales()[o] + 1e-5;
        assertEquals(wanted, layer.getValue()[o], tolerance, name + " " + node + " " + o);
        wrong += Math.abs(wanted - shifted.get(node.name())[o]) > tolerance ? 1 : 0;
        channels++;
      }
    }
    assertTrue(wrong > channels / 2, name + ": " + wrong + " of " + channels + " were shifted");
  }

  /**
   * Where sums lie in the middle between two steps, the correction's floats and the simulation may
   * go either way, and through many layers that adds up.
   */
  @Test
  void throughManyLayersLittleOfTheShiftIsLeft() {
    Graph folded = folded("mobilenet-v2");
    LabelledImages images = TestImages.labelledBy(folded, IMAGES);
    QuantizedGraph before = quantized(folded, images);
    QuantizedGraph after =
        QuantizedGraph.of(
            folded, before.quantizations(), BiasCorrection.of(before, before.graph(), images));
    Graph graph = ToConvolutions.apply(folded);
    Map<String, double[]> floats = means(graph, null, images);
    double shifted = distance(floats, means(graph, before, images));
    double left = distance(floats, means(graph, after, images));
    assertTrue(left < 0.25 * shifted, left + " of " + shifted);
  }

  /** As calibrated, biases not corrected. */
  private static QuantizedGraph quantized(Graph folded, LabelledImages images) {
    QuantizedGraph chosen =
        Calibration.of(folded, CalibrationImages.of(0, images, images), CONVOLUTION).graph();
    return QuantizedGraph.of(folded, chosen.quantizations());
  }

  private static double distance(Map<String, double[]> wanted, Map<String, double[]> found) {
    double sum = 0;
    for (Map.Entry<String, double[]> layer : wanted.entrySet()) {
      for (int o = 0; o < layer.getValue().length; o++) {
        sum += Math.abs(layer.getValue()[o] - found.get(layer.getKey())[o]);
      }
    }
    return sum;
  }

  /**
   * Of the layers whose values are seen before they are rounded: those with an activation.
   *
   * @param quantized null for the means of the floats
   */
  private static Map<String, double[]> means(
      Graph graph, QuantizedGraph quantized, LabelledImages images) {
    Set<String> rounded = QuantizedGraph.rounded(graph).keySet();
    Normalization normalization = graph.task().normalization();
    SimulatedQuantization simulation =
        quantized == null ? null : new SimulatedQuantization(quantized);
    Map<String, double[]> means = new TreeMap<>();
    for (int image = 0; image < images.size(); image++) {
      float[] pixels =
          PixelOrder.channelsFirst(
              images.normalized(image, image + 1, normalization), 1, images.channels());
      Graph source = quantized == null ? graph : quantized.graph();
      Map<String, Tensor> values = new HashMap<>(source.parameters());
      values.put(
          graph.input().name(),
          simulation == null
              ? new Tensor(graph.input().shape().withBatch(1), pixels)
              : simulation.entering(pixels));
      for (Node node : graph.nodes()) {
        Tensor value =
            simulation == null ? floats(graph, node, values) : simulation.value(node, values);
        values.put(node.name(), value);
        if (node.operation() instanceof Operation.Conv2d && !rounded.contains(node.name())) {
          Tensor seen = simulation == null ? value : simulation.unrounded(node, values);
          int channels = graph.shape(node.name()).dimension(0);
          double[] mean = means.computeIfAbsent(node.name(), layer -> new double[channels]);
          for (int i = 0; i < seen.size(); i++) {
            int o = i / (seen.size() / channels);
            mean[o] += seen.values()[i] / ((double) seen.size() / channels * images.size());
          }
        }
      }
    }
    return means;
  }

  private static Tensor floats(Graph graph, Node node, Map<String, Tensor> values) {
    Tensor[] inputs = node.inputs().stream().map(values::get).toArray(Tensor[]::new);
    return Interpreter.value(node.operation(), graph.shape(node.name()).withBatch(1), inputs);
  }

  @Test
  void itIsKeptExactlyWhereTheAnswersAreNearerToThoseOfTheFloats() {
    Set<Boolean> kept = new HashSet<>();
    for (String name : List.of("resnet-8-s2", "preresnet-8-s2")) {
      Graph folded = folded(name);
      LabelledImages images = TestImages.labelledBy(folded, 40);
      // The means of one image are not those of many.
      for (LabelledImages ranges : List.of(images, images.subset(0, 1))) {
        CalibrationImages calibration = new CalibrationImages(ranges, images);
        Calibrated calibrated = Calibration.of(folded, calibration, CONVOLUTION);
        Calibrated.BiasesCorrected correction = calibrated.correction();
        double without = calibrated.ranges().divergences().get(calibrated.ranges().chosen());
        assertEquals(correction.divergence() < without, correction.kept(), name);
        QuantizedGraph plain = QuantizedGraph.of(folded, calibrated.graph().quantizations());
        assertEquals(
            !correction.kept(),
            Arrays.equals(QdqOnnxWriter.bytes(plain), QdqOnnxWriter.bytes(calibrated.graph())));
        assertEquals(!correction.kept(), correction.biases().isEmpty());
        kept.add(correction.kept());
      }
    }
    assertEquals(Set.of(true, false), kept, "both ways are taken");
  }

  @Test
  void theScalesFileHoldsWhatBothFormatsWereWrittenWith() {
    Graph folded = folded("resnet-8-s2");
    LabelledImages images = TestImages.labelledBy(folded, IMAGES);
    Calibrated calibrated =
        Calibration.of(folded, CalibrationImages.of(0, images, images), Int8Form.STANDARD);
    QuantizedGraph plain = QuantizedGraph.of(folded, calibrated.graph().quantizations());
    Map<String, float[]> biases = BiasCorrection.of(plain, plain.graph(), images);
    QuantizedGraph corrected = QuantizedGraph.of(folded, plain.quantizations(), biases);
    Calibrated kept =
        new Calibrated(
            corrected,
            calibrated.ranges(),
            new Calibrated.BiasesCorrected(0.001, true, biases),
            calibrated.weights(),
            0.001,
            0,
            List.of());
    Path file = folder.resolve("scales.json");
    kept.write(file);
    QuantizedGraph read = Calibrated.read(file, folded);
    assertArrayEquals(QdqOnnxWriter.bytes(corrected), QdqOnnxWriter.bytes(read));
    assertArrayEquals(
        TfliteWriter.bytes(corrected, TfliteOptions.STANDARD),
        TfliteWriter.bytes(read, TfliteOptions.STANDARD));
    assertFalse(Arrays.equals(QdqOnnxWriter.bytes(plain), QdqOnnxWriter.bytes(read)));
    assertFalse(
        Arrays.equals(
            TfliteWriter.bytes(plain, TfliteOptions.STANDARD),
            TfliteWriter.bytes(read, TfliteOptions.STANDARD)));
  }

  @Test
  void aNetworkThatWasTrainedOnIsNotCorrectedTwice() {
    Graph folded = folded("resnet-8-s2");
    LabelledImages images = TestImages.labelledBy(folded, IMAGES);
    Calibrated calibrated =
        Calibration.of(folded, CalibrationImages.of(0, images, images), Int8Form.STANDARD);
    assertTrue(calibrated.correction().kept());
    Graph trainedOn = calibrated.graph().graph();
    Path file = folder.resolve("scales.json");
    calibrated.withNetwork(trainedOn).write(file);
    assertArrayEquals(
        QdqOnnxWriter.bytes(calibrated.graph()),
        QdqOnnxWriter.bytes(Calibrated.read(file, trainedOn)));
  }

  @Test
  void correctionsOfOtherLayersAreRefused() {
    Graph folded = folded("resnet-8-s2");
    LabelledImages images = TestImages.labelledBy(folded, IMAGES);
    QuantizedGraph quantized =
        Calibration.of(folded, CalibrationImages.of(0, images, images), Int8Form.STANDARD).graph();
    for (Map<String, float[]> biases :
        List.of(
            Map.of("nowhere", new float[16]),
            Map.of(folded.output(), new float[3]),
            Map.of(folded.blocks().get(0).sum(), new float[16]))) {
      assertThrows(
          IllegalArgumentException.class,
          () -> QuantizedGraph.of(folded, quantized.quantizations(), biases));
    }
  }

  @Test
  void theCorrectionDoesNotDependOnTheProcessors() throws Exception {
    Graph folded = folded("resnet-8-s2");
    LabelledImages images = TestImages.labelledBy(folded, IMAGES);
    QuantizedGraph quantized =
        QuantizedGraph.of(
            folded,
            Calibration.of(folded, CalibrationImages.of(0, images, images), Int8Form.STANDARD)
                .graph()
                .quantizations());
    Map<String, float[]> here = BiasCorrection.of(quantized, quantized.graph(), images);
    ForkJoinPool pool = new ForkJoinPool(1);
    try {
      Map<String, float[]> there =
          pool.submit(() -> BiasCorrection.of(quantized, quantized.graph(), images)).get();
      assertEquals(here.keySet(), there.keySet());
      here.forEach((layer, biases) -> assertArrayEquals(biases, there.get(layer), layer));
    } finally {
      pool.shutdown();
    }
  }

  private static Graph folded(String network) {
    return ExportPasses.all(TestImages.centred(ShakenNetworks.create(network, SHAPE)));
  }
}
