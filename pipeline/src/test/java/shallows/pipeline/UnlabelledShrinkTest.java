package shallows.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.export.ExportFormat;
import shallows.export.ExportPrecision;
import shallows.export.ExportSettings;
import shallows.export.verify.FileCheck;
import shallows.model.BadInputException;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.json.Changes;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.read.ReadOptions;
import shallows.model.onnx.write.OnnxWriter;
import shallows.pipeline.event.Event;
import shallows.pipeline.folder.PruneSettings;
import shallows.pipeline.folder.Stage;
import shallows.pipeline.folder.TrainSettings;
import shallows.pipeline.report.Report;
import shallows.prune.plan.Decision;
import shallows.prune.plan.PlanSummary;

/** Somebody's network made smaller by pictures that nobody has labelled. */
class UnlabelledShrinkTest {
  private static final List<String> COLOURS = List.of("blue", "green", "red");

  private static final ExportSettings EXPORT =
      ExportSettings.of(
          List.of(ExportFormat.TFLITE), List.of(ExportPrecision.FP32, ExportPrecision.INT8));

  @TempDir private Path folder;
  private Path theirs;

  /** Names the colour that is brightest in the mean. */
  @BeforeEach
  void write() throws IOException {
    Graph graph = Colours.network(Task.unnamed(3, 3));
    float[] brightest = new float[18];
    for (int c = 0; c < 3; c++) {
      brightest[6 * c + c] = 1;
    }
    theirs = folder.resolve("theirs.onnx");
    OnnxWriter.write(
        graph.withParameters(Map.of("classes/weight", new Tensor(Shape.of(3, 6), brightest))),
        theirs);
    // Other people's files say nothing of classes and pixels.
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(theirs)).toBuilder();
    Files.write(theirs, model.clearMetadataProps().build().toByteArray());
  }

  /** Pictures of some of the colours, in one folder, {@code ofEach} of each. */
  private Path loose(String name, List<String> colours, int ofEach) throws IOException {
    Path sorted = Colours.pictures(folder.resolve(name + "-sorted"), COLOURS);
    Path loose = Files.createDirectory(folder.resolve(name));
    for (String colour : colours) {
      for (int i = 0; i < ofEach; i++) {
        Files.move(sorted.resolve(colour).resolve(i + ".png"), loose.resolve(i + colour + ".png"));
      }
    }
    return loose;
  }

  private Importing importing(String normalization) {
    return new Importing(
        theirs,
        ReadOptions.OF_FILE,
        Optional.empty(),
        Optional.ofNullable(normalization),
        null,
        null);
  }

  private String refusal(Path data, String normalization, int epochs) {
    Importing network = importing(normalization);
    Path run = folder.resolve("refused");
    BadInputException refused =
        assertThrows(
            BadInputException.class,
            () ->
                Run.in(run)
                    .importing(network)
                    .complete(
                        network.training(data.toString(), epochs, epochs > 0),
                        Importing.pruning(data.toString(), epochs),
                        EXPORT));
    assertFalse(Files.exists(run), "what has failed at the door leaves nothing");
    return refused.getMessage();
  }

  @Test
  void whatTheNetworkAnswersCountsAsRight() throws IOException {
    Path pictures = loose("loose", COLOURS, 40);
    Files.copy(pictures.resolve("0red.png"), pictures.resolve("again.png"));
    Path path = folder.resolve("run");
    List<Event> heard = new ArrayList<>();
    Importing network = importing("none");
    TrainSettings training = network.training(pictures.toString(), 0, false);
    PruneSettings pruning = Importing.pruning(pictures.toString(), 0);
    Run run = Run.in(path).importing(network).heardBy(heard::add);
    run.complete(training, pruning, EXPORT);

    assertTrue(
        heard.contains(new Event.AnswersAreLabels("theirs", 120, pruning.maxDrop())),
        heard.toString());
    PlanSummary plan = run.plan().summary();
    assertEquals(1, plan.fullHeldOutAccuracy());
    assertTrue(
        plan.heldOutImages().startsWith("loose, labelled by the answers of theirs.onnx"),
        plan.heldOutImages());
    Report report = Report.FORMAT.read(path.resolve("report.json"));
    assertTrue(report.isUnlabelled());
    assertEquals("loose, labelled by the answers of theirs.onnx", report.data());
    assertEquals(24, report.testImages());
    assertEquals(1, report.verification().expectationAccuracy());
    for (FileCheck check : report.verification().files()) {
      assertTrue(check.passed(), check.reason());
    }
    String page = Files.readString(path.resolve("report.html"));
    assertTrue(page.contains("what the network as it came answers counts as right"));
    String headline = page.substring(page.indexOf("<h1>"), page.indexOf("</header>"));
    assertTrue(headline.contains("% of the answers stayed (\u00b1"), headline);
    assertFalse(headline.contains("accuracy") || headline.contains("right"), headline);
    assertTrue(Cost.of(OnnxReader.read(path.resolve("prune/model.onnx"))).macs() > 0);

    // Its answers are kept: the network itself may be gone by now.
    Files.move(theirs, folder.resolve("elsewhere.onnx"));
    run.prune(pruning.withMaxDrop(100));
    assertFalse(run.isFinished(Stage.EXPORT));
    Files.delete(pictures.resolve("3blue.png"));
    assertTrue(
        assertThrows(BadInputException.class, () -> run.prune(pruning))
            .getMessage()
            .contains("restore the images"));
  }

  @Test
  void aBlockThatMayOnlyBecomeLinearIsRightInEveryFile() throws IOException {
    Path pictures = loose("loose", COLOURS, 40);
    Path path = folder.resolve("linear");
    Importing network = importing("none");
    Run run = Run.in(path).importing(network);
    PruneSettings pruning =
        Changes.in(
            Changes.in(Importing.pruning(0).withMaxDrop(100), "maxMacs", "60%"), "forms", "linear");
    run.complete(
        network.training(pictures.toString(), 0, false),
        pruning,
        ExportSettings.of(
            List.of(ExportFormat.ONNX, ExportFormat.TFLITE),
            List.of(ExportPrecision.FP32, ExportPrecision.INT8)));
    assertEquals(Map.of("stage1/block01", Decision.LINEAR), run.plan().decisions());
    Graph pruned = OnnxReader.read(path.resolve("prune/model.onnx"));
    assertTrue(pruned.hasNode("stage1/block01/linear"));
    Report report = Report.FORMAT.read(path.resolve("report.json"));
    assertEquals(8, report.verification().files().size());
    for (FileCheck check : report.verification().files()) {
      assertTrue(check.passed(), check.file() + ": " + check.reason());
    }
  }

  @Test
  void tooFewOrAllAlikeIsOneLine() throws IOException {
    assertTrue(
        refusal(loose("ten", COLOURS.subList(0, 2), 5), "none", 0)
            .contains("expected at least 50 different pictures, as they have no labels, found 10"));
    Path copies = Files.createDirectory(folder.resolve("copies"));
    Path one = loose("one", COLOURS.subList(0, 1), 1).resolve("0blue.png");
    for (int i = 0; i < 60; i++) {
      Files.copy(one, copies.resolve(i + ".png"));
    }
    String same = refusal(copies, "none", 0);
    assertTrue(same.contains("found 1 different ones among 60"), same);
    String blue = refusal(loose("blue", COLOURS.subList(0, 1), 60), "none", 0);
    assertTrue(blue.contains("expected pictures of several classes"), blue);
    assertTrue(blue.contains("' for all 60"), blue);
  }

  @Test
  void whatOnlyLabelsTellIsAskedFor() throws IOException {
    Path pictures = loose("loose", COLOURS, 20);
    String unscaled = refusal(pictures, null, 0);
    assertTrue(unscaled.contains("pictures without labels, which cannot tell"), unscaled);
    String trained = refusal(pictures, "none", 2);
    assertTrue(trained.contains("expected labelled images to train on"), trained);
    Files.writeString(pictures.resolve("torn.png"), "no picture");
    String torn = refusal(pictures, "none", 0);
    assertTrue(torn.contains("torn.png"), torn);
    try (Stream<Path> left = Files.list(pictures)) {
      assertEquals(61, left.count());
    }
  }
}
