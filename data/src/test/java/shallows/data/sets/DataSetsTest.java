package shallows.data.sets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static shallows.data.BadInput.assertRefused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.DataOptions;
import shallows.data.DataSet;
import shallows.data.LabelledImages;
import shallows.data.SampleImages;
import shallows.data.format.IdxWriting;
import shallows.model.progress.Progress;

class DataSetsTest {
  @TempDir Path folder;

  @Test
  void opensAFolderOfIdxFilesAndItsSpecOpensItAgain() {
    LabelledImages digits = SampleImages.random(20, 10, 1, 6, 6);
    IdxWriting.writeSet(folder, "train", "", digits);
    IdxWriting.writeSet(folder, "t10k", ".gz", digits.subset(0, 10));
    DataSet data = open(folder.toString());
    assertEquals(folder.getFileName().toString(), data.name());
    assertEquals(folder.toAbsolutePath().toString(), data.spec());
    assertEquals("7", data.classes().get(7));
    assertEquals(10, data.test().size());
    assertArrayEquals(data.train().image(3), open(data.spec()).train().image(3));
  }

  @Test
  void opensAFolderOfImages() {
    for (String name : List.of("cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png")) {
      SampleImages.write(folder.resolve(name), SampleImages.grey(4, 4, 9));
    }
    DataSet data = open(folder + "/../" + folder.getFileName());
    assertEquals(List.of("cat", "dog"), data.classes());
    assertEquals(folder.toAbsolutePath().toString(), data.spec());
  }

  @Test
  void bringsIdxImagesToTheSizeThatIsAskedFor() {
    LabelledImages digits = SampleImages.random(20, 10, 1, 6, 6);
    IdxWriting.writeSet(folder, "train", "", digits);
    IdxWriting.writeSet(folder, "t10k", "", digits);
    DataSet data =
        DataSets.open(
            folder.toString(), new DataOptions(OptionalInt.of(9), false, 1), Progress.SILENT);
    assertEquals(9, data.train().width());
    assertEquals(9, data.test().height());
  }

  @Test
  void refusesASizeThatDoesNotFitIntoAnArray() {
    DataOptions huge = new DataOptions(OptionalInt.of(60_000), false, 1);
    assertRefused(
        () -> DataSets.open(DataSets.FASHION_MNIST_MINI, huge, Progress.SILENT),
        "Fashion-MNIST mini train",
        "at most 2 GB",
        "12000 images of 60000x60000x1",
        "smaller image size");
  }

  @Test
  void opensTheWholeOfFashionMnistWhereItIsInstalled() {
    assumeTrue(Files.exists(FashionMnist.DEBIAN), "dataset-fashion-mnist is not installed");
    DataSet data = open("fashion-mnist");
    assertEquals("Fashion-MNIST", data.name());
    assertEquals("fashion-mnist", data.spec());
    assertEquals(60_000, data.train().size());
    assertEquals(10_000, data.test().size());
    assertEquals("Ankle boot", data.classes().get(9));
  }

  @Test
  void namesTheKnownDataWhenTheNameIsUnknown() {
    assertRefused(
        () -> open("fashion-minst"),
        "'fashion-minst'",
        "fashion-mnist-mini, mnist, fashion-mnist, cifar-10, cifar-100, svhn or a folder",
        "check its spelling");
    assertRefused(() -> open(""), "''", "fashion-mnist-mini");
    assertRefused(() -> open("a\0b"), "fashion-mnist-mini");
  }

  @Test
  void refusesAFileAndAnEmptyFolder() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "text");
    assertRefused(() -> open(file.toString()), file, "found a file");
    Path empty = Files.createDirectories(folder.resolve("empty"));
    assertRefused(() -> open(empty.toString()), empty, "found neither", "class");
  }

  @Test
  void refusesIdxFilesOfOneClassOnly() {
    LabelledImages digits = SampleImages.random(20, 10, 1, 6, 6);
    IdxWriting.writeSet(folder, "train", "", digits.subset(digits.indicesOf(3)));
    IdxWriting.writeSet(folder, "t10k", "", digits);
    assertRefused(() -> open(folder.toString()), folder, "at least 2 classes", "only '3'");
  }

  @Test
  void refusesTestImagesOfAnotherSize() {
    IdxWriting.writeSet(folder, "train", "", SampleImages.random(20, 10, 1, 6, 6));
    IdxWriting.writeSet(folder, "t10k", "", SampleImages.random(20, 10, 1, 6, 7));
    assertRefused(() -> open(folder.toString()), folder, "6x6x1", "6x7x1");
  }

  @Test
  void aDataSetHasOneKindOfImages() {
    LabelledImages train = SampleImages.random(4, 2, 1, 2, 2);
    LabelledImages other = SampleImages.random(6, 3, 1, 2, 2);
    assertThrows(IllegalArgumentException.class, () -> new DataSet("n", "s", train, other));
    LabelledImages wide = SampleImages.random(4, 2, 1, 2, 3);
    assertThrows(IllegalArgumentException.class, () -> new DataSet("n", "s", train, wide));
    assertThrows(
        IllegalArgumentException.class, () -> new DataOptions(OptionalInt.of(0), false, 1));
  }

  private static DataSet open(String spec) {
    return DataSets.open(spec, DataOptions.ofSeed(1), Progress.SILENT);
  }
}
