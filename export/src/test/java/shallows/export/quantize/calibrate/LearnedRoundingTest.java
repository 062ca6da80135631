package shallows.export.quantize.calibrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.LabelledImages;
import shallows.data.PixelOrder;
import shallows.export.ExportFormat;
import shallows.export.ExportPrecision;
import shallows.export.ExportSettings;
import shallows.export.ExportedFile;
import shallows.export.ExportedNetwork;
import shallows.export.Exporter;
import shallows.export.Int8Bound;
import shallows.export.Int8Tuning;
import shallows.export.NetworkForm;
import shallows.export.ShakenNetworks;
import shallows.export.TestImages;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.StoredWeights;
import shallows.export.quantize.WeightStorage;
import shallows.export.verify.FileCheck;
import shallows.export.verify.Verifier;
import shallows.export.verify.VerifierOptions;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.interpreter.Interpreter;
import shallows.model.progress.Progress;

class LearnedRoundingTest {
  private static final Graph NETWORK =
      TestImages.centred(ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28)));
  private static final Graph FOLDED = ExportPasses.all(NETWORK);
  private static final LabelledImages IMAGES = TestImages.labelledBy(FOLDED, 120);
  private static final LabelledImages SEEN = IMAGES.subset(0, 40);

  private static final Graph LEARNED = learned(FOLDED, SEEN);

  @TempDir private Path folder;

  private static Graph learned(Graph graph, LabelledImages images) {
    return LearnedRounding.anyway(graph, images, EnumSet.allOf(LearnedRounding.Part.class));
  }

  private static Graph computed(Graph graph) {
    return StoredWeights.of(graph, WeightStorage.NIBBLES).computed();
  }

  /** The mean square of what outputs are off by, on images that nothing was learned on. */
  private static double error(Graph graph) {
    float[] pixels = IMAGES.normalized(60, 120, FOLDED.task().normalization());
    Tensor batch =
        new Tensor(Shape.of(1, 28, 28).withBatch(60), PixelOrder.channelsFirst(pixels, 60, 1));
    float[] expected = Interpreter.values(FOLDED, batch).get(FOLDED.output()).values();
    float[] found = Interpreter.values(graph, batch).get(graph.output()).values();
    double sum = 0;
    for (int i = 0; i < found.length; i++) {
      sum += Math.pow(found[i] - expected[i], 2);
    }
    return sum / found.length;
  }

  @Test
  void whatIsLearnedIsWhatAFileStoresOfIt() {
    StoredWeights stored = StoredWeights.of(LEARNED, WeightStorage.NIBBLES);
    StoredWeights nearest = StoredWeights.of(FOLDED, WeightStorage.NIBBLES);
    int moved = 0;
    for (String weight : nearest.names()) {
      byte[] before = nearest.integers(weight).values();
      byte[] after = stored.integers(weight).values();
      float[] scales = nearest.integers(weight).scales();
      assertArrayEquals(scales, stored.integers(weight).scales(), 1e-6f * scales[0], weight);
      for (int i = 0; i < before.length; i++) {
        moved += before[i] == after[i] ? 0 : 1;
        boolean inNibbles = nearest.isInNibbles(weight);
        assertTrue(inNibbles || before[i] == after[i], weight);
        if (inNibbles) {
          float value = LEARNED.parameter(weight).values()[i];
          float scale = scales[i / (before.length / scales.length)];
          assertEquals(value, after[i] * scale, 1e-6f, weight);
        }
      }
    }
    assertTrue(moved > 0);
  }

  @Test
  void imagesThatNothingWasLearnedOnAreAnsweredMoreAsByTheFloats() {
    double nearest = error(computed(FOLDED));
    double learned = error(computed(LEARNED));
    assertTrue(learned < nearest / 2, learned + " of " + nearest);
  }

  @Test
  void processorsMakeNoDifference() throws Exception {
    ForkJoinPool one = new ForkJoinPool(1);
    try {
      Graph there = one.submit(() -> learned(FOLDED, SEEN)).get();
      LEARNED
          .parameters()
          .forEach(
              (name, tensor) ->
                  assertArrayEquals(tensor.values(), there.parameter(name).values(), name));
    } finally {
      one.shutdown();
    }
  }

  @Test
  void filesAreVerifiedAgainstWhatWasLearnedAndFailWithoutIt() throws IOException {
    List<ExportedNetwork> networks = List.of(new ExportedNetwork(NetworkForm.FULL, null, NETWORK));
    List<ExportedFile> files =
        new Exporter(
                "run",
                folder,
                ExportSettings.of(
                    EnumSet.of(ExportFormat.ONNX),
                    EnumSet.of(ExportPrecision.INT8_WEIGHTS, ExportPrecision.INT4_WEIGHTS)),
                () -> CalibrationImages.of(0, SEEN, SEEN),
                Int8Tuning.NONE,
                Int8Bound.NONE)
            .export(networks)
            .files();
    assertEquals(Optional.empty(), files.get(0).tunedIn(folder));
    Path learned = folder.resolve("rounded/run-full/model.onnx");
    assertEquals(Optional.of(learned), files.get(1).tunedIn(folder));
    VerifierOptions quick = new VerifierOptions(100, 2, 0, 1, 1, 1, 3, 40);
    Verifier verifier = new Verifier(quick, IMAGES, Progress.SILENT);
    for (FileCheck check : verifier.verify(Optional.empty(), networks, folder, files).files()) {
      assertTrue(check.passed(), check.file() + ": " + check.reason());
    }
    Files.delete(learned);
    List<FileCheck> without = verifier.verify(Optional.empty(), networks, folder, files).files();
    assertTrue(without.get(0).passed());
    assertFalse(without.get(1).passed());
  }

  @Test
  void aBiasThatLayersShareStays() {
    StoredWeights nearest = StoredWeights.of(FOLDED, WeightStorage.NIBBLES);
    List<Node> layers =
        FOLDED.nodes().stream()
            .filter(node -> node.operation() instanceof Operation.Conv2d)
            .filter(node -> nearest.isInNibbles(node.inputs().get(1)))
            .toList();
    Node first = layers.get(0);
    String bias = first.inputs().get(2);
    int outputs = FOLDED.parameter(bias).size();
    Node second =
        layers.stream()
            .skip(1)
            .filter(node -> FOLDED.parameter(node.inputs().get(2)).size() == outputs)
            .findFirst()
            .orElseThrow();
    List<Node> nodes = new ArrayList<>(FOLDED.nodes());
    nodes.replaceAll(
        node ->
            node.equals(second)
                ? node.withInputs(List.of(node.inputs().get(0), node.inputs().get(1), bias))
                : node);
    Map<String, Tensor> parameters = new LinkedHashMap<>(FOLDED.parameters());
    parameters.remove(second.inputs().get(2));
    Graph shared = FOLDED.with(nodes, FOLDED.output(), parameters, FOLDED.blocks());
    Graph learned = learned(shared, SEEN.subset(0, 4));
    assertArrayEquals(shared.parameter(bias).values(), learned.parameter(bias).values());
  }
}
