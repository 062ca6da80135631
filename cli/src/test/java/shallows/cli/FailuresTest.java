package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import shallows.cli.terminal.Console;
import shallows.model.BadInputException;

class FailuresTest {
  @TempDir private Path run;

  @Test
  void badInputIsSaidAsItIsWhereverItIsWrapped() {
    String said = tell(new RuntimeException(new BadInputException("a.png: broken")));

    assertEquals("shallows: a.png: broken\n", said);
    assertEquals(0, run.toFile().list().length);
  }

  @Test
  void aDefectIsOneLineAndItsTraceGoesIntoTheRunFolder() throws IOException {
    String said = tell(new IllegalStateException("two\nlines"));

    assertTrue(said.startsWith("shallows: this is a defect of shallows"), said);
    assertTrue(said.contains("IllegalStateException: two lines"), said);
    assertEquals(1, said.lines().count(), said);
    Path log = run.resolve("shallows-error.log");
    assertTrue(said.contains(log.toString()), said);
    assertTrue(Files.readString(log).contains("at shallows.cli.FailuresTest"));
  }

  @Test
  void followsNoLinkThatSomebodyPutWhereItsTraceGoes() throws IOException {
    Path victim = Files.writeString(run.resolve("victim.txt"), "precious");
    Path temporary = Files.createDirectory(run.resolve("tmp"));
    for (Path place : List.of(run, temporary)) {
      Files.createSymbolicLink(place.resolve("shallows-error.log"), victim);
    }

    String said = tell(new IllegalStateException("in the run's folder"));
    assertTrue(said.contains(run.resolve("shallows-error.log").toString()), said);
    assertEquals("precious", Files.readString(victim));

    String usual = System.setProperty("java.io.tmpdir", temporary.toString());
    try {
      said = tell(new IllegalStateException("in the temporary one"), Optional.empty());
    } finally {
      System.setProperty("java.io.tmpdir", usual);
    }
    assertTrue(said.contains(temporary.resolve("shallows-error-").toString()), said);
    assertEquals("precious", Files.readString(victim));
  }

  static Stream<Arguments> machinesThatAreTooSmall() {
    return Stream.of(
        Arguments.of(new OutOfMemoryError("Java heap space"), "SHALLOWS_JAVA_OPTS=-Xmx4g"),
        Arguments.of(new StackOverflowError(), "-Xss64m"),
        Arguments.of(new UnsatisfiedLinkError("no torch"), "native library"),
        Arguments.of(
            new RuntimeException(
                "Failed to extract PyTorch native library", new IOException("read-only")),
            "DJL_CACHE_DIR"),
        Arguments.of(
            new UncheckedIOException(new IOException("No space left on device")),
            "the disk is full"));
  }

  @ParameterizedTest
  @MethodSource("machinesThatAreTooSmall")
  void whatTheMachineLacksHasASentenceOfItsOwn(Throwable thrown, String expected) {
    String said = tell(thrown);

    assertTrue(said.contains(expected), said);
    assertFalse(said.contains("defect"), said);
    assertEquals(1, said.lines().count(), said);
  }

  @Test
  void aClassThatIsMissingIsADefectOfOursAndNoNativeLibrary() {
    for (LinkageError missing :
        List.of(
            new NoClassDefFoundError("shallows/model/Phrase"),
            new ExceptionInInitializerError(new IllegalStateException("no resource page.css")))) {
      String said = tell(missing);
      assertTrue(said.contains("this is a defect of shallows"), said);
      assertTrue(said.contains("build shallows anew"), said);
      assertFalse(said.contains("native library"), said);
    }
  }

  @Test
  void whatALoaderThrowsIsToldAsThatOfALibrary() {
    RuntimeException cause = new RuntimeException("Failed to load onnx-runtime library");
    cause.setStackTrace(
        new StackTraceElement[] {
          new StackTraceElement("ai.onnxruntime.OnnxRuntime", "init", "OnnxRuntime.java", 1)
        });
    String said = tell(new ExceptionInInitializerError(cause));
    assertTrue(said.contains("a native library cannot be loaded (RuntimeException: Failed"), said);
    assertFalse(said.contains("defect"), said);
    // The class failed before; Java only remembers that it did.
    NoClassDefFoundError again = new NoClassDefFoundError("Could not initialize class Ort");
    again.initCause(new ExceptionInInitializerError(cause));
    assertTrue(tell(again).contains("a native library cannot be loaded"), tell(again));
  }

  @Test
  void memoryThatTheSystemRefusesIsNoFullHeap() {
    String threads = tell(new OutOfMemoryError("unable to create native thread: possibly out of"));
    assertTrue(threads.contains("ulimit -u"), threads);
    String mapped = tell(new IOException("x", new OutOfMemoryError("Map failed")));
    assertTrue(mapped.contains("ulimit -v") && !mapped.contains("heap"), mapped);
  }

  @Test
  void resultsThatCannotBeWrittenAreNoSuccess() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new PrintStream(full), new PrintStream(err, true, StandardCharsets.UTF_8), false);
    assertEquals(2, Main.run(console, "--help"));
    String said = err.toString(StandardCharsets.UTF_8);
    assertTrue(said.startsWith("shallows: standard output cannot be written ("), said);
    assertEquals(1, said.lines().count(), said);
  }

  private String tell(Throwable thrown) {
    return tell(thrown, Optional.of(run));
  }

  private static String tell(Throwable thrown, Optional<Path> folder) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    Failures failures = new Failures(new Console(stream, stream, false), () -> folder);
    assertEquals(2, failures.tell(thrown));
    return err.toString(StandardCharsets.UTF_8).replace("\r", "");
  }
}
