package shallows.train.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.BadInputException;
import shallows.model.Failure;
import shallows.model.json.JsonEdits;
import shallows.model.progress.Progress;
import shallows.train.options.Compute;

class JobsTest {
  @TempDir Path root;
  private final List<String> begun = new ArrayList<>();
  private Jobs jobs;

  /** A number, and what came of it. */
  record Square(String name, int number) implements Job<Square.Result> {
    private static final long serialVersionUID = 1;

    record Result(long value) {}

    @Override
    public Class<Result> resultType() {
      return Result.class;
    }

    @Override
    public Result run(Jobs jobs) {
      return new Result((long) number * number);
    }
  }

  /** Builds upon two others. */
  record Sum(String name, Square one, Square other) implements Job<Square.Result> {
    private static final long serialVersionUID = 1;

    @Override
    public Class<Square.Result> resultType() {
      return Square.Result.class;
    }

    @Override
    public Square.Result run(Jobs jobs) {
      return new Square.Result(jobs.result(one).value() + jobs.result(other).value());
    }
  }

  @BeforeEach
  void begins() {
    jobs = new Jobs(root, Compute.cpu(1), Progress.SILENT, begun::add);
  }

  @Test
  void doesAJobOnceAndReadsItsResultFromThenOn() {
    Square job = new Square("three", 3);
    assertTrue(jobs.finished(job).isEmpty());
    assertEquals(9, jobs.result(job).value());
    assertEquals(9, jobs.result(job).value());
    assertEquals(List.of("three"), begun);
  }

  @Test
  void doesWhatAJobBuildsUponWhereThatIsMissing() {
    Square three = new Square("three", 3);
    jobs.result(three);
    assertEquals(25, jobs.result(new Sum("sum", three, new Square("four", 4))).value());
    assertEquals(List.of("three", "sum", "four"), begun);
  }

  @Test
  void refusesTheResultOfOtherSettings() {
    jobs.result(new Square("same", 3));
    String message =
        assertThrows(BadInputException.class, () -> jobs.result(new Square("same", 4)))
            .getMessage();
    assertTrue(message.contains("choose another folder"), message);
  }

  /** Begins, and ends when it is let. */
  record Waiting(String name) implements Job<Square.Result> {
    private static final long serialVersionUID = 1;
    private static final CountDownLatch BEGUN = new CountDownLatch(1);
    private static final CountDownLatch MAY_END = new CountDownLatch(1);

    @Override
    public Class<Square.Result> resultType() {
      return Square.Result.class;
    }

    @Override
    public Square.Result run(Jobs jobs) {
      BEGUN.countDown();
      try {
        MAY_END.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return new Square.Result(7);
    }
  }

  @Test
  void whatIsAskedForTwiceAtOnceIsDoneOnce() throws Exception {
    Waiting job = new Waiting("waiting");
    CompletableFuture<Square.Result> first =
        CompletableFuture.supplyAsync(() -> jobs.result(job), work -> new Thread(work).start());
    Waiting.BEGUN.await();
    List<String> begunBySecond = new ArrayList<>();
    // Who comes by a link finds the same lock.
    Path link = Files.createSymbolicLink(root.resolve("link"), root);
    Jobs second = new Jobs(link, Compute.cpu(1), Progress.SILENT, begunBySecond::add);
    CompletableFuture<Square.Result> other =
        CompletableFuture.supplyAsync(() -> second.result(job), work -> new Thread(work).start());
    Waiting.MAY_END.countDown();

    assertEquals(7, first.get().value());
    assertEquals(7, other.get().value());
    assertEquals(List.of("waiting"), begun);
    assertEquals(List.of(), begunBySecond);
  }

  /** Another process, as another machine would be, has the lock until its input ends. */
  @Test
  void waitsForAnotherProcessThatDoesTheJob() throws Exception {
    Square job = new Square("three", 3);
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                jobs.folder(job).toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertEquals('+', other.getInputStream().read());
      CountDownLatch waits = new CountDownLatch(1);
      Progress progress =
          new Progress() {
            @Override
            public void remark(String line) {
              assertEquals("waits for three, which another process does", line);
              waits.countDown();
            }
          };
      Jobs waiting = new Jobs(root, Compute.cpu(1), progress, begun::add);
      CompletableFuture<Square.Result> result =
          CompletableFuture.supplyAsync(
              () -> waiting.result(job), work -> new Thread(work).start());
      waits.await();
      assertEquals(List.of(), begun);
      // However it ends, the system lets go of what it held.
      other.destroyForcibly();
      assertEquals(9, result.get().value());
    } finally {
      other.destroyForcibly();
    }
  }

  /** Holds the lock of a job: main FOLDER. */
  static final class LockHolder {
    public static void main(String[] arguments) throws IOException {
      JobLock.take(Path.of(arguments[0]), Progress.SILENT);
      System.out.write('+');
      System.out.flush();
      System.in.read();
    }
  }

  @Test
  void aChainIsDoneInItsOrderAndWhatIsDoneStaysSo() {
    Square three = new Square("three", 3);
    Square four = new Square("four", 4);
    JobChain chain = new JobChain(List.of(three, new Sum("sum", three, four)));
    JobChain alone = new JobChain(List.of(new Square("five", 5)));
    List<Integer> ends = new ArrayList<>();
    jobs.result(four);

    JobRunner.HERE.run(List.of(chain, alone), jobs, () -> ends.add(begun.size()));

    assertEquals(List.of("four", "three", "sum", "five"), begun);
    assertEquals(List.of(3, 4), ends);
    assertTrue(chain.isFinished(jobs));
    assertFalse(new JobChain(List.of(three, new Square("six", 6))).isFinished(jobs));
  }

  @Test
  void namesADamagedResult() throws IOException {
    jobs.result(new Square("three", 3));
    Files.writeString(root.resolve("three/job.json"), "{\"asked\":");
    String message =
        assertThrows(BadInputException.class, () -> jobs.result(new Square("three", 3)))
            .getMessage();
    assertTrue(message.contains("delete it to do the job again"), message);
  }

  @Test
  void aThousandEditsGiveAResultOrOneLine() throws IOException {
    Sum job = new Sum("sum", new Square("three", 3), new Square("four", 4));
    jobs.result(job);
    Path file = root.resolve("sum/job.json");
    JsonEdits.assertValueOrOneLine(
        Files.readString(file),
        spoiled -> {
          try {
            Files.writeString(file, spoiled);
            jobs.finished(job);
          } catch (BadInputException e) {
            Failure told = e.failure();
            boolean ofAnother = told.remedy().toString().equals("choose another folder");
            throw new BadInputException(
                told.where().toString().replace(file.toString(), "FILE") + (ofAnother ? ": $" : ""),
                null,
                told.found().toString(),
                told.remedy());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @Test
  void aJobCanGoToAnotherMachine() throws IOException, ClassNotFoundException {
    Sum job = new Sum("sum", new Square("three", 3), new Square("four", 4));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(job);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertEquals(job, in.readObject());
    }
  }
}
