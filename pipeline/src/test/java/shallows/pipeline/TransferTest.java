package shallows.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.export.ExportFormat;
import shallows.export.ExportPrecision;
import shallows.export.ExportSettings;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.read.ReadOptions;
import shallows.model.onnx.write.OnnxWriter;
import shallows.model.progress.Progress;
import shallows.pipeline.event.Event;
import shallows.pipeline.event.Listener;
import shallows.pipeline.folder.PruneSettings;
import shallows.pipeline.folder.TrainSettings;
import shallows.pipeline.report.Report;
import shallows.train.loop.Epoch;
import shallows.train.loop.TrainingPhase;
import shallows.train.options.Compute;
import shallows.train.options.Transfer;

/**
 * Somebody's network learns the user's classes. Its features are the means of three colours, and
 * the classes are colours: so a classifier on them is always right.
 */
@Tag("trains")
class TransferTest {
  private static final int SIDE = Colours.SIDE;
  private static final List<String> CLASSES = List.of("blue", "green", "red");
  private static final int HEAD_EPOCHS = 4;
  private static final int EPOCHS = 2;
  private static final Transfer HOW = new Transfer(HEAD_EPOCHS, 0.1);
  private static final TrainSettings TRAIN = TrainSettings.TRANSFER.withEpochs(EPOCHS);

  @TempDir private static Path temporary;

  private static Path theirs;
  private static Path pictures;

  @BeforeAll
  static void prepare() throws IOException {
    theirs = written("theirs.onnx", Colours.network(Task.unnamed(7, 3)));
    pictures = Colours.pictures(temporary.resolve("pictures"), CLASSES);
  }

  @Test
  void everyStageKnowsARunThatBeganWithANetwork() throws IOException {
    List<Event> events = new ArrayList<>();
    Run run = run("whole").heardBy(events::add);

    run.complete(
        TRAIN,
        PruneSettings.STANDARD.withMaxDrop(100).withFineTuneEpochs(0),
        ExportSettings.of(List.of(ExportFormat.ONNX), List.of(ExportPrecision.FP32)));

    Report report = run.report();
    assertEquals(CLASSES, report.classes());
    assertEquals(
        List.of(TrainingPhase.CLASSIFIER, TrainingPhase.NETWORK),
        report.training().stream().map(Epoch::phase).distinct().toList());
    assertEquals(HEAD_EPOCHS + EPOCHS, report.training().size());
    for (int i = 0; i < report.training().size(); i++) {
      assertEquals(i + 1, report.training().get(i).epoch());
    }
    assertEquals(1.0, report.training().get(HEAD_EPOCHS - 1).heldOutAccuracy());
    assertEquals(1.0, report.verification().expectationAccuracy());
    assertNull(report.verification().originalAccuracy());
    Event.ClassifierTrained told =
        (Event.ClassifierTrained)
            events.stream().filter(Event.ClassifierTrained.class::isInstance).findFirst().get();
    assertEquals(3, told.classes());
    assertEquals(6, told.features());
    assertFalse(events.stream().anyMatch(Event.TransferLost.class::isInstance));
    String page = Files.readString(run.folder().resolve("report.html"));
    assertTrue(page.contains("classifier alone"), "the table of epochs");
    assertTrue(page.contains("trained the new classifier alone"), "the words above the chart");
    assertTrue(page.contains("theirs.onnx"), "what was asked for");
    assertFalse(Files.exists(run.folder().resolve("train/features")));
    assertEquals(
        1.0, Shallows.measure(run.folder().resolve("train/model.onnx"), pictures).accuracy());

    // Asked for again without the network, it stays the one that it began with.
    events.clear();
    Shallows.run(run.folder())
        .images(pictures)
        .on(Compute.cpu(1))
        .heardBy(events::add)
        .train(run.record().orElseThrow().train());
    assertEquals(List.of(), events);
    assertRefused("trunkRate", () -> with(run("whole"), new Transfer(HEAD_EPOCHS, 1)).train(TRAIN));
    assertRefused(
        "began with",
        () -> Shallows.run(trainedFromNothing()).images(pictures).from(theirs).train(TRAIN));
  }

  @Test
  void interruptedAnywhereItEndsWithTheSameBytes() throws IOException {
    Run whole = run("never-stopped");
    whole.train(TRAIN);
    for (String task : List.of("features", "classifier", "train")) {
      assertThrows(
          Stopped.class,
          () -> run("stopped").heardBy(Listener.of(new StopsIn(task))).train(TRAIN),
          task);
    }
    Run stopped = run("stopped");
    stopped.train(TRAIN);

    for (String file : List.of("classifier.onnx", "model.onnx", "survival.json")) {
      assertArrayEquals(
          Files.readAllBytes(whole.folder().resolve("train").resolve(file)),
          Files.readAllBytes(stopped.folder().resolve("train").resolve(file)),
          file);
    }
    assertEquals(
        HEAD_EPOCHS + EPOCHS + 1,
        Files.readAllLines(stopped.folder().resolve("train/history.csv")).size());
  }

  @Test
  void withoutEpochsTheClassifierAloneIsTrained() {
    Run run = run("classifier-alone");
    run.train(TRAIN.withEpochs(0));

    Graph trained = OnnxReader.read(run.folder().resolve("train/model.onnx"));
    Graph came = OnnxReader.read(theirs);
    String weight = came.node("colours").inputs().get(1);
    assertEquals(came.parameter(weight).shape(), trained.parameter(weight).shape());
    assertEquals(
        1.0, Shallows.measure(run.folder().resolve("train/model.onnx"), pictures).accuracy());
  }

  @Test
  void aNetworkForAnySizeTakesTheImagesAsTheyAre() throws IOException {
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(theirs)).toBuilder();
    var shape =
        model
            .getGraphBuilder()
            .getInputBuilder(0)
            .getTypeBuilder()
            .getTensorTypeBuilder()
            .getShapeBuilder();
    shape.getDimBuilder(2).setDimParam("height");
    shape.getDimBuilder(3).setDimParam("width");
    Path open = Files.write(temporary.resolve("open.onnx"), model.build().toByteArray());

    Run own = run("own-size", open, Optional.of("none"));
    own.train(TRAIN.withEpochs(0));
    assertEquals(Shape.of(3, SIDE, SIDE), input(own));

    Run twelve = run("twelve", open, Optional.of("none"));
    twelve.train(
        new TrainSettings(
            TRAIN.data(),
            12,
            false,
            null,
            TRAIN.network(),
            TRAIN.survival(),
            null,
            false,
            TRAIN.recipe(),
            TRAIN.training().withEpochs(0)));
    assertEquals(Shape.of(3, 12, 12), input(twelve));
  }

  @Test
  void whatCannotBeBegunWithIsRefusedInOneLine() throws IOException {
    Path own = written("own.onnx", Colours.network(new Task(CLASSES, List.of(0f, 0f, 0f), ones())));
    assertRefused("./shallows shrink", () -> run("own", own, Optional.empty()).train(TRAIN));
    assertFalse(Files.exists(temporary.resolve("own")));

    GraphBuilder sums = new GraphBuilder("sum", Shape.of(3, SIDE, SIDE), Task.unnamed(4, 3), 1);
    String flat = sums.add("flat", new Operation.Flatten(), sums.image());
    String both =
        sums.add(
            "both", new Operation.Add(), sums.linear("one", flat, 4), sums.linear("two", flat, 4));
    Path none = written("none.onnx", sums.build(both));
    assertRefused(
        "a layer of weights at the end", () -> run("none", none, Optional.empty()).train(TRAIN));

    ModelProto.Builder several = ModelProto.parseFrom(Files.readAllBytes(theirs)).toBuilder();
    String logits = several.getGraph().getOutput(0).getName();
    several.getGraphBuilder().addNodeBuilder().setOpType("Relu").addInput(logits).addOutput("aux");
    several.getGraphBuilder().addOutputBuilder().setName("aux");
    Path two = Files.write(temporary.resolve("two.onnx"), several.build().toByteArray());
    assertRefused("output NAME", () -> run("two", two, Optional.empty()).train(TRAIN));

    Path tflite = temporary.resolve("theirs.tflite");
    Shallows.convert(theirs, tflite);
    assertRefused("a TFLite", () -> run("tflite", tflite, Optional.empty()).train(TRAIN));
  }

  private static void assertRefused(String words, Runnable action) {
    BadInputException e = assertThrows(BadInputException.class, action::run);
    assertTrue(e.getMessage().contains(words), e.getMessage());
    assertFalse(e.getMessage().contains("\n"), e.getMessage());
  }

  private static Path trainedFromNothing() {
    Run run =
        Shallows.run(temporary.resolve("nothing"))
            .images(pictures)
            .network("resnet-8-s2")
            .on(Compute.cpu(1));
    run.train(TRAIN.withEpochs(1));
    return run.folder();
  }

  private static Shape input(Run run) {
    return OnnxReader.read(run.folder().resolve("train/model.onnx")).input().shape();
  }

  private static Run run(String name) {
    return run(name, theirs, Optional.of("none"));
  }

  private static Run with(Run run, Transfer how) {
    return run.from(importing(theirs, Optional.of("none")), how);
  }

  private static Run run(String name, Path network, Optional<String> normalization) {
    return Shallows.run(temporary.resolve(name))
        .images(pictures)
        .from(importing(network, normalization), HOW)
        .on(Compute.cpu(1));
  }

  private static Importing importing(Path network, Optional<String> normalization) {
    return new Importing(network, ReadOptions.OF_FILE, Optional.empty(), normalization, null, null);
  }

  private static List<Float> ones() {
    return List.of(1f, 1f, 1f);
  }

  private static Path written(String name, Graph graph) {
    Path file = temporary.resolve(name);
    OnnxWriter.write(graph, file);
    return file;
  }

  /** What a killed process looks like from inside. */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Stops in the middle of a task, where there is something done of it. */
  private static final class StopsIn implements Progress {
    private final String task;
    private String now = "";
    private int done;

    StopsIn(String task) {
      this.task = task;
    }

    @Override
    public void start(String begun, long total) {
      now = begun;
      done = 0;
    }

    @Override
    public void advance(long amount, String note) {
      done++;
      if (now.equals(task) && done > 1) {
        throw new Stopped();
      }
    }
  }
}
