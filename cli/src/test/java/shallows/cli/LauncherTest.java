package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.export.runtime.OnnxRuntime;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.model.onnx.write.OnnxWriter;

/** The real ./shallows, with the classes of this test, in environments that it was not made in. */
class LauncherTest {
  private static final int IMAGES = 5_000;

  @TempDir Path temporary;
  private Checkout checkout;
  private Path model;

  @BeforeEach
  void makeModel() throws IOException {
    checkout = Checkout.built(temporary.resolve("check out"));
    model = temporary.resolve("model.onnx");
    Files.write(
        model,
        OnnxWriter.bytes(Networks.create("resnet-8-s2", Shape.of(1, 8, 8), Task.unnamed(3, 1), 1)));
  }

  @Test
  void takesThousandsOfLongAndStrangeNamesInADeepFolder() throws Exception {
    Path deep = temporary;
    for (int i = 0; i < 15; i++) {
      deep = deep.resolve("d".repeat(200));
    }
    Files.createDirectories(deep);
    List<String> names =
        List.of(
            "x".repeat(246) + ".png",
            "two words.png",
            "'single' \"double\" `back` $HOME.png",
            "two\nlines.png",
            "größe-犬-🐕.png",
            "@dog.png",
            "*.png");
    for (String name : names) {
      TestPictures.write(deep.resolve(name), 8, 8, 1);
    }
    List<String> words = new ArrayList<>(List.of("classify", model.toString()));
    while (words.size() < IMAGES + 2) {
      words.add(
          words.size() % 100 == 0 ? names.get(words.size() / 100 % names.size()) : names.get(0));
    }
    words.addAll(names);

    Checkout.Ran ran = checkout.run(words, deep, Map.of("ORT_DISABLE_TELEMETRY", "0"));

    assertEquals(0, ran.status(), ran.said());
    assertEquals(
        IMAGES + names.size(), ran.said().lines().filter(line -> line.endsWith(" %")).count());
    for (String name : List.of(names.get(2), names.get(4), names.get(5))) {
      assertTrue(ran.said().contains(name), name);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "C", "POSIX", "xx_YY.UTF-8", "C.UTF-8"})
  void takesNamesBeyondAsciiInEveryLocale(String locale) throws Exception {
    Path image = TestPictures.write(temporary.resolve("größe-犬.png"), 8, 8, 1);

    Checkout.Ran ran =
        checkout.run(
            List.of("classify", model.toString(), image.toString()),
            temporary,
            Map.of("LC_ALL", locale, "LANG", locale));

    assertEquals(0, ran.status(), ran.said());
    // The shell itself says that it does not know a locale.
    assertTrue(
        ran.said().lines().anyMatch(line -> line.startsWith(image + "  class ")), ran.said());
  }

  /** /proc is a folder in which nobody, root included, can make a file. */
  @ParameterizedTest
  @ValueSource(strings = {"", "/proc"})
  void doesWithoutAHomeOrWithOneThatCannotBeWritten(String home) throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc")), "has no /proc");
    Path image = TestPictures.write(temporary.resolve("a.png"), 8, 8, 1);

    Checkout.Ran ran =
        checkout.run(
            List.of("classify", model.toString(), image.toString()),
            temporary,
            // The caches of the home that the system knows are none of this test's business.
            Map.of("HOME", home, "XDG_CACHE_HOME", "/proc/none"));

    assertEquals(0, ran.status(), ran.said());
    assertEquals(1, ran.said().lines().count(), ran.said());
    assertEquals(List.of(), Traces.in(checkout.temporary()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TMPDIR", "HOME"})
  void saysInOneLineOrDoesWithoutAFolderThatIsNotThere(String variable) throws Exception {
    Checkout.Ran ran =
        checkout.run(
            List.of("inspect", model.toString()), temporary, Map.of(variable, "/nonexistent"));

    if (ran.status() != 0) {
      assertEquals(2, ran.status(), ran.said());
      assertEquals(1, ran.said().lines().count(), ran.said());
      assertTrue(ran.said().contains(variable), ran.said());
    }
  }

  /** Through a shell of our own, which redirects or limits before the command begins. */
  @ParameterizedTest
  @CsvSource({
    "'exec \"$@\" >/dev/full', standard output cannot be written",
    "'exec \"$@\" >&-', standard output is closed",
    "'ulimit -v 1000000; exec \"$@\"', raise the limit with ulimit -v"
  })
  void whatTheSystemRefusesIsSaidInOneLine(String shell, String said) throws Exception {
    assumeTrue(Files.exists(Path.of("/dev/full")), "has no /dev/full");
    Path image = TestPictures.write(temporary.resolve("a.png"), 8, 8, 1);
    Path output = temporary.resolve("said.txt");
    ProcessBuilder builder =
        checkout.command(List.of("classify", model.toString(), image.toString()));
    builder.command().addAll(0, List.of("sh", "-c", shell, "sh"));
    Process process =
        builder
            .redirectError(output.toFile())
            .redirectOutput(temporary.resolve("out").toFile())
            .start();

    assertTrue(process.waitFor(3, TimeUnit.MINUTES));
    String error = Files.readString(output);
    assertEquals(2, process.exitValue(), error);
    assertEquals(1, error.lines().count(), error);
    assertTrue(error.contains(said), error);
  }

  @Test
  void aSoftLimitOfSixtyFourOpenFilesIsRaised() throws Exception {
    Path output = temporary.resolve("said.txt");

    assertEquals(0, classifiedWith("ulimit -S -n 64", output), Files.readString(output));
  }

  @Test
  void aLimitOfSixtyFourOpenFilesIsSaid() throws Exception {
    Path output = temporary.resolve("said.txt");

    assertEquals(2, classifiedWith("ulimit -n 64", output));
    assertEquals(
        "shallows: 128 open files are needed, found a limit of 64; raise it with ulimit -n 128",
        Files.readString(output).strip());
  }

  private int classifiedWith(String limit, Path output) throws Exception {
    Path image = TestPictures.write(temporary.resolve("a.png"), 8, 8, 1);
    ProcessBuilder builder =
        checkout.command(List.of("classify", model.toString(), image.toString()));
    builder.command().addAll(0, List.of("sh", "-c", limit + "; exec \"$@\"", "sh"));
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    assertTrue(process.waitFor(3, TimeUnit.MINUTES));
    return process.exitValue();
  }

  @Test
  void hasTheTelemetryOfOnnxRuntimeForbiddenInChildrenToo() throws Exception {
    Path java = Files.createDirectories(temporary.resolve("jdk/bin")).resolve("java");
    Files.writeString(
        java,
        """
        #!/bin/sh
        echo 'openjdk version "17.0.1"' >&2
        echo "%s=$%s"
        """
            .formatted(OnnxRuntime.NO_TELEMETRY, OnnxRuntime.NO_TELEMETRY));
    assertTrue(java.toFile().setExecutable(true));

    Checkout.Ran ran =
        checkout.run(
            List.of("--version"),
            temporary,
            Map.of("JAVA_HOME", java.getParent().getParent().toString()));

    assertTrue(ran.said().contains(OnnxRuntime.NO_TELEMETRY + "=" + OnnxRuntime.YES), ran.said());
  }
}
