package shallows.data.folder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static shallows.data.BadInput.assertRefused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.DataOptions;
import shallows.data.DataSet;
import shallows.data.LabelledImages;
import shallows.data.SampleImages;
import shallows.model.progress.Progress;

class ImageFolderReaderTest {
  @TempDir Path folder;

  @Test
  void readsTrainAndTestInTheOrderOfTheNames() {
    grey("train/dog/2.png", 20);
    grey("train/dog/1.png", 10);
    grey("train/cat/1.png", 30);
    grey("test/dog/1.png", 40);
    grey("test/cat/1.png", 50);
    DataSet data = read(DataOptions.ofSeed(1));
    assertEquals(List.of("cat", "dog"), data.classes());
    assertArrayEquals(new int[] {0, 1, 1}, data.train().labels());
    assertArrayEquals(new int[] {30, 10, 20}, levels(data.train()));
    assertArrayEquals(new int[] {50, 40}, levels(data.test()));
    assertEquals("data train", data.train().name());
    assertEquals("data test", data.test().name());
  }

  @Test
  void imagesAreFoundAgainByTheirNameInTheFolder() {
    grey("train/dog/2.png", 20);
    grey("train/cat/1.png", 30);
    grey("test/dog/1.png", 40);
    grey("test/cat/sea.png", 50);
    for (long memory : new long[] {0, 1 << 20}) {
      DataSet data =
          new ImageFolderReader(DataOptions.ofSeed(1), Progress.SILENT, memory)
              .read(folder, "data", "data");
      assertEquals("train/dog/2.png", data.train().source(1));
      LabelledImages test = data.test().subset(new int[] {1, 0}).fitted(3, 8, 8);
      assertEquals("test/dog/1.png", test.source(0));
      assertEquals("test/cat/sea.png", test.source(1));
    }
  }

  @Test
  void splitsOneLevelByClassAndSeed() {
    for (int i = 0; i < 20; i++) {
      grey("cat/" + i + ".png", i);
      grey("dog/" + i + ".png", 100 + i);
    }
    DataSet data = read(DataOptions.ofSeed(1));
    assertEquals(32, data.train().size());
    assertEquals(4, data.test().indicesOf(0).length);
    assertEquals(4, data.test().indicesOf(1).length);
    assertArrayEquals(levels(data.test()), levels(read(DataOptions.ofSeed(1)).test()));
    assertFalse(Arrays.equals(levels(data.test()), levels(read(DataOptions.ofSeed(2)).test())));
    Set<Integer> both = new HashSet<>();
    Arrays.stream(levels(data.train())).forEach(both::add);
    Arrays.stream(levels(data.test())).forEach(both::add);
    assertEquals(40, both.size());
  }

  @Test
  void isGreyOnlyIfAllImagesAre() {
    grey("cat/1.png", 1);
    grey("cat/2.png", 1);
    grey("dog/1.png", 1);
    grey("dog/2.png", 1);
    assertEquals(1, read(DataOptions.ofSeed(1)).train().channels());
    SampleImages.write(folder.resolve("dog/2.png"), SampleImages.colour(4, 4, 0x0a0b0c));
    assertEquals(3, read(DataOptions.ofSeed(1)).train().channels());
  }

  @Test
  void keepsACommonSizeEvenWhenItIsNotSquare() {
    fourImages(5, 7, 5, 7);
    LabelledImages train = read(DataOptions.ofSeed(1)).train();
    assertEquals(5, train.height());
    assertEquals(7, train.width());
  }

  @Test
  void takesTheMedianOfTheShorterSidesWhereSizesDiffer() {
    fourImages(20, 12, 13, 30);
    LabelledImages train = read(DataOptions.ofSeed(1)).train();
    assertEquals(13, train.height());
    assertEquals(13, train.width());
    fourImages(200, 120, 130, 300);
    assertEquals(ImageFolderReader.LARGEST_DEFAULT, read(DataOptions.ofSeed(1)).train().height());
  }

  @Test
  void takesTheSizeThatIsAskedFor() {
    fourImages(20, 12, 13, 30);
    DataSet data = read(new DataOptions(OptionalInt.of(8), false, 1));
    assertEquals(8, data.train().height());
    assertEquals(8, data.test().width());
  }

  @Test
  void doesNotSeeHiddenFilesOrFilesBesideTheClasses() throws IOException {
    fourImages(4, 4, 4, 4);
    Files.writeString(folder.resolve("README.md"), "about");
    Files.writeString(folder.resolve("cat/.DS_Store"), "hidden");
    Files.createDirectories(folder.resolve(".git/objects"));
    Files.writeString(folder.resolve("cat/Thumbs.db"), "thumbnails");
    Files.writeString(folder.resolve("dog/desktop.ini"), "[view]");
    Files.createDirectories(folder.resolve("__MACOSX/cat"));
    Files.writeString(folder.resolve("__MACOSX/cat/._1.png"), "attributes");
    DataSet data = read(DataOptions.ofSeed(1));
    assertEquals(List.of("cat", "dog"), data.classes());
    assertEquals(4, data.train().size() + data.test().size());
  }

  @Test
  void namesAnImageThatDoesNotDecode() throws IOException {
    fourImages(4, 4, 4, 4);
    Path broken = Files.writeString(folder.resolve("cat/0.png"), "broken");
    assertRefused(
        () -> read(DataOptions.ofSeed(1)),
        broken,
        "does not decode",
        "remove or replace it, or leave such images out with skipBroken");
  }

  @Test
  void refusesASizeOfWhichOneImageIsMoreThanAnArrayHolds() throws IOException {
    fourImages(4, 4, 4, 4);
    assertRefused(
        () -> read(new DataOptions(OptionalInt.of(100_000), false, 1)),
        folder,
        "at most 2 GB of pixels",
        "4 images of 100000x100000x1");
  }

  @Test
  void skipsAndReportsBrokenImagesWhenTold() throws IOException {
    fourImages(16, 16, 16, 16);
    Path noHead = Files.writeString(folder.resolve("cat/0.png"), "broken");
    Path noEnd = folder.resolve("dog/0.png");
    byte[] whole = Files.readAllBytes(folder.resolve("dog/2.png"));
    Files.write(noEnd, Arrays.copyOf(whole, whole.length * 2 / 3));
    DataSet data = read(new DataOptions(OptionalInt.empty(), true, 1));
    assertEquals(4, data.train().size() + data.test().size());
    assertEquals(2, data.reading().broken().size());
    assertTrue(data.reading().broken().get(0).startsWith("cat/0.png: "));
    assertTrue(data.reading().broken().get(1).startsWith("dog/0.png: "));
  }

  @Test
  void refusesAClassWhoseImagesAreAllBroken() throws IOException {
    fourImages(4, 4, 4, 4);
    Path broken = folder.resolve("owl");
    Files.createDirectories(broken);
    Files.writeString(broken.resolve("1.png"), "broken");
    assertRefused(
        () -> read(new DataOptions(OptionalInt.empty(), true, 1)), broken, "image that decodes");
  }

  @Test
  void refusesOneClassOnly() {
    grey("cat/1.png", 1);
    assertRefused(() -> read(DataOptions.ofSeed(1)), folder, "at least 2 classes", "only 'cat'");
  }

  @Test
  void refusesAClassWithoutImages() throws IOException {
    fourImages(4, 4, 4, 4);
    Path empty = Files.createDirectories(folder.resolve("owl"));
    assertRefused(() -> read(DataOptions.ofSeed(1)), empty, "class 'owl'", "no picture");
  }

  @Test
  void refusesAClassNameThatWouldBreakTheListOfLabels() {
    fourImages(4, 4, 4, 4);
    grey("an\nowl/1.png", 1);
    assertRefused(() -> read(DataOptions.ofSeed(1)), folder, "'an?owl'");
  }

  @Test
  void refusesAClassOfOneImageWhereTheTestSetMustComeFromIt() {
    fourImages(4, 4, 4, 4);
    grey("owl/1.png", 1);
    assertRefused(() -> read(DataOptions.ofSeed(1)), folder.resolve("owl"), "at least 2 images");
  }

  @Test
  void refusesTestClassesThatDifferFromTheTrainingClasses() {
    grey("train/cat/1.png", 1);
    grey("train/dog/1.png", 1);
    grey("test/cat/1.png", 1);
    grey("test/owl/1.png", 1);
    assertRefused(
        () -> read(DataOptions.ofSeed(1)), folder.resolve("test"), "none for [dog]", "[owl]");
  }

  @Test
  void tellsHowFarItIs() {
    fourImages(4, 4, 4, 4);
    long[] totals = new long[3];
    new ImageFolderReader(
            DataOptions.ofSeed(1),
            new Progress() {
              @Override
              public void start(String task, long total) {
                totals[0] = total;
              }

              @Override
              public void advance(long amount, String note) {
                totals[1] += amount;
              }

              @Override
              public void finish() {
                totals[2]++;
              }
            })
        .read(folder, "data", "spec");
    assertArrayEquals(new long[] {8, 8, 1}, totals);
  }

  private DataSet read(DataOptions options) {
    return new ImageFolderReader(options, Progress.SILENT).read(folder, "data", "spec");
  }

  /** Two cats of the first size, two dogs of the second. */
  private void fourImages(int catHeight, int catWidth, int dogHeight, int dogWidth) {
    for (String name : List.of("1.png", "2.png")) {
      SampleImages.write(folder.resolve("cat/" + name), SampleImages.grey(catHeight, catWidth, 9));
      SampleImages.write(folder.resolve("dog/" + name), SampleImages.grey(dogHeight, dogWidth, 9));
    }
  }

  private void grey(String name, int level) {
    SampleImages.write(folder.resolve(name), SampleImages.grey(4, 4, level));
  }

  /** The first pixel of every image. */
  private static int[] levels(LabelledImages images) {
    return IntStream.range(0, images.size()).map(i -> images.image(i)[0] & 0xff).toArray();
  }
}
