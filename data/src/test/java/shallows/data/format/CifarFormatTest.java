package shallows.data.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static shallows.data.BadInput.assertRefused;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.DataOptions;
import shallows.data.DataSet;
import shallows.data.LabelledImages;
import shallows.data.SampleImages;
import shallows.data.sets.DataSets;
import shallows.model.progress.Progress;

class CifarFormatTest {
  private static final LabelledImages SET = SampleImages.random(12, 10, 3, 32, 32);

  @TempDir Path folder;

  @Test
  void readsTheFiveBatchesInTheirOrder() {
    writeBatches(folder);
    assertIsTheSet(open());
  }

  @Test
  void readsTheFolderThatTheArchiveUnpacksTo() {
    writeBatches(folder.resolve("cifar-10-batches-bin"));
    assertIsTheSet(open());
  }

  @Test
  void readsTheArchiveAsItIs() {
    IdxWriting.writeRaw(
        folder.resolve("cifar-10-binary.tar.gz"),
        CifarWriting.archive("cifar-10-batches-bin", files()));
    assertIsTheSet(open());
  }

  @Test
  void readsTheFilesOfDjlsRepository() {
    IdxWriting.write(
        folder.resolve("data_batch.bin.gz"), CifarWriting.records(SET.subset(0, 10), 1));
    IdxWriting.write(
        folder.resolve("test_batch.bin.gz"), CifarWriting.records(SET.subset(10, 12), 1));
    assertIsTheSet(open());
  }

  @Test
  void readsTheFineLabelsOfCifar100() {
    LabelledImages hundred = SampleImages.random(100, 100, 3, 32, 32);
    byte[] records = CifarWriting.records(hundred, 2);
    records[0] = 19;
    IdxWriting.write(folder.resolve("train.bin"), records);
    IdxWriting.write(folder.resolve("test.bin"), records);
    DataSet data = open();
    assertEquals(100, data.classes().size());
    assertEquals("apple", data.classes().get(0));
    assertEquals("worm", data.classes().get(99));
    assertEquals(0, data.train().label(0));
    assertEquals(99, data.test().label(99));
    assertArrayEquals(hundred.image(57), data.train().image(57));
  }

  @Test
  void namesTheFileThatIsMissing() {
    Map<String, byte[]> files = files();
    files.remove("data_batch_3.bin");
    files.forEach((name, content) -> IdxWriting.write(folder.resolve(name), content));
    assertRefused(this::open, folder, "found no data_batch_3.bin");
  }

  @Test
  void namesAnArchiveThatLacksAFile() {
    Map<String, byte[]> files = files();
    files.remove("test_batch.bin");
    Path archive = folder.resolve("cifar-10-binary.tar.gz");
    IdxWriting.writeRaw(archive, CifarWriting.archive("cifar-10-batches-bin", files));
    assertRefused(this::open, archive, "found no test_batch.bin");
  }

  @Test
  void refusesATruncatedFile() {
    writeBatches(folder);
    Path file = folder.resolve("data_batch_2.bin");
    byte[] whole = files().get("data_batch_2.bin");
    IdxWriting.writeRaw(file, Arrays.copyOf(whole, whole.length - 7));
    assertRefused(this::open, file, "records of 3073 bytes", "6139 bytes", "truncated");
    IdxWriting.writeRaw(file, new byte[0]);
    assertRefused(this::open, file, "an empty file");
  }

  @Test
  void refusesALabelThatIsNoClass() {
    writeBatches(folder);
    byte[] wrong = files().get("data_batch_2.bin");
    wrong[3073] = 10;
    Path file = IdxWriting.write(folder.resolve("data_batch_2.bin"), wrong);
    assertRefused(this::open, file, "labels from 0 to 9", "10 at image 1");
  }

  @Test
  void refusesADamagedArchive() {
    Path archive = folder.resolve("cifar-10-binary.tar.gz");
    byte[] whole = CifarWriting.archive("cifar-10-batches-bin", files());
    IdxWriting.writeRaw(archive, Arrays.copyOf(whole, whole.length / 2));
    assertRefused(this::open, archive, "truncated");
    IdxWriting.writeRaw(
        archive, IdxWriting.gzip("no archive, but long enough".repeat(40).getBytes()));
    assertRefused(this::open, archive);
    IdxWriting.writeRaw(archive, "no gzip".getBytes());
    assertRefused(this::open, archive, "gzip data, as its name says");
  }

  private DataSet open() {
    return DataSets.open(folder.toString(), DataOptions.ofSeed(1), Progress.SILENT);
  }

  private static void assertIsTheSet(DataSet data) {
    assertEquals("airplane", data.classes().get(0));
    assertEquals("truck", data.classes().get(9));
    assertEquals(10, data.train().size());
    assertEquals(2, data.test().size());
    for (int i = 0; i < 12; i++) {
      LabelledImages part = i < 10 ? data.train() : data.test();
      assertEquals(SET.label(i), part.label(i % 10), "label " + i);
      assertArrayEquals(SET.image(i), part.image(i % 10), "image " + i);
    }
  }

  private static void writeBatches(Path where) {
    files().forEach((name, content) -> IdxWriting.write(where.resolve(name), content));
  }

  /** Two images a file. */
  private static Map<String, byte[]> files() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("test_batch.bin", CifarWriting.records(SET.subset(10, 12), 1));
    // Not in order, as an archive may have them.
    for (int batch : new int[] {4, 2, 1, 5, 3}) {
      files.put(
          "data_batch_" + batch + ".bin",
          CifarWriting.records(SET.subset(2 * batch - 2, 2 * batch), 1));
    }
    return files;
  }
}
