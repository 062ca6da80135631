package shallows.data.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static shallows.data.BadInput.assertRefused;
import static shallows.data.format.IdxWriting.IMAGES;
import static shallows.data.format.IdxWriting.LABELS;
import static shallows.data.format.IdxWriting.gzip;
import static shallows.data.format.IdxWriting.idx;
import static shallows.data.format.IdxWriting.write;
import static shallows.data.format.IdxWriting.writeRaw;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.data.LabelledImages;
import shallows.data.SampleImages;

class IdxReaderTest {
  private static final byte[] PIXELS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, -1};
  private static final byte[] TWO_IMAGES = idx(IMAGES, PIXELS, 2, 2, 3);
  private static final byte[] TWO_LABELS = idx(LABELS, new byte[] {1, 0}, 2);
  private static final List<String> CLASSES = List.of("a", "b");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"", ".gz"})
  void readsWhatWasWritten(String extension) {
    LabelledImages written = SampleImages.random(6, 3, 1, 4, 5);
    IdxWriting.writeSet(folder, "train", extension, written);
    LabelledImages read = IdxReader.readTrain(folder, "read", written.classes());
    assertEquals(6, read.size());
    assertEquals(4, read.height());
    assertEquals(5, read.width());
    assertEquals(1, read.channels());
    assertArrayEquals(written.labels(), read.labels());
    assertArrayEquals(written.image(5), read.image(5));
  }

  @Test
  void refusesGzipDataUnderARawName() {
    Path images = writeRaw(folder.resolve("images"), gzip(TWO_IMAGES));
    assertRefused(() -> read(images, labels()), images, "gzip data", "rename it to images.gz");
  }

  @Test
  void refusesRawDataUnderAGzipName() {
    Path images = writeRaw(folder.resolve("images.gz"), TWO_IMAGES);
    assertRefused(
        () -> read(images, labels()), images, "gzip data", "an unpacked file", "to images");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 9, 16, 27})
  void refusesATruncatedFile(int length) {
    Path images = write(folder.resolve("images"), Arrays.copyOf(TWO_IMAGES, length));
    assertRefused(() -> read(images, labels()), images, "download it again");
    Path packed = write(folder.resolve("images.gz"), Arrays.copyOf(TWO_IMAGES, length));
    assertRefused(() -> read(packed, labels()), packed, "truncated");
  }

  @Test
  void refusesTruncatedAndDamagedGzipData() {
    byte[] packed = gzip(TWO_IMAGES);
    Path images = writeRaw(folder.resolve("images.gz"), Arrays.copyOf(packed, packed.length - 12));
    assertRefused(() -> read(images, labels()), images, "truncated");
    packed[packed.length - 6] ^= 1;
    writeRaw(images, packed);
    assertRefused(() -> read(images, labels()), images, "damaged gzip data");
  }

  @Test
  void saysHowManyBytesAreMissing() {
    Path images = write(folder.resolve("images"), Arrays.copyOf(TWO_IMAGES, 27));
    assertRefused(() -> read(images, labels()), "12 bytes", "[2, 2, 3]", "after 11");
  }

  @Test
  void refusesAnEmptyAndAMissingFile() {
    Path images = write(folder.resolve("images"), new byte[0]);
    assertRefused(() -> read(images, labels()), images, "an empty file");
    write(folder.resolve("images"), new byte[1]);
    assertRefused(() -> read(images, labels()), images, "a truncated one");
    Path missing = folder.resolve("missing");
    assertRefused(() -> read(missing, labels()), missing, "no such file");
  }

  @Test
  void refusesTrailingBytes() {
    Path images = write(folder.resolve("images"), Arrays.copyOf(TWO_IMAGES, TWO_IMAGES.length + 1));
    assertRefused(() -> read(images, labels()), images, "12 bytes", "found more");
  }

  @Test
  void refusesLabelsAsImages() {
    Path labels = labels();
    assertRefused(
        () -> read(labels, labels), labels, "2051 (images)", "2049 (labels)", "swap the files");
  }

  @Test
  void refusesAForeignFile() {
    Path images = write(folder.resolve("images"), "once upon a time".getBytes());
    assertRefused(() -> read(images, labels()), images, "the magic number 2051", "IDX file");
  }

  @Test
  void refusesAShapeOfNothingOrTooMuch() {
    Path images = write(folder.resolve("images"), idx(IMAGES, PIXELS, 0, 2, 3));
    assertRefused(() -> read(images, labels()), images, "at least 1", "[0]");
    write(images, idx(IMAGES, PIXELS, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE));
    assertRefused(() -> read(images, labels()), images, "at most 2 GB");
    write(images, idx(IMAGES, PIXELS, -1, -2, 6));
    assertRefused(() -> read(images, labels()), images, "[-1]");
  }

  @Test
  void refusesMoreLabelsThanImages() {
    Path labels = write(folder.resolve("labels"), idx(LABELS, new byte[] {1, 0, 1}, 3));
    assertRefused(
        () -> read(images(), labels), labels, "expected 2 labels", "found 3", "the same set");
  }

  @Test
  void refusesALabelWithoutAName() {
    Path labels = write(folder.resolve("labels"), idx(LABELS, new byte[] {1, -1}, 2));
    assertRefused(() -> read(images(), labels), labels, "from 0 to 1", "found 255 at image 1");
  }

  @Test
  void namesTheFileThatIsMissingOfTheFour() {
    IdxWriting.writeSet(folder, "train", ".gz", SampleImages.random(2, 2, 1, 2, 2));
    assertRefused(
        () -> IdxReader.readTest(folder, "test", CLASSES),
        folder.resolve("t10k-images-idx3-ubyte"),
        "the four IDX files",
        "missing");
  }

  @Test
  void takesClassNamesFromLabelsTxt() {
    assertEquals("9", IdxReader.classesOf(folder).get(9));
    Path names = write(folder.resolve("labels.txt"), "cat\n dog \n".getBytes());
    assertEquals(List.of("cat", "dog"), IdxReader.classesOf(folder));
    write(names, "cat\n\ndog\n".getBytes());
    assertRefused(() -> IdxReader.classesOf(folder), names, "[cat, , dog]");
    write(names, new byte[] {(byte) 0xff, '\n', 'a'});
    assertRefused(() -> IdxReader.classesOf(folder), names, "UTF-8");
  }

  private Path images() {
    return write(folder.resolve("good-images"), TWO_IMAGES);
  }

  private Path labels() {
    return write(folder.resolve("good-labels"), TWO_LABELS);
  }

  private static LabelledImages read(Path images, Path labels) {
    return IdxReader.read(images, labels, "set", CLASSES);
  }
}
