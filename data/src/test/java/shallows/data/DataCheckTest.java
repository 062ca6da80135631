package shallows.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.folder.ImageFolderReader;
import shallows.model.progress.Progress;

class DataCheckTest {
  @TempDir Path folder;

  @Test
  void repeatedPicturesAreFoundByContentWhateverTheyAreCalled() {
    picture("train/cat/a.png", 1);
    picture("train/cat/b.png", 2);
    picture("train/cat/copy of a.png", 1);
    picture("train/dog/c.png", 3);
    picture("train/dog/d.png", 2);
    picture("test/cat/e.png", 4);
    picture("test/dog/c again.bmp", 3);
    picture("val/cat/f.png", 5);
    picture("val/dog/g.png", 6);
    for (long memory : new long[] {0, 1 << 20}) {
      DataSet data =
          new ImageFolderReader(DataOptions.ofSeed(1), Progress.SILENT, memory)
              .read(folder, "d", "s");
      DataCheck check = DataCheck.of(data, Optional.empty());
      assertEquals(3, check.repeated().images());
      assertEquals(
          new DataCheck.Repeats(
              1, List.of(new DataCheck.Pair("train/dog/c.png", "test/dog/c again.bmp"))),
          check.trainedAndTested());
      assertEquals(
          new DataCheck.Repeats(
              1, List.of(new DataCheck.Pair("train/cat/b.png", "train/dog/d.png"))),
          check.contradicted());
      assertEquals(new DataCheck.ClassCount("cat", 3, 1, 1), check.classes().get(0));
      assertEquals(9, check.images());
      assertEquals(2, check.few().size());
      // What fits the network is checked by what it was made of.
      DataCheck larger = DataCheck.of(data.with(i -> i.resized(9, 9)), Optional.empty());
      assertEquals(3, larger.repeated().images());
      assertEquals(9, larger.height());
    }
  }

  @Test
  void sizesAreSaidWithTheReason() {
    SampleImages.write(folder.resolve("a/1.png"), SampleImages.grey(80, 120, 1));
    SampleImages.write(folder.resolve("a/2.png"), SampleImages.grey(90, 70, 2));
    SampleImages.write(folder.resolve("b/1.png"), SampleImages.grey(300, 200, 3));
    SampleImages.write(folder.resolve("b/2.png"), SampleImages.grey(300, 200, 4));
    DataSet data =
        new ImageFolderReader(DataOptions.ofSeed(1), Progress.SILENT).read(folder, "d", "s");
    DataCheck check = DataCheck.of(data, Optional.empty());
    assertEquals(new FolderReading.Sizes(70, 200, 300, false), check.sizes());
    assertEquals(DataCheck.SizedBy.MEDIAN, check.sizedBy());
    assertEquals(64, check.height());
    assertEquals(
        DataCheck.SizedBy.ASKED,
        DataCheck.of(data, Optional.of(DataCheck.SizedBy.ASKED)).sizedBy());
  }

  @Test
  void imagesOfOneFileAreCheckedToo() {
    LabelledImages random = SampleImages.random(40, 4, 3, 5, 7);
    int[] some = Stream.of(0, 1, 2, 3, 4, 5, 6, 7, 1).mapToInt(i -> i).toArray();
    DataSet data = new DataSet("d", "s", random.subset(some), random.subset(7, 12));
    DataCheck check = DataCheck.of(data, Optional.empty());
    assertEquals(2, check.repeated().images());
    assertEquals(1, check.trainedAndTested().images());
    assertEquals(0, check.contradicted().images());
    assertEquals(DataCheck.SizedBy.IMAGES, check.sizedBy());
    assertEquals(1.5, check.imbalance(), 0.51);
  }

  @Test
  void contentsDifferInEveryByte() {
    byte[] bytes = new byte[29];
    long hash = ContentHash.of(bytes, 0, bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      byte[] other = bytes.clone();
      other[i] = 1;
      assertNotEquals(hash, ContentHash.of(other, 0, other.length), "byte " + i);
    }
    assertNotEquals(hash, ContentHash.of(bytes, 0, 28));
    assertTrue(hash != 0);
  }

  private void picture(String name, int level) {
    SampleImages.write(folder.resolve(name), SampleImages.grey(6, 6, 20 * level));
  }
}
