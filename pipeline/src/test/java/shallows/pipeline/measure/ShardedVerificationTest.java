package shallows.pipeline.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

  @Test
  void aFolderOfSomethingElseIsLeftAsItIs() throws IOException {
    Files.createDirectories(parts.resolve("holidays"));
    String line = refusal(check(), data);
    assertTrue(line.contains("a folder with holidays and no verification.json"), line);
    try (Stream<Path> left = Files.list(parts)) {
      assertEquals(List.of(parts.resolve("holidays")), left.toList());
    }
  }

  @Test
  void whatWasDoneOfPicturesThatWereWrittenSinceIsNotAddedUp() throws IOException {
    pictures("written/train", 1);
    pictures("written/test", 3);
    List<String> written = List.of(folder.resolve("written").toString());
    check().run(written, 1, jobs(), JobRunner.HERE);
    Path picture = folder.resolve("written/test/dog/1.png");
    FileTime before = Files.getLastModifiedTime(picture);

    Files.setLastModifiedTime(picture, FileTime.fromMillis(before.toMillis() + 1_000));
    String line = refusal(check(), written);
    assertTrue(line.startsWith(parts.resolve("part-00000/images.json").toString()), line);
    assertTrue(line.contains("some that were written since"), line);

    Files.setLastModifiedTime(picture, before);
    check().run(written, 1, jobs(), JobRunner.HERE);
    assertEquals(List.of("part-00000"), begun);
  }

  /** A set in one file, opened twice in this process, with other pixels at the second time. */
  @Test
  void aSetInOneFileIsReadAgainWhereTheFileIsAnother() throws IOException {
    Path idx = Files.createDirectories(folder.resolve("idx"));
    idx(idx, "train", 10, 1);
    idx(idx, "t10k", 20, 1);
    List<String> set = List.of(idx.toString());
    Task ten =
        new Task(
            IntStream.range(0, 10).mapToObj(i -> "" + i).toList(), List.of(0.3f), List.of(0.4f));
    ModelFileCheck check = check(onnx("ten.onnx", 6, ten), Optional.empty());
    check.run(set, 1, jobs(), JobRunner.HERE);

    idx(idx, "t10k", 20, 2);
    String line = refusal(check, set);
    assertTrue(line.contains("whose images were other ones"), line);
    Jobs others = new Jobs(parts.resolve("others"), Compute.cpu(1), Progress.SILENT, begun::add);
    assertSame(
        check.run(set, 1, 1, Progress.SILENT).found(),
        check.run(set, 1, others, JobRunner.HERE).found());
  }

  @Test
  void aPartTellsAllPicturesThatAreBroken() throws IOException {
    pictures("broken/train", 1);
    pictures("broken/test", 3);
    Path first = folder.resolve("broken/test/cat/0.png");
    byte[] whole = Files.readAllBytes(first);
    for (String broken : List.of("cat/0.png", "cat/2.png", "dog/1.png")) {
      Files.writeString(folder.resolve("broken/test").resolve(broken), "no picture");
    }
    List<String> images = List.of(folder.resolve("broken").toString());

    String line = refusal(check(), images);
    assertTrue(line.startsWith(first + ": expected"), line);
    assertTrue(
        line.endsWith("likewise 2 more of these 6 images: test/cat/2.png, test/dog/1.png"), line);

    for (String broken : List.of("cat/0.png", "cat/2.png", "dog/1.png")) {
      Files.write(folder.resolve("broken/test").resolve(broken), whole);
    }
    assertEquals(6, check().run(images, 1, jobs(), JobRunner.HERE).found().images());
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

  /** Random images of 8 x 8, labelled in turn. */
  private static void idx(Path to, String part, int count, long seed) throws IOException {
    Random random = new Random(seed);
    ByteBuffer images = ByteBuffer.allocate(16 + 64 * count);
    images.putInt(0x803).putInt(count).putInt(8).putInt(8);
    byte[] pixels = new byte[64 * count];
    random.nextBytes(pixels);
    Files.write(to.resolve(part + "-images-idx3-ubyte"), images.put(pixels).array());
    ByteBuffer labels = ByteBuffer.allocate(8 + count).putInt(0x801).putInt(count);
    for (int i = 0; i < count; i++) {
      labels.put((byte) (i % 10));
    }
    Files.write(to.resolve(part + "-labels-idx1-ubyte"), labels.array());
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
