package shallows.data.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static shallows.data.BadInput.assertRefused;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.data.SampleImages;

class PictureFormatTest {
  /** 32x16: a square of rgb(200,100,50), one of rgb(20,60,220). */
  static final byte[] LOSSLESS_WEBP =
      PictureBytes.hex(
          "524946462a000000574542505650384c1d0000002f1fc003000f70149e53d0de8a7bfea3050281247fe9011688"
              + "e87f142f00");

  private static final byte[] LOSSY_WEBP =
      PictureBytes.hex(
          "524946465800000057454250565038204c0000009004009d012a200010003e31148842a22121180400200304b4"
              + "004e9942381bc03f003f5038c0bb01faaa06af1000fedc51fff9a71b57f23fff673e5b03e4fff4307e6817"
              + "87225f198ce58000");

  /** 16x8: what cannot be seen, and black that is half seen. */
  private static final byte[] TRANSPARENT_WEBP =
      PictureBytes.hex(
          "5249464622000000574542505650384c160000002f0fc001100f1011f317422c98cc5fba338588fe870e");

  @TempDir Path folder;

  @Test
  void webpIsRead() throws IOException {
    assertArrayEquals(new int[] {200, 100, 50, 20, 60, 220}, ends(file("a.webp", LOSSLESS_WEBP)));
    int[] lossy = ends(file("b.webp", LOSSY_WEBP));
    int[] near = {200, 100, 50, 20, 60, 220};
    for (int i = 0; i < near.length; i++) {
      assertEquals(near[i], lossy[i], 8);
    }
    assertArrayEquals(
        new int[] {255, 255, 255, 128, 128, 128}, ends(file("c.webp", TRANSPARENT_WEBP)));
  }

  /** Black with all ink, white without any; what lies between is up to the profile of a printer. */
  @ParameterizedTest
  @ValueSource(strings = {"cmyk", "ycck"})
  void jpegOfPrintersColoursIsRead(String name) {
    int[] ends = ends(Path.of("src/test/resources/shallows/data/decode", name + ".jpg"));
    assertTrue(ends[0] > ends[1] + 40 && ends[1] > ends[2] + 20, Arrays.toString(ends));
    assertTrue(ends[5] > ends[4] + 80 && ends[4] > ends[3] + 10, Arrays.toString(ends));
  }

  @Test
  void tiffOfSixteenBitsAndOfInksIsRead() throws IOException {
    for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
      ByteBuffer deep = ByteBuffer.allocate(12).order(order);
      for (int value : new int[] {200, 100, 50, 20, 60, 220}) {
        deep.putShort((short) (value << 8 | 0xff));
      }
      assertArrayEquals(
          new int[] {200, 100, 50, 20, 60, 220},
          ends(
              file(
                  "a.tif",
                  PictureBytes.tiff(order, 2, 1, 2, 3, 16, 1, deep.array(), new byte[0]))));
    }
    byte[] inks = {0, 0, 0, 0, 0, 0, 0, (byte) 255};
    int[] ends =
        ends(
            file(
                "b.tif",
                PictureBytes.tiff(ByteOrder.BIG_ENDIAN, 2, 1, 5, 4, 8, 1, inks, new byte[0])));
    assertTrue(ends[0] > 240 && ends[1] > 240 && ends[2] > 240, Arrays.toString(ends));
    assertTrue(ends[3] < 60 && ends[4] < 60 && ends[5] < 60, Arrays.toString(ends));
  }

  @ParameterizedTest
  @CsvSource({
    "....ftypheic, 'HEIC, as iPhones write it'",
    "....ftypmif1, 'HEIC, as iPhones write it'",
    "....ftypavif, AVIF",
    "'....JXL ', JPEG XL",
    "8BPS, a document of Photoshop",
    "II*.....CR, raw data of a camera",
    "<?xml version='1.0'?> <svg, 'SVG, a drawing without pixels'"
  })
  void whatIsNotReadIsNamed(String start, String words) throws IOException {
    byte[] content =
        PictureBytes.concat(PictureBytes.latin(start.replace('.', '\0')), new byte[400]);
    Path file = file("a.jpg", start.contains("xml") ? PictureBytes.latin(start) : content);
    assertRefused(() -> ImageDecoder.decode(file), file, words, "convert it to JPEG");
    assertRefused(() -> ImageDecoder.head(file), file, words);
  }

  @Test
  void rawDataIsNotTakenForItsThumbnail() throws IOException {
    byte[] pixels = {10, 20};
    byte[] tiff = PictureBytes.tiff(ByteOrder.LITTLE_ENDIAN, 2, 1, 1, 1, 8, 1, pixels, new byte[0]);
    Path raw = file("a.NEF", tiff);
    assertRefused(() -> ImageDecoder.decode(raw), raw, "raw data of a camera");
    assertArrayEquals(pixels, ImageDecoder.decode(file("a.tif", tiff)).bytes());
  }

  @Test
  void contentCountsAndNotTheName() throws IOException {
    byte[] png = PictureBytes.written(SampleImages.grey(2, 2, 77), "png");
    assertEquals(77, ImageDecoder.decode(file("a.jpg", png)).bytes()[0]);
    assertEquals(77, ImageDecoder.decode(file("noEnding", png)).bytes()[0]);
  }

  @Test
  void namesOfPicturesAreThose() {
    for (String name : new String[] {"a.jpg", "A.JPEG", "b.Png", "c.heic", "d.webp", "e.f.TIF"}) {
      assertTrue(PictureFormat.isNameOfPicture(name), name);
    }
    for (String name : new String[] {"jpg", "a.txt", "a.jpg.json", "a.mov", ""}) {
      assertFalse(PictureFormat.isNameOfPicture(name), name);
    }
  }

  /** The first and the last pixel. */
  private static int[] ends(Path file) {
    ImagePixels image = ImageDecoder.decode(file);
    assertEquals(3, image.channels());
    int[] all = SampleImages.unsigned(image.bytes());
    int[] ends = Arrays.copyOf(all, 6);
    System.arraycopy(all, all.length - 3, ends, 3, 3);
    return ends;
  }

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }
}
