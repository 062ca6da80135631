package shallows.pipeline.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.DataOptions;
import shallows.data.evaluation.TestTimeAugmentation;
import shallows.data.sets.DataSets;
import shallows.export.verify.FileVerification;
import shallows.model.BadInputException;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.model.onnx.write.OnnxWriter;
import shallows.model.progress.Progress;
import shallows.train.jobs.JobRunner;
import shallows.train.jobs.Jobs;
import shallows.train.options.Compute;

/** A folder that says which images are there to test on, one that does not, and a named set. */
class ShardedVerificationTest {
  private static final Task TASK = new Task(List.of("cat", "dog"), List.of(0.3f), List.of(0.4f));

  @TempDir private static Path folder;
  private static Path file;
  private static Path reference;
  private static List<String> data;

  @TempDir private Path parts;
  private final List<String> begun = new ArrayList<>();

  @BeforeAll
  static void writeFilesAndPictures() throws IOException {
    file = onnx("a.onnx", 1, TASK);
    reference = onnx("b.onnx", 2, TASK);
    pictures("parted/train", 2);
    pictures("parted/test", 1_050);
    pictures("whole", 20);
    data = List.of(folder.resolve("parted").toString(), folder.resolve("whole").toString());
  }

  @Test
  void whatIsFoundInPartsIsWhatIsFoundAtOnceAndIsNotFoundTwice() throws IOException {
    ModelFileCheck.Measured atOnce = check().run(data, 1, 1, Progress.SILENT);
    ModelFileCheck.Measured inParts = check().run(data, 1, jobs(), JobRunner.HERE);

    assertSame(atOnce.found(), inParts.found());
    assertEquals(2_100 + 8, inParts.found().images());
    assertEquals("parted test and whole test", inParts.images());
    assertEquals(List.of("part-00000", "part-00001", "part-00002"), begun);

    Files.delete(parts.resolve("part-00001/job.json"));
    begun.clear();
    assertSame(atOnce.found(), check().run(data, 1, jobs(), JobRunner.HERE).found());
    assertEquals(List.of("part-00001"), begun);

    String line = refusal(check(), data.subList(0, 1));
    assertTrue(line.contains("expected the parts of this verification, or none"), line);
    assertTrue(line.contains(file + " on " + data.get(0) + ", " + data.get(1)), line);
  }

  @Test
  void aNamedSetIsReadByWhoeverDoesThePart() {
    List<String> named = List.of(DataSets.FASHION_MNIST_MINI);
    List<String> classes =
        DataSets.open(named.get(0), DataOptions.ofSeed(1), Progress.SILENT).classes();
    ModelFileCheck check =
        check(onnx("c.onnx", 5, new Task(classes, List.of(0f), List.of(1f))), Optional.empty());

    assertSame(
        check.run(named, 1, 1, Progress.SILENT).found(),
        check.run(named, 1, jobs(), JobRunner.HERE).found());
    assertEquals(List.of("part-00000"), begun);
  }

  /** As a machine has it that sees another folder under the name. */
  @Test
  void anotherFileThanTheOneThatIsMeantIsRefused() throws IOException {
    Path mine = onnx("mine.onnx", 3, TASK);
    ModelFileCheck check = check(mine, Optional.empty());
    JobRunner elsewhere =
        (chains, jobs, afterEach) -> {
          onnx("mine.onnx", 4, TASK);
          JobRunner.HERE.run(chains, jobs, afterEach);
        };

    String line =
        assertThrows(BadInputException.class, () -> check.run(data, 1, jobs(), elsewhere))
            .getMessage();

    assertTrue(line.startsWith(mine + ": expected the file that is verified"), line);
  }

  private static ModelFileCheck check() {
    return check(file, Optional.of(reference));
  }

  private static ModelFileCheck check(Path file, Optional<Path> reference) {
    return new ModelFileCheck(
        file, reference, false, Optional.of(new TestTimeAugmentation(true, 1)), AskedTask.NOTHING);
  }

  private String refusal(ModelFileCheck check, List<String> images) {
    return assertThrows(BadInputException.class, () -> check.run(images, 1, jobs(), JobRunner.HERE))
        .getMessage();
  }

  private Jobs jobs() {
    return new Jobs(parts, Compute.cpu(1), Progress.SILENT, begun::add);
  }

  /** All but times and memory. */
  private static void assertSame(FileVerification expected, FileVerification found) {
    assertEquals(expected.answers(), found.answers());
    assertEquals(expected.comparison(), found.comparison());
    assertEquals(expected.runtime(), found.runtime());
    assertEquals(expected.augmented().orElseThrow().lost(), found.augmented().orElseThrow().lost());
    assertEquals(
        expected.augmented().orElseThrow().accuracy(), found.augmented().orElseThrow().accuracy());
  }

  private static Path onnx(String name, long seed, Task task) {
    Path path = folder.resolve(name);
    OnnxWriter.write(Networks.create("resnet-8-s2", Shape.of(1, 8, 8), task, seed), path);
    return path;
  }

  private static void pictures(String part, int each) throws IOException {
    Random random = new Random(part.hashCode());
    for (String name : TASK.labels()) {
      Path of = Files.createDirectories(folder.resolve(part).resolve(name));
      for (int i = 0; i < each; i++) {
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
        byte[] grey = new byte[64];
        random.nextBytes(grey);
        image.getRaster().setDataElements(0, 0, 8, 8, grey);
        ImageIO.write(image, "png", of.resolve(i + ".png").toFile());
      }
    }
  }
}
