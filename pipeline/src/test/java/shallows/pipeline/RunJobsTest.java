package shallows.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.data.DataOptions;
import shallows.data.sets.DataSets;
import shallows.model.BadInputException;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.json.Changes;
import shallows.model.network.Networks;
import shallows.model.onnx.write.OnnxWriter;
import shallows.model.progress.Progress;
import shallows.pipeline.folder.PruneSettings;
import shallows.pipeline.folder.TrainSettings;
import shallows.train.jobs.JobChain;
import shallows.train.jobs.JobRunner;
import shallows.train.options.Compute;

/** Stages of a run whose work others do, in this process and one after another. */
class RunJobsTest {
  private static final List<String> COLOURS = List.of("blue", "green", "red");

  /** Four jobs: half of their multiplications come behind a block, in the mean. */
  private static final int BLOCKS = 24;

  /** Pictures of each colour, so that a tenth of the training images are enough to decide on. */
  private static final int EACH = 105;

  @TempDir private Path folder;

  /** The lists that were given, each the names of its chains. */
  private final List<List<String>> lists = new ArrayList<>();

  private final JobRunner others =
      (chains, jobs, afterEach) -> {
        lists.add(chains.stream().map(JobChain::name).toList());
        JobRunner.HERE.run(chains, jobs, afterEach);
      };

  /** Others who are interrupted after the first of a list. */
  private final JobRunner dies =
      (chains, jobs, afterEach) -> {
        others.run(chains.subList(0, 1), jobs, afterEach);
        throw new IllegalStateException("interrupted");
      };

  /** A network that names the brightest colour. */
  private Path colours(int width) {
    float[] brightest = new float[18];
    for (int c = 0; c < 3; c++) {
      brightest[6 * c + c] = 1;
    }
    Task task = new Task(COLOURS, List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));
    Path file = folder.resolve("colours" + width + ".onnx");
    OnnxWriter.write(
        Colours.network(task, width, BLOCKS)
            .withParameters(Map.of("classes/weight", new Tensor(Shape.of(3, 6), brightest))),
        file);
    return file;
  }

  /** What is imported, and the images that its blocks are measured on. */
  private record Given(Path network, String data, Integer images) {
    TrainSettings training() {
      TrainSettings all = Importing.of(network).training(data, 0, false);
      return images == null ? all : all.withData(data, images);
    }
  }

  private Given given(String kind) throws IOException {
    switch (kind) {
      case "pictures":
        return new Given(colours(8), sorted().toString(), null);
      case "pictures that are stretched":
        return new Given(colours(10), sorted().toString(), null);
      case "pictures without labels":
        return new Given(colours(8), loose().toString(), null);
      case "pictures without labels that become grey":
        return new Given(brightness(), loose().toString(), null);
      default:
        return new Given(clothes(), DataSets.FASHION_MNIST_MINI, 250);
    }
  }

  private Path loose() throws IOException {
    Path loose = Files.createDirectory(folder.resolve("loose"));
    for (String colour : COLOURS) {
      for (int i = 0; i < EACH; i++) {
        Files.move(
            sorted().resolve(colour).resolve(i + ".png"), loose.resolve(i + colour + ".png"));
      }
    }
    return loose;
  }

  /** A network of one channel, to which blue is dark and green is bright. */
  private Path brightness() {
    Task task = new Task(COLOURS, List.of(0.37f), List.of(1f));
    float[] around = {1, -1, 0, 0, 0, 0};
    float[] classes = new float[18];
    classes[1] = 1;
    classes[6] = 1;
    Path file = folder.resolve("brightness.onnx");
    OnnxWriter.write(
        Colours.network(task, 8, BLOCKS, new Tensor(Shape.of(6, 1, 1, 1), around))
            .withParameters(Map.of("classes/weight", new Tensor(Shape.of(3, 6), classes))),
        file);
    return file;
  }

  private Path clothes() {
    List<String> classes =
        DataSets.open(DataSets.FASHION_MNIST_MINI, DataOptions.ofSeed(1), Progress.SILENT)
            .classes();
    Path file = folder.resolve("clothes.onnx");
    Task task = new Task(classes, List.of(0.3f), List.of(0.4f));
    OnnxWriter.write(Networks.create("resnet-56-s2", Shape.of(1, 8, 8), task, 1), file);
    return file;
  }

  private Path sorted() throws IOException {
    Path sorted = folder.resolve("sorted");
    return Files.exists(sorted) ? sorted : Colours.pictures(sorted, COLOURS, EACH);
  }

  private Run run(Given given, String name) {
    return Shallows.run(folder.resolve(name)).importing(given.network()).on(Compute.cpu(1));
  }

  private byte[] survival(Run run) throws IOException {
    return Files.readAllBytes(run.folder().resolve("train/survival.json"));
  }

  private boolean holdsJobs(Run run) {
    return Files.exists(run.folder().resolve(".train.jobs"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pictures",
        "pictures that are stretched",
        "pictures without labels",
        "pictures without labels that become grey",
        "images of one file"
      })
  void leaveOneOutByOthersIsTheSameToTheBit(String kind) throws IOException {
    Given given = given(kind);
    Run here = run(given, "here").train(given.training());

    Run there = run(given, "there").on(others).train(given.training());

    assertArrayEquals(survival(here), survival(there));
    assertTrue(lists.size() == 1 && lists.get(0).size() >= 4, lists::toString);
    assertFalse(holdsJobs(there), "what jobs left goes when the stage is done");
  }

  @Test
  void whatWouldBeOneJobIsNotGivenAway() throws IOException {
    Path file = folder.resolve("few.onnx");
    Task task = new Task(COLOURS, List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));
    OnnxWriter.write(Colours.network(task, 8, 3), file);
    Given few = new Given(file, sorted().toString(), null);

    Run run = run(few, "few").on(others).train(few.training());

    assertTrue(Files.exists(run.folder().resolve("train/survival.json")));
    assertEquals(List.of(), lists);
    assertFalse(holdsJobs(run));
  }

  @Test
  void whatWasDoneBeforeAnInterruptionIsNotDoneAgain() throws IOException {
    Given given = given("pictures");
    Run here = run(given, "here").train(given.training());
    Run there = run(given, "there");
    assertThrows(IllegalStateException.class, () -> there.on(dies).train(given.training()));
    assertTrue(holdsJobs(there));

    there.on(others).train(given.training());

    assertEquals(List.of(1, 3), lists.stream().map(List::size).toList());
    assertFalse(lists.get(1).contains(lists.get(0).get(0)), lists::toString);
    assertArrayEquals(survival(here), survival(there));
    assertFalse(holdsJobs(there));
  }

  /** With fine-tuning, drops one by one are priced beside forms. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void formsPricedByOthersAreAPlanAndANetworkOfTheSameBytes(int epochs) throws IOException {
    Given given = given("pictures");
    PruneSettings pruning =
        Changes.in(Importing.pruning(0).withMaxDrop(100), "maxMacs", "85%")
            .withFineTuneEpochs(epochs);
    Run here = run(given, "here").train(given.training()).prune(pruning);
    Run there = run(given, "there").train(given.training());
    assertThrows(IllegalStateException.class, () -> there.on(dies).prune(pruning));
    String first = lists.get(0).get(0);
    lists.clear();

    there.on(others).prune(pruning);

    for (String file : List.of("plan.json", "model.onnx")) {
      assertArrayEquals(
          Files.readAllBytes(here.folder().resolve("prune").resolve(file)),
          Files.readAllBytes(there.folder().resolve("prune").resolve(file)),
          file);
    }
    List<String> done = lists.stream().flatMap(List::stream).toList();
    assertTrue(done.stream().anyMatch(name -> name.startsWith("forms-")), done::toString);
    assertTrue(!done.isEmpty() && !done.contains(first), done::toString);
    assertFalse(Files.exists(there.folder().resolve(".prune.jobs")));
  }

  @Test
  void othersWhoWouldHaveNothingToPriceAreOneLine() throws IOException {
    Given given = given("pictures");
    Run run = run(given, "there").train(given.training()).on(others);
    PruneSettings timed = Changes.in(Importing.pruning(0), "maxLatency", "50%");

    String line = assertThrows(BadInputException.class, () -> run.prune(timed)).getMessage();

    assertTrue(line.contains("expected no maxLatency beside it"), line);
    // Which a command asks before it calls others.
    assertThrows(BadInputException.class, () -> run.requireJobs(timed));
    run.requireJobs(Changes.in(timed, "maxLatency", null));
    // With fine-tuning, drops are tried beside forms, if blocks may be dropped.
    PruneSettings tuned = timed.withFineTuneEpochs(1);
    run.requireJobs(tuned);
    assertThrows(
        BadInputException.class, () -> run.requireJobs(Changes.in(tuned, "forms", "narrow")));
    run.requireJobs(Changes.in(timed, "forms", "none"));
  }

  /** As a machine has it that sees another folder under the name. */
  @ParameterizedTest
  @ValueSource(strings = {"pictures", "pictures that are stretched"})
  void imagesThatAreOthersAreOneLineAndLeaveNothing(String kind) throws IOException {
    Given given = given(kind);
    JobRunner elsewhere =
        (chains, jobs, afterEach) -> {
          changePictures();
          JobRunner.HERE.run(chains, jobs, afterEach);
        };
    Run run = run(given, "there").on(elsewhere);

    String line =
        assertThrows(BadInputException.class, () -> run.train(given.training())).getMessage();

    assertTrue(line.startsWith(sorted() + ": expected the images of this run, found others"), line);
    assertFalse(Files.exists(run.folder()));
  }

  /** Each into the one beside it. */
  private void changePictures() {
    try {
      for (int i : IntStream.range(0, EACH - 1).toArray()) {
        Path of = sorted().resolve("red");
        Files.write(of.resolve(i + ".png"), Files.readAllBytes(of.resolve((i + 1) + ".png")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
