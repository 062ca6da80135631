package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.export.ExportSettings;
import shallows.export.runtime.OnnxRuntime;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.model.onnx.write.OnnxWriter;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.PruneSettings;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.TrainSettings;

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

    Ran ran = run(words, deep, Map.of("ORT_DISABLE_TELEMETRY", "0"));

    assertEquals(0, ran.status, ran.said);
    assertEquals(
        IMAGES + names.size(), ran.said.lines().filter(line -> line.endsWith(" %")).count());
    for (String name : List.of(names.get(2), names.get(4), names.get(5))) {
      assertTrue(ran.said.contains(name), name);
    }
  }

  @Test
  void theHeapFollowsTheSizeOfTheNetwork() throws Exception {
    Path large = temporary.resolve("large.onnx");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      // Sparse: it takes no room on the disk.
      file.setLength(300L << 20);
    }
    Map<String, String> jdk = talkingJdk();
    Ran small = run(List.of("convert", model.toString()), temporary, jdk);
    assertTrue(small.said.contains("-Xmx768m\n"), small.said);
    Ran other = run(List.of("convert", large.toString()), temporary, jdk);
    assertTrue(other.said.contains("-Xmx" + (768 + 2 * 300) + "m\n"), other.said);
    other = run(List.of("shrink", large.toString()), temporary, jdk);
    assertTrue(other.said.contains("-Xmx" + (768 + 6 * 300) + "m\n"), other.said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "C", "POSIX", "xx_YY.UTF-8", "C.UTF-8"})
  void takesNamesBeyondAsciiInEveryLocale(String locale) throws Exception {
    Path image = TestPictures.write(temporary.resolve("größe-犬.png"), 8, 8, 1);

    Ran ran =
        run(
            List.of("classify", model.toString(), image.toString()),
            temporary,
            Map.of("LC_ALL", locale, "LANG", locale));

    assertEquals(0, ran.status, ran.said);
    // The shell itself says that it does not know a locale.
    assertTrue(ran.said.lines().anyMatch(line -> line.startsWith(image + "  class ")), ran.said);
  }

  /** /proc is a folder in which nobody, root included, can make a file. */
  @ParameterizedTest
  @ValueSource(strings = {"", "/proc"})
  void doesWithoutAHomeOrWithOneThatCannotBeWritten(String home) throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc")), "has no /proc");
    Path image = TestPictures.write(temporary.resolve("a.png"), 8, 8, 1);

    Ran ran =
        run(
            List.of("classify", model.toString(), image.toString()),
            temporary,
            // The caches of the home that the system knows are none of this test's business.
            Map.of("HOME", home, "XDG_CACHE_HOME", "/proc/none"));

    assertEquals(0, ran.status, ran.said);
    assertEquals(1, ran.said.lines().count(), ran.said);
    assertEquals(List.of(), Traces.in(checkout.temporary()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TMPDIR", "HOME"})
  void saysInOneLineOrDoesWithoutAFolderThatIsNotThere(String variable) throws Exception {
    Ran ran =
        run(List.of("inspect", model.toString()), temporary, Map.of(variable, "/nonexistent"));

    if (ran.status != 0) {
      assertEquals(2, ran.status, ran.said);
      assertEquals(1, ran.said.lines().count(), ran.said);
      assertTrue(ran.said.contains(variable), ran.said);
    }
  }

  /** The checkout has no app and no Spark, and building takes minutes: Maven must not begin. */
  @Test
  void whatIsRefusedIsRefusedBeforeAnythingIsBuiltForIt() throws Exception {
    Path tools = Files.createDirectories(temporary.resolve("tools"));
    Path maven = Files.writeString(tools.resolve("mvn"), "#!/bin/sh\necho built >&2\nexit 1\n");
    assertTrue(maven.toFile().setExecutable(true));
    Map<String, String> path = Map.of("PATH", tools + ":" + System.getenv("PATH"));
    RunFolder begun = new RunFolder(temporary.resolve("begun"));
    PruneSettings pruning = PruneSettings.STANDARD;
    OpenRun.of(
            begun,
            RunRecord.begin(
                "begun", "run", TrainSettings.STANDARD, pruning, ExportSettings.STANDARD))
        .close();
    List<String> timed =
        List.of("prune", begun.root().toString(), "--on", "spark", "--max-latency", "50%");

    for (List<String> wrong :
        List.of(
            Stream.concat(timed.stream(), Stream.of("--forms", "drop", "--fine-tune-epochs", "0"))
                .toList(),
            List.of("apk", model.toString()),
            List.of("apk", temporary.resolve("none").toString()),
            List.of("apk", model.toString(), "--abi", "mips"),
            List.of("apk", model.toString(), "--keystore", "none.p12"),
            List.of("apk", model.toString(), "--out", temporary.toString()),
            List.of("sweep", "--on", "spark", "--networks", "resnet-9"),
            List.of("verify", model.toString(), "--on", "spark"),
            List.of("run", "--on", "spark", "--max-drop", "101"),
            List.of("train", "--on", "spark", "--find-lr"),
            List.of("shrink", "--on=spark", model.toString(), "--data", "none", "--batch", "2"),
            List.of("sweep", "--networks", "resnet-8", "--on=sparkle"))) {
      Ran ran = run(wrong, temporary, path);

      assertEquals(2, ran.status, ran.said);
      assertEquals(1, ran.said.lines().count(), ran.said);
      assertTrue(ran.said.contains(": expected"), ran.said);
    }
  }

  /** A Java that says how it was started instead of starting. */
  private Map<String, String> talkingJdk() throws IOException {
    Path java = temporary.resolve("jdk/bin/java");
    Files.createDirectories(java.getParent());
    Files.writeString(
        java,
        """
        #!/bin/sh
        case "$*" in *" -version") exec '%s/bin/java' -version ;; esac
        printf '%%s\\n' "$CLASSPATH" "$@"
        """
            .formatted(System.getProperty("java.home")));
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    return Map.of("JAVA_HOME", temporary.resolve("jdk").toString());
  }

  @Test
  void sparkIsOnTheClassPathWhereItIsAskedForAndNowhereElse() throws Exception {
    Path built = checkout.root().resolve("spark/target");
    Files.createDirectories(built.resolve("jars"));
    Files.createFile(built.resolve("jars/shallows-spark.jar"));
    Files.writeString(built.resolve("classpath"), model.toString());
    Map<String, String> jdk = talkingJdk();
    String spark = built + "/jars/*:" + model + "\n";
    String opened = "\n--add-opens=java.base/sun.nio.ch=ALL-UNNAMED\n";

    for (List<String> words :
        List.of(
            List.of("sweep", "--on", "spark"),
            List.of("sweep", "--on=spark://host:7077", "-x"),
            List.of("verify", "a.onnx", "--on", "spark"),
            List.of("run", "--on", "spark"),
            List.of("train", "--on=spark"),
            List.of("shrink", "a.onnx", "--on", "spark"),
            List.of("prune", "run", "--on", "spark"))) {
      Ran ran = run(words, temporary, jdk);
      assertTrue(ran.said.startsWith(spark) && ran.said.contains(opened), ran.said);
    }
    for (List<String> words :
        List.of(
            List.of("sweep"),
            List.of("sweep", "--on", "spark", "--help"),
            List.of("run", "--on=spark", "-h"))) {
      Ran ran = run(words, temporary, jdk);
      assertTrue(!ran.said.contains(spark) && !ran.said.contains(opened), ran.said);
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

    Ran ran =
        run(
            List.of("--version"),
            temporary,
            Map.of("JAVA_HOME", java.getParent().getParent().toString()));

    assertTrue(ran.said.contains(OnnxRuntime.NO_TELEMETRY + "=" + OnnxRuntime.YES), ran.said);
  }

  private Ran run(List<String> words, Path folder, Map<String, String> variables) throws Exception {
    Path said = Files.createTempFile(temporary, "said", "");
    ProcessBuilder builder =
        checkout.command(words).directory(folder.toFile()).redirectErrorStream(true);
    variables.forEach(
        (name, value) -> {
          if (value.isEmpty()) {
            builder.environment().remove(name);
          } else {
            builder.environment().put(name, value);
          }
        });
    Process process = builder.redirectOutput(said.toFile()).start();
    process.getOutputStream().close();
    assertTrue(process.waitFor(3, TimeUnit.MINUTES));
    return new Ran(process.exitValue(), Files.readString(said));
  }

  private record Ran(int status, String said) {}
}
