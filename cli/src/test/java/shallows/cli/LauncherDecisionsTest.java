package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.export.ExportSettings;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.model.onnx.write.OnnxWriter;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.PruneSettings;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.TrainSettings;

/** What ./shallows decides by the words of a command, before Java computes anything. */
class LauncherDecisionsTest {
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
  void memoryFollowsTheSizeOfTheNetwork() throws Exception {
    Path large = temporary.resolve("large.onnx");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      // Sparse: it takes no room on the disk.
      file.setLength(300L << 20);
    }
    Map<String, String> jdk = talkingJdk();
    Checkout.Ran small = checkout.run(List.of("convert", model.toString()), temporary, jdk);
    assertTrue(small.said().contains("-Xmx768m\n"), small.said());
    assertTrue(small.said().contains("\nmaps from 4294967296\n"), small.said());
    Checkout.Ran other = checkout.run(List.of("convert", large.toString()), temporary, jdk);
    assertTrue(other.said().contains("-Xmx" + (768 + 2 * 300) + "m\n"), other.said());
    other = checkout.run(List.of("shrink", large.toString()), temporary, jdk);
    assertTrue(other.said().contains("-Xmx" + (768 + 6 * 300) + "m\n"), other.said());
    // What one stage leaves goes back to the system.
    assertTrue(other.said().contains("\nmaps from 2097152\n"), other.said());
    assertTrue(other.said().contains("\n-XX:MaxHeapFreeRatio=30\n"), other.said());
    // But not where it is trained.
    for (List<String> words :
        List.of(
            List.of("shrink", large.toString(), "--epochs=1"),
            List.of("shrink", large.toString(), "--fine-tune-epochs", "1"),
            List.of("run", "--from", large.toString()))) {
      other = checkout.run(words, temporary, jdk);
      assertTrue(other.said().contains("\nmaps from 4294967296\n"), other.said());
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
      Checkout.Ran ran = checkout.run(wrong, temporary, path);

      assertEquals(2, ran.status(), ran.said());
      assertEquals(1, ran.said().lines().count(), ran.said());
      assertTrue(ran.said().contains(": expected"), ran.said());
    }
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
      Checkout.Ran ran = checkout.run(words, temporary, jdk);
      assertTrue(ran.said().startsWith(spark) && ran.said().contains(opened), ran.said());
    }
    for (List<String> words :
        List.of(
            List.of("sweep"),
            List.of("sweep", "--on", "spark", "--help"),
            List.of("run", "--on=spark", "-h"))) {
      Checkout.Ran ran = checkout.run(words, temporary, jdk);
      assertTrue(!ran.said().contains(spark) && !ran.said().contains(opened), ran.said());
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
        printf '%%s\\n' "$CLASSPATH" "$@" "maps from $MALLOC_MMAP_THRESHOLD_"
        """
            .formatted(System.getProperty("java.home")));
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    return Map.of("JAVA_HOME", temporary.resolve("jdk").toString());
  }
}
