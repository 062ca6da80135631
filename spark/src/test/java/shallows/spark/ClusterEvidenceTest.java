package shallows.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.model.BadInputException;
import shallows.model.file.Sha256;
import shallows.model.json.Changes;
import shallows.pipeline.Importing;
import shallows.pipeline.Run;
import shallows.pipeline.Shallows;
import shallows.pipeline.folder.PruneSettings;
import shallows.train.jobs.JobRunner;
import shallows.train.options.Compute;

/** What blocks of an imported network are worth, by executors in processes of their own. */
class ClusterEvidenceTest {
  @TempDir private static Path shared;
  private static StandaloneCluster cluster;
  private static String data;

  /** 27 blocks, so that there is something to do for four. */
  private static Path network;

  private static String expected;

  private final List<String> remarks = Collections.synchronizedList(new ArrayList<>());

  @BeforeAll
  static void startAndMeasureOnThreads() throws Exception {
    cluster = StandaloneCluster.shared();
    SmallFiles files = new SmallFiles(shared);
    files.pictures("pictures/train", 110);
    files.pictures("pictures/test", 2);
    data = shared.resolve("pictures").toString();
    network = files.onnx("theirs.onnx", "resnet-56-s2");
    expected = survival(taken(run("here")));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void anyNumberOfExecutorsFindsTheSameToTheBit(int executors) {
    Run run = onCluster("executors" + executors, Map.of("spark.cores.max", "" + executors));

    assertEquals(expected, survival(run));
    assertTrue(remarks.stream().noneMatch(line -> line.contains("was lost")), remarks::toString);
  }

  @Test
  void anExecutorThatIsKilledLosesNothing() throws Exception {
    Path root = shared.resolve("killed");
    CompletableFuture<Run> done =
        CompletableFuture.supplyAsync(() -> onCluster("killed", Map.of("spark.cores.max", "1")));
    cluster.await(() -> Lists.has(root.resolve(".train.jobs"), ".lock") || done.isDone());
    cluster.executors().forEach(ProcessHandle::destroyForcibly);

    assertEquals(expected, survival(done.get()));
    assertTrue(remarks.stream().anyMatch(line -> line.contains("was lost on")), remarks::toString);
  }

  @Test
  void pricesOfFormsAreTheSameToTheBit() throws IOException {
    PruneSettings pruning = Changes.in(Importing.pruning(0).withMaxDrop(100), "maxMacs", "90%");
    String here = planned(run("here").prune(pruning));
    Run there = taken(run("there"));
    AtomicInteger given = new AtomicInteger();
    try (JobRunner others = cluster.runner(Map.of("spark.cores.max", "2"), remarks::add)) {
      JobRunner counted =
          (chains, jobs, afterEach) -> {
            given.addAndGet(chains.size());
            others.run(chains, jobs, afterEach);
          };

      assertEquals(here, planned(there.on(counted).prune(pruning)));
    }
    assertTrue(given.get() >= 3, given::toString);
  }

  private static String planned(Run run) {
    Path prune = run.folder().resolve("prune");
    try {
      return Files.readString(prune.resolve("plan.json")) + Sha256.of(prune.resolve("model.onnx"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void anotherBuildOnTheExecutorsIsOneLineAndLeavesNothing() throws IOException {
    String jars = StandaloneCluster.olderJars(Files.createDirectories(shared.resolve("older")));

    String line =
        assertThrows(
                BadInputException.class,
                () -> onCluster("refused", Map.of("spark.cores.max", "1", "spark.jars", jars)))
            .getMessage();

    assertTrue(line.matches("localhost: Shallows: expected .* found older .*"), line);
    assertFalse(Files.exists(shared.resolve("refused")));
  }

  private static Run run(String name) {
    return Shallows.run(shared.resolve(name)).importing(network).on(Compute.cpu(1));
  }

  private static Run taken(Run run) {
    return run.train(Importing.of(network).training(data, 0, false));
  }

  private Run onCluster(String name, Map<String, String> settings) {
    try (JobRunner others = cluster.runner(settings, remarks::add)) {
      return taken(run(name).on(others));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String survival(Run run) {
    try {
      return Files.readString(run.folder().resolve("train/survival.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
