package shallows.export.quantize.calibrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.LabelledImages;
import shallows.export.ExportFormat;
import shallows.export.ExportPrecision;
import shallows.export.ExportSettings;
import shallows.export.ExportedFile;
import shallows.export.ExportedNetwork;
import shallows.export.Exporter;
import shallows.export.Int8Bound;
import shallows.export.Int8Tuning;
import shallows.export.NetworkForm;
import shallows.export.OtherWeights;
import shallows.export.ShakenNetworks;
import shallows.export.TestImages;
import shallows.export.metadata.Provenance;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.Int8Form;
import shallows.export.quantize.Int8Sums;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.QuantizedWeights;
import shallows.export.quantize.WeightScales;
import shallows.export.tflite.TfliteBatch;
import shallows.export.tflite.TfliteEdges;
import shallows.export.verify.FileCheck;
import shallows.export.verify.Verifier;
import shallows.export.verify.VerifierOptions;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;
import shallows.model.progress.Progress;

/** What is done for weights that 8 bits, or one scale, cost too much. */
class WeightsWithinTest {
  private static final Graph NETWORK =
      TestImages.centred(
          ExportPasses.all(ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28))));
  private static final LabelledImages IMAGES = TestImages.labelledBy(NETWORK, 120);
  private static final CalibrationImages CALIBRATION = CalibrationImages.of(0, IMAGES, IMAGES);
  private static final Int8Form ONE_SCALE = new Int8Form(Int8Sums.ADD, WeightScales.PER_TENSOR);

  /** One scale is little for channels of so different sizes, also where they are equalized. */
  private static final Calibration NEAREST = calibrated(unequal(NETWORK));

  private static final Calibration LEARNED = NEAREST.within(0);

  @TempDir private Path folder;

  private static Calibration calibrated(Graph network) {
    LabelledImages images = TestImages.labelledBy(network, 120);
    return Calibration.run(network, CalibrationImages.of(0, images, images), ONE_SCALE);
  }

  /** The same function with one output larger, inside each block, and what reads it smaller. */
  private static Graph withOutliers(Graph graph, float factor) {
    Map<String, Tensor> changed = new HashMap<>();
    for (Block block : graph.blocks()) {
      Node second = graph.node(block.branch());
      Node first = graph.node(graph.node(second.inputs().get(0)).inputs().get(0));
      for (String name : first.inputs().subList(1, 3)) {
        changed.put(name, FloatLayersTest.scaled(graph.parameter(name), 0, factor));
      }
      String weight = second.inputs().get(1);
      changed.put(weight, FloatLayersTest.scaled(graph.parameter(weight), 1, 1 / factor));
    }
    return graph.withParameters(changed);
  }

  @Test
  void withOneScaleOutliersAreEqualizedAway() {
    Calibrated calibrated = Calibration.of(withOutliers(NETWORK, 50), CALIBRATION, ONE_SCALE);
    WeightRounding weights = calibrated.weights();
    assertEquals(WeightScales.PER_TENSOR, weights.scales());
    assertTrue(weights.equalized());
    assertTrue(calibrated.divergence() < weights.nearest() / 4, weights + ", then " + calibrated);
    assertTrue(weights.perChannel() < weights.nearest(), weights.toString());
  }

  @Test
  void aScaleForEachOutputIsEqualizedOnlyWhereItCosts() {
    Calibration plain = Calibration.run(NETWORK, CALIBRATION, Int8Form.STANDARD);
    assertSame(plain, plain.within(100));
    assertFalse(plain.calibrated().weights().isUnusual());
    Calibration spoiled =
        Calibration.run(withOutliers(NETWORK, 3000), CALIBRATION, Int8Form.STANDARD);
    assertTrue(spoiled.costsMoreThan(15));
    Calibrated within = spoiled.within(15).calibrated();
    assertTrue(within.weights().equalized());
    assertTrue(within.pointsLost() < spoiled.calibrated().pointsLost() / 2);
    assertEquals(List.of(), within.floats());
  }

  @Test
  void roundingIsLearnedWhereEightBitsStillCost() {
    Calibration nearest = NEAREST;
    assertTrue(nearest.costsMoreThan(0), nearest.calibrated().pointsLost() + " lost");
    Calibration learned = LEARNED;
    assertTrue(learned.calibrated().weights().learned());
    double before = nearest.calibrated().divergence();
    double after = learned.calibrated().divergence();
    // 0.0021 nats, then 0.0015: far more than what kernels of processors differ by.
    assertTrue(after < before, before + " nats, then " + after);
    // As a reader has it, from the scales and the network beside the file.
    Path scales = folder.resolve("scales.json");
    Path model = folder.resolve("model.onnx");
    learned.calibrated().write(scales);
    OnnxWriter.write(learned.calibrated().ofOtherWeights().orElseThrow(), model);
    QuantizedGraph read = Calibrated.read(scales, OnnxReader.read(model));
    int moved = 0;
    for (Node node : read.graph().nodes()) {
      if (node.operation() instanceof Operation.Conv2d) {
        QuantizedWeights learnt = read.weights(node);
        QuantizedWeights rounded = nearest.calibrated().graph().weights(node);
        assertArrayEquals(
            learned.calibrated().graph().weights(node).values(), learnt.values(), node.name());
        float[] weights = read.graph().parameter(node.inputs().get(1)).values();
        float scale = rounded.scales()[0];
        assertEquals(scale, learnt.scales()[0], 1e-6f * scale, node.name());
        for (int i = 0; i < weights.length; i++) {
          // What was learned are whole steps of the scale of before, so none is rounded again.
          assertEquals(learnt.values()[i], weights[i] / scale, 1e-3f, node.name());
          moved += rounded.values()[i] == learnt.values()[i] ? 0 : 1;
        }
      }
    }
    assertTrue(moved > 0);
  }

  @Test
  void divergencesAreThoseOfTheNetworksAsTheyAreTaken() {
    Calibrated plain = Calibration.plain(NETWORK, CALIBRATION, ONE_SCALE).calibrated();
    assertEquals(plain.divergence(), plain.weights().nearest());
    assertEquals(plain.divergence(), plain.weights().reached());
    assertEquals(NEAREST.calibrated().divergence(), NEAREST.calibrated().weights().reached());
    assertEquals(LEARNED.calibrated().divergence(), LEARNED.calibrated().weights().reached());
    assertEquals(
        NEAREST.calibrated().weights().nearest(), LEARNED.calibrated().weights().nearest());
    Calibrated mixed = FloatLayers.within(LEARNED, 0);
    assertEquals(LEARNED.calibrated().weights(), mixed.weights());
  }

  @Test
  void layersInFloatsHaveTheirWeightsAsTheyAre() {
    Calibration learned = LEARNED;
    Set<String> layers = new HashSet<>();
    for (Node node : learned.floats().nodes()) {
      if (node.operation().weighs() && layers.size() < 2) {
        layers.add(node.name());
      }
    }
    QuantizedGraph mixed = learned.withFloats(layers, Map.of());
    int others = 0;
    for (Node node : mixed.graph().nodes()) {
      if (node.operation().weighs()) {
        float[] exact = learned.floats().parameter(node.inputs().get(1)).values();
        float[] found = mixed.graph().parameter(node.inputs().get(1)).values();
        if (layers.contains(node.name())) {
          assertArrayEquals(exact, found, node.name());
        } else {
          others += Arrays.equals(exact, found) ? 0 : 1;
        }
      }
    }
    assertTrue(others > 0);
  }

  @Test
  void filesAreVerifiedAgainstTheOtherWeightsAndFailWithoutThem() throws IOException {
    Graph spoiled = withOutliers(NETWORK, 50);
    List<ExportedNetwork> networks = List.of(new ExportedNetwork(NetworkForm.FULL, null, spoiled));
    List<Calibrated> heard = new ArrayList<>();
    List<ExportedFile> files =
        new Exporter(
                "run",
                folder,
                new ExportSettings(
                    List.of(ExportFormat.values()),
                    List.of(ExportPrecision.INT8),
                    TfliteBatch.ONE,
                    TfliteEdges.FLOATS,
                    Int8Sums.ADD,
                    WeightScales.PER_TENSOR,
                    null),
                () -> CALIBRATION,
                Int8Tuning.NONE,
                new Int8Bound(100, (name, form, found, tuned) -> heard.add(found)))
            .export(networks)
            .files();
    Path other = folder.resolve("rounded-int8/run-full/model.onnx");
    assertTrue(heard.get(0).weights().equalized());
    assertEquals(
        "one scale a layer, equalized across layers",
        OnnxReader.read(other).metadata().get(Provenance.WEIGHTS));
    VerifierOptions quick = new VerifierOptions(100, 2, 0, 1, 1, 1, 3, 40);
    Verifier verifier = new Verifier(quick, IMAGES, Progress.SILENT);
    for (FileCheck check : verifier.verify(Optional.empty(), networks, folder, files).files()) {
      assertTrue(check.passed(), check.file() + ": " + check.reason());
    }
    for (ExportedFile file : files) {
      assertEquals(Optional.of(other), file.tunedIn(folder));
      assertEquals(OtherWeights.EQUALIZED, file.otherWeights());
      assertEquals(WeightScales.PER_TENSOR, file.weightScales());
    }
    Files.delete(other);
    for (FileCheck check : verifier.verify(Optional.empty(), networks, folder, files).files()) {
      assertFalse(check.passed(), check.file());
    }
  }

  /** The first output of every layer is far larger than the others. */
  private static Graph unequal(Graph graph) {
    Map<String, Tensor> changed = new HashMap<>();
    for (Node node : graph.nodes()) {
      if (node.operation().weighs()) {
        String weight = node.inputs().get(1);
        changed.put(weight, FloatLayersTest.scaled(graph.parameter(weight), 0, 12));
      }
    }
    return TestImages.centred(graph.withParameters(changed));
  }
}
