package shallows.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.data.evaluation.TestTimeAugmentation;
import shallows.export.verify.FileVerification;
import shallows.model.BadInputException;
import shallows.model.progress.Progress;
import shallows.pipeline.measure.AskedTask;
import shallows.pipeline.measure.ModelFileCheck;
import shallows.train.jobs.JobRunner;
import shallows.train.jobs.Jobs;
import shallows.train.options.Compute;

/** A verification in three parts, by executors in processes of their own. */
class ClusterVerificationTest {
  @TempDir private static Path shared;
  private static StandaloneCluster cluster;
  private static SmallFiles files;
  private static List<String> data;
  private static ModelFileCheck check;
  private static FileVerification expected;

  /** Of a network that gives time to kill something between two parts. */
  private static ModelFileCheck slow;

  private static FileVerification expectedOfSlow;

  private final List<String> remarks = Collections.synchronizedList(new ArrayList<>());

  @BeforeAll
  static void startAndVerifyOnThreads() throws Exception {
    cluster = StandaloneCluster.shared();
    files = new SmallFiles(shared);
    files.pictures("pictures/train", 1);
    files.pictures("pictures/test", 2_050);
    data = List.of(shared.resolve("pictures").toString());
    check =
        new ModelFileCheck(
            files.onnx("a.onnx", "resnet-8-s2"),
            Optional.of(files.onnx("b.onnx", "resnet-14-s2")),
            false,
            Optional.of(new TestTimeAugmentation(true, 1)),
            AskedTask.NOTHING);
    expected = check.run(data, 1, 2, Progress.SILENT).found();
    slow =
        new ModelFileCheck(
            files.onnx("slow.onnx", "resnet-56-s2"),
            Optional.empty(),
            false,
            Optional.empty(),
            AskedTask.NOTHING);
    expectedOfSlow = slow.run(data, 1, 2, Progress.SILENT).found();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void anyNumberOfExecutorsFindsTheSameToTheBit(int executors) throws IOException {
    assertSame(expected, run(check, "executors" + executors, cores(executors)));
  }

  @Test
  void anExecutorThatIsKilledLosesNothing() throws Exception {
    Path root = shared.resolve("killed");
    CompletableFuture<FileVerification> found =
        CompletableFuture.supplyAsync(() -> run(slow, "killed", cores(1)));
    cluster.await(() -> Lists.has(root, ".lock") || found.isDone());
    cluster.executors().forEach(ProcessHandle::destroyForcibly);

    assertEquals(expectedOfSlow.answers(), found.get().answers());
    assertTrue(remarks.stream().anyMatch(line -> line.contains("was lost on")), remarks::toString);
  }

  /** Its one core has not begun the last part when the first one is seen. */
  @Test
  void theSameCommandGoesOnAfterADriverThatWasKilled() throws Exception {
    Path root = shared.resolve("driver");
    Path said = shared.resolve("said.txt");
    Process driver =
        cluster.submit(
            said,
            List.of(
                "verify",
                slow.file().toString(),
                "--data",
                data.get(0),
                "--out",
                root.toString(),
                "--quiet"));
    try {
      cluster.await(() -> Lists.has(root, "job.json") || !driver.isAlive());
      HashSet<ProcessHandle> executors = new HashSet<>(cluster.executors());
      assertTrue(driver.isAlive() && !executors.isEmpty(), Files.readString(said));
      driver.destroyForcibly().waitFor();
      cluster.await(() -> executors.stream().noneMatch(ProcessHandle::isAlive));
    } finally {
      driver.destroyForcibly();
    }
    List<Path> done = parts(root);
    assertTrue(!done.isEmpty() && done.size() < 3, done::toString);
    FileTime before = Files.getLastModifiedTime(done.get(0));

    FileVerification found = run(slow, "driver", cores(2));

    assertEquals(before, Files.getLastModifiedTime(done.get(0)), "what was done stays done");
    assertEquals(expectedOfSlow.answers(), found.answers());
  }

  private static List<Path> parts(Path root) throws IOException {
    try (var all = Files.walk(root, 2)) {
      return all.filter(file -> file.endsWith("job.json")).toList();
    }
  }

  /** What was listed, and is not there where it is to be decoded. */
  @Test
  void picturesThatAreNotThereAreOneLine() throws IOException {
    Path gone = shared.resolve("pictures/test/cat/7.png");
    byte[] picture = Files.readAllBytes(gone);
    String line;
    try (JobRunner spark = cluster.runner(cores(1), remarks::add)) {
      JobRunner elsewhere =
          (chains, jobs, afterEach) -> {
            delete(gone);
            spark.run(chains, jobs, afterEach);
          };
      line = refusal(() -> check.run(data, 1, jobs("gone"), elsewhere));
    } finally {
      Files.write(gone, picture);
    }

    assertTrue(line.startsWith("localhost: " + gone + ": expected"), line);
  }

  @Test
  void anExecutorWithoutARuntimeIsOneLine() throws IOException {
    String jars =
        StandaloneCluster.jars(StandaloneCluster.JARS)
            .filter(jar -> !jar.contains("onnxruntime"))
            .collect(Collectors.joining(","));

    String line =
        refusal(() -> run(check, "lacking", Map.of("spark.cores.max", "1", "spark.jars", jars)));

    assertTrue(line.startsWith("localhost: a library: expected that it can be loaded"), line);
  }

  private static Map<String, String> cores(int count) {
    return Map.of("spark.cores.max", String.valueOf(count));
  }

  private FileVerification run(ModelFileCheck asked, String out, Map<String, String> settings) {
    try (JobRunner runner = cluster.runner(settings, remarks::add)) {
      return asked.run(data, 1, jobs(out), runner).found();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Jobs jobs(String out) {
    return new Jobs(shared.resolve(out), Compute.cpu(1), Progress.SILENT, name -> {});
  }

  private static String refusal(Executable asked) {
    String line = assertThrows(BadInputException.class, asked).getMessage();
    assertEquals(1, line.lines().count(), line);
    return line;
  }

  private static void assertSame(FileVerification expected, FileVerification found) {
    assertEquals(expected.answers(), found.answers());
    assertEquals(expected.comparison(), found.comparison());
    assertEquals(
        expected.augmented().orElseThrow().accuracy(), found.augmented().orElseThrow().accuracy());
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
