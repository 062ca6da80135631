package shallows.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.model.BadInputException;
import shallows.train.jobs.JobChain;
import shallows.train.jobs.JobRunner;

/** Executors in processes of their own, to which Spark brings the jars. */
class StandaloneClusterTest {
  @TempDir private static Path shared;
  private static StandaloneCluster cluster;
  private static Map<String, String> expected;

  private final List<String> begun = Collections.synchronizedList(new ArrayList<>());
  private final List<String> remarks = Collections.synchronizedList(new ArrayList<>());

  @BeforeAll
  static void startAndDoTheSameOnThreads() throws Exception {
    cluster = StandaloneCluster.shared();
    Path here = shared.resolve("here");
    JobRunner.HERE.run(Lists.four(), Lists.in(here, name -> {}), () -> {});
    expected = Lists.found(here);
    assertEquals(
        4 + 1, expected.keySet().stream().filter(name -> name.endsWith("job.json")).count());
  }

  /** And whatever is in the list twice is done once. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void anyNumberOfExecutorsLeavesTheSameBytes(int executors) throws IOException {
    Path root = shared.resolve("executors" + executors);
    List<JobChain> twice = new ArrayList<>();
    for (JobChain chain : Lists.four()) {
      twice.addAll(List.of(chain, chain));
    }
    List<Integer> ends = new ArrayList<>();
    try (JobRunner runner = runner(Map.of("spark.cores.max", "" + executors))) {
      runner.run(twice, Lists.in(root, begun::add), () -> ends.add(ends.size()));
    }

    assertEquals(expected, Lists.found(root));
    assertEquals(twice.size(), ends.size());
    assertEquals(twice.size(), begun.size());
    assertTrue(begun.stream().allMatch(line -> line.endsWith(" on localhost")), begun::toString);
    assertTrue(remarks.stream().noneMatch(line -> line.contains("was lost")), remarks::toString);
  }

  @Test
  void anExecutorThatIsKilledLosesNothing() throws Exception {
    Path root = shared.resolve("killed");
    try (JobRunner runner = runner(Map.of("spark.cores.max", "1"))) {
      CompletableFuture<Void> done =
          CompletableFuture.runAsync(
              () -> runner.run(Lists.four(), Lists.in(root, begun::add), () -> {}));
      // The job has begun, and is not done.
      cluster.await(() -> Lists.has(root, ".lock") || done.isCompletedExceptionally());
      cluster.executors().forEach(ProcessHandle::destroyForcibly);
      done.get();
    }

    assertEquals(expected, Lists.found(root));
    assertTrue(begun.size() > Lists.four().size(), begun::toString);
    assertTrue(
        remarks.stream().anyMatch(line -> line.contains("was lost on localhost")),
        remarks::toString);
  }

  @Test
  void anotherBuildOnTheExecutorsIsOneLine() throws IOException {
    Path older = shared.resolve("older");
    String jars = StandaloneCluster.olderJars(Files.createDirectories(older));
    String line;
    try (JobRunner runner = runner(Map.of("spark.cores.max", "1", "spark.jars", jars))) {
      line =
          assertThrows(
                  BadInputException.class,
                  () -> runner.run(Lists.four(), Lists.in(older, begun::add), () -> {}))
              .getMessage();
    }

    assertTrue(line.matches("localhost: Shallows: expected .* found older .*"), line);
    assertEquals(Map.of(), Lists.found(older));
  }

  @Test
  void whatSparkSubmitStartedLeavesNoProcessWhenItIsStopped() throws Exception {
    Path root = shared.resolve("stopped");
    Path said = shared.resolve("said.txt");
    Process sweep =
        cluster.submit(
            said,
            List.of(
                "sweep",
                "--networks",
                "resnet-8-s2",
                "--survivals",
                "none",
                "--seeds",
                "1,2",
                "--epochs",
                "500",
                "--train-images",
                "400",
                "--out",
                root.toString()));
    try {
      cluster.await(() -> Lists.has(root, "history.csv") || !sweep.isAlive());
      HashSet<ProcessHandle> executors = new HashSet<>(cluster.executors());
      assertTrue(sweep.isAlive() && !executors.isEmpty(), Files.readString(said));
      new ProcessBuilder("kill", "-TERM", "" + sweep.pid()).start().waitFor();
      sweep.waitFor();
      cluster.await(() -> executors.stream().noneMatch(ProcessHandle::isAlive));

      String words = Files.readString(said);
      assertTrue(words.contains("stopped; the same command goes on where it was"), words);
    } finally {
      sweep.destroyForcibly();
    }
  }

  private JobRunner runner(Map<String, String> settings) throws IOException {
    return cluster.runner(settings, remarks::add);
  }
}
