package shallows.data.folder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static shallows.data.BadInput.assertRefused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.Augmentation;
import shallows.data.DataOptions;
import shallows.data.DataSet;
import shallows.data.LabelledImages;
import shallows.data.PixelStatistics;
import shallows.data.SampleImages;
import shallows.model.graph.Normalization;
import shallows.model.progress.Progress;

class PixelsInFilesTest {
  private static final int EACH = 40;
  private static final int IMAGE_BYTES = 6 * 6 * 3;
  private static final long PLENTY = 1 << 20;

  @TempDir Path folder;

  @BeforeEach
  void writeImages() {
    Random random = new Random(5);
    for (String part : new String[] {"train", "test"}) {
      for (String name : new String[] {"cat", "dog"}) {
        for (int i = 0; i < EACH; i++) {
          Path file = folder.resolve("%s/%s/%02d.png".formatted(part, name, i));
          SampleImages.write(file, SampleImages.colour(6, 6, random.nextInt(1 << 24) | 1));
        }
      }
    }
  }

  @Test
  void imagesInFilesAreThoseInMemory() {
    LabelledImages inMemory = read(PLENTY).train();
    for (int keptImages : new int[] {0, 7, 150}) {
      LabelledImages inFiles = read((long) keptImages * IMAGE_BYTES).train();
      assertArrayEquals(inMemory.labels(), inFiles.labels());
      assertEquals(PixelStatistics.normalization(inMemory), PixelStatistics.normalization(inFiles));
      int[] order = shuffled(2 * EACH, keptImages);
      inFiles.readAhead(order);
      for (int i : order) {
        assertArrayEquals(inMemory.image(i), inFiles.image(i), "image " + i);
      }
      assertArrayEquals(
          inMemory.subset(10, 30).normalized(3, 9, Normalization.none(3)),
          inFiles.subset(10, 30).normalized(3, 9, Normalization.none(3)));
    }
  }

  @Test
  void augmentationSeesTheSame() {
    LabelledImages inMemory = read(PLENTY).train();
    LabelledImages inFiles = read(0).train();
    int[] batch = {3, 70, 3, 12};
    float[][] found = new float[2][batch.length * IMAGE_BYTES];
    for (Augmentation augmentation :
        List.of(new Augmentation(true, 2), new Augmentation(true, 2, 0.3, true, 0.4, 1))) {
      Normalization none = Normalization.none(3);
      augmentation.fill(inMemory, batch, none, new Random(1), Random::new, found[0]);
      augmentation.fill(inFiles, batch, none, new Random(1), Random::new, found[1]);
      assertArrayEquals(found[0], found[1]);
    }
  }

  @Test
  void whatIsReadInAnotherOrderThanSaidIsStillRight() {
    LabelledImages inMemory = read(PLENTY).train();
    LabelledImages inFiles = read(0).train();
    inFiles.readAhead(shuffled(2 * EACH, 1));
    for (int i : shuffled(2 * EACH, 2)) {
      assertArrayEquals(inMemory.image(i), inFiles.image(i));
    }
    inFiles.readAhead(new int[] {5, 5, 5});
    for (int i = 0; i < 4; i++) {
      assertArrayEquals(inMemory.image(5), inFiles.image(5));
    }
  }

  @Test
  void severalThreadsReadAtOnce() {
    LabelledImages inMemory = read(PLENTY).train();
    LabelledImages inFiles = read(20L * IMAGE_BYTES).train();
    inFiles.readAhead();
    boolean[] same = new boolean[2 * EACH];
    IntStream.range(0, same.length)
        .parallel()
        .forEach(i -> same[i] = Arrays.equals(inMemory.image(i), inFiles.image(i)));
    for (boolean each : same) {
      assertTrue(each);
    }
  }

  @Test
  void waitingIsMeasuredOnlyWhereThereIsSome() {
    LabelledImages inMemory = read(PLENTY).train();
    inMemory.image(3);
    assertEquals(0, inMemory.waitedNanos());
    LabelledImages inFiles = read(0).train();
    long before = inFiles.waitedNanos();
    inFiles.image(3);
    assertTrue(inFiles.waitedNanos() > before);
  }

  @Test
  void aBrokenImageIsFoundWhenTheFolderIsOpened() throws IOException {
    Path broken = folder.resolve("train/cat/07.png");
    Files.write(broken, new byte[] {1, 2, 3});
    assertRefused(() -> read(0), broken, "skipBroken");
    DataOptions skipping = new DataOptions(OptionalInt.empty(), true, 1);
    DataSet data = new ImageFolderReader(skipping, Progress.SILENT, 0).read(folder, "n", "s");
    assertEquals(2 * EACH - 1, data.train().size());
    assertEquals(1, data.reading().broken().size());
  }

  @Test
  void anImageThatGoesWhileItIsNeededIsNamed() throws IOException {
    LabelledImages inFiles = read(0).train();
    Path gone = folder.resolve("train/cat/07.png");
    Files.delete(gone);
    assertRefused(() -> inFiles.image(7), gone);
    inFiles.readAhead(new int[] {7});
    assertRefused(() -> inFiles.image(7), gone);
  }

  private DataSet read(long memory) {
    return new ImageFolderReader(DataOptions.ofSeed(1), Progress.SILENT, memory)
        .read(folder, "pets", folder.toString());
  }

  private static int[] shuffled(int n, long seed) {
    Random random = new Random(seed);
    int[] order = IntStream.range(0, n).toArray();
    for (int i = n - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    return order;
  }
}
