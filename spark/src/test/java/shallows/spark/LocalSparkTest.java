package shallows.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.BadInputException;
import shallows.pipeline.folder.TrainSettings;
import shallows.pipeline.sweep.TrainJob;
import shallows.train.jobs.JobChain;
import shallows.train.jobs.JobRunner;
import shallows.train.options.Compute;

/** Spark in this process, and what is checked before a job. */
class LocalSparkTest {
  @TempDir private Path folder;
  private final List<String> begun = new ArrayList<>();

  @Test
  void leavesWhatPlainThreadsLeaveAndDoesNothingTwice() throws IOException {
    Path here = folder.resolve("here");
    Path spark = folder.resolve("spark");
    List<JobChain> two = Lists.four().subList(0, 2);
    JobRunner.HERE.run(two, Lists.in(here, name -> {}), () -> {});
    List<Integer> ends = new ArrayList<>();
    try (JobRunner runner = Lists.spark("spark", Map.of(), Compute.cpu(2), line -> {})) {
      runner.run(two.subList(0, 1), Lists.in(spark, begun::add), () -> ends.add(begun.size()));
      runner.run(two, Lists.in(spark, begun::add), () -> ends.add(begun.size()));
      runner.run(two, Lists.in(spark, begun::add), () -> ends.add(begun.size()));
    }

    assertEquals(Lists.found(here), Lists.found(spark));
    assertEquals(two.stream().map(JobChain::name).toList(), begun);
    assertEquals(List.of(1, 2), ends);
  }

  @Test
  void whatAJobRefusesIsOneLineThatNamesTheHost() {
    JobChain chain =
        new JobChain(
            List.of(
                new TrainJob(
                    TrainSettings.STANDARD.withData(folder.resolve("gone").toString(), null))));
    String line;
    try (JobRunner runner = Lists.spark("spark", Map.of(), Compute.cpu(2), line2 -> {})) {
      line =
          assertThrows(
                  BadInputException.class,
                  () ->
                      runner.run(
                          List.of(chain), Lists.in(folder.resolve("list"), begun::add), () -> {}))
              .getMessage();
    }

    assertTrue(line.startsWith("localhost: ") && line.contains("gone"), line);
    assertEquals(1, line.lines().count());
  }

  @Test
  void aMasterThatDoesNotAnswerIsOneLine() {
    String line =
        assertThrows(
                BadInputException.class,
                () -> new SparkPlace().open("spark://localhost:1", Compute.cpu(1), text -> {}))
            .getMessage();

    assertTrue(line.contains("expected a Spark master that answers, found none"), line);
    assertEquals(Optional.empty(), new SparkPlace().open("elsewhere", Compute.cpu(1), text -> {}));
  }

  @Test
  void anotherFolderThanTheOneThatIsMeantIsRefused() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    assertTrue(refusal(other, 0).contains("on storage that all machines share"));

    Files.createFile(other.resolve(SharedFolder.FILE));
    assertTrue(refusal(other, 0).contains("its lock is not seen here"));
  }

  @Test
  void aFullDiskIsRefused() throws IOException {
    SharedFolder held = SharedFolder.hold(folder);
    try {
      SharedFolder.require(folder, 1);
      assertTrue(refusal(folder, Long.MAX_VALUE).contains("bytes of space"));
    } finally {
      held.close();
    }
  }

  @Test
  void anotherBuildIsRefused() {
    Preflight other = new Preflight("0.0.9 (000000000000)", folder.toString(), 0);

    String line =
        assertThrows(BadInputException.class, () -> other.require(Compute.cpu(1), true))
            .getMessage();

    assertTrue(line.startsWith("Shallows: expected 0.0.9 (000000000000), found "), line);
  }

  private static String refusal(Path root, long freeBytes) {
    return assertThrows(BadInputException.class, () -> SharedFolder.require(root, freeBytes))
        .getMessage();
  }
}
