package shallows.data.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.data.SampleImages;

class ExifOrientationTest {
  /** Of EXIF 2.32, 4.6.4: where row 0 and column 0 of the file are seen. */
  private static final String[] SEEN = {
    "top left",
    "top right",
    "bottom right",
    "bottom left",
    "left top",
    "right top",
    "right bottom",
    "left bottom"
  };

  /** A picture is seen as 2 rows of 3 squares, each of its own grey. */
  private static final int[][] GREYS = {{0, 50, 100}, {150, 200, 250}};

  private static final int SQUARE = 16;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyFormatIsReadUpright(int orientation) throws IOException {
    BufferedImage stored = stored(orientation);
    for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
      byte[] exif = PictureBytes.exif(orientation, order);
      assertSeen("jpg", PictureBytes.withExif(PictureBytes.written(stored, "jpg"), exif));
      assertSeen("png", PictureBytes.withChunk(PictureBytes.written(stored, "png"), "eXIf", exif));
      byte[] pixels =
          SampleImages.bytes(
              stored
                  .getRaster()
                  .getPixels(0, 0, stored.getWidth(), stored.getHeight(), (int[]) null));
      assertSeen(
          "tif",
          PictureBytes.tiff(
              order,
              stored.getWidth(),
              stored.getHeight(),
              1,
              1,
              8,
              orientation,
              pixels,
              new byte[0]));
    }
  }

  /** A square of orange on the left, one of blue on the right. */
  @Test
  void webpIsReadUprightToo() throws IOException {
    byte[] exif = PictureBytes.exif(6, ByteOrder.LITTLE_ENDIAN);
    for (byte[] part :
        new byte[][] {exif, PictureBytes.concat(PictureBytes.latin("Exif\0\0"), exif)}) {
      Path file =
          Files.write(
              folder.resolve("a.webp"),
              PictureBytes.webpWithExif(PictureFormatTest.LOSSLESS_WEBP, 32, 16, part));
      assertEquals(new ImageDecoder.Head(32, 16, false), ImageDecoder.head(file));
      ImagePixels image = ImageDecoder.decode(file);
      assertEquals(32, image.height());
      assertArrayEquals(
          new int[] {200, 100, 50}, Arrays.copyOf(SampleImages.unsigned(image.bytes()), 3));
      int last = image.bytes().length - 3;
      assertArrayEquals(
          new int[] {20, 60, 220},
          Arrays.copyOfRange(SampleImages.unsigned(image.bytes()), last, last + 3));
    }
  }

  @Test
  void aTagThatIsMissingWrongOrDamagedIsUpright() throws IOException {
    byte[] jpeg = PictureBytes.written(stored(1), "jpg");
    assertEquals(1, orientation(jpeg));
    assertEquals(1, orientation(new byte[0]));
    assertEquals(1, orientation(PictureBytes.latin("no picture at all")));
    for (int wrong : new int[] {0, 9, 65535}) {
      byte[] exif = PictureBytes.exif(wrong, ByteOrder.BIG_ENDIAN);
      assertEquals(1, orientation(PictureBytes.withExif(jpeg, exif)));
    }
    byte[] exif = PictureBytes.exif(6, ByteOrder.BIG_ENDIAN);
    assertEquals(6, orientation(PictureBytes.withExif(jpeg, exif)));
    for (int length = 0; length < 8 + 2 + 24; length++) {
      byte[] cut = Arrays.copyOf(exif, length);
      assertEquals(1, orientation(PictureBytes.withExif(jpeg, cut)), "cut to " + length);
    }
    byte[] far = exif.clone();
    far[4] = 0x7f;
    assertEquals(1, orientation(PictureBytes.withExif(jpeg, far)));
    byte[] backwards = exif.clone();
    backwards[7] = 2;
    assertEquals(1, orientation(PictureBytes.withExif(jpeg, backwards)));
  }

  private void assertSeen(String ending, byte[] content) throws IOException {
    Path file = Files.write(folder.resolve("a." + ending), content);
    assertEquals(
        new ImageDecoder.Head(2 * SQUARE, 3 * SQUARE, true), ImageDecoder.head(file), ending);
    ImagePixels image = ImageDecoder.decode(file);
    assertEquals(2 * SQUARE, image.height());
    assertEquals(3 * SQUARE, image.width());
    for (int row = 0; row < 2; row++) {
      for (int column = 0; column < 3; column++) {
        int y = row * SQUARE + SQUARE / 2;
        int x = column * SQUARE + SQUARE / 2;
        // JPEG's loss on even squares is rounding alone.
        assertEquals(GREYS[row][column], image.bytes()[y * 3 * SQUARE + x] & 0xff, 2, ending);
      }
    }
  }

  /** What a file of this orientation stores, so that it is seen as {@link #GREYS}. */
  private static BufferedImage stored(int orientation) {
    String[] seen = SEEN[orientation - 1].split(" ");
    boolean rowsAcross = seen[0].equals("left") || seen[0].equals("right");
    int rows = rowsAcross ? 3 : 2;
    int columns = rowsAcross ? 2 : 3;
    BufferedImage image =
        new BufferedImage(columns * SQUARE, rows * SQUARE, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int fromRow0 = y / SQUARE;
        int fromColumn0 = x / SQUARE;
        int down = rowsAcross ? from(seen[1], fromColumn0, 2) : from(seen[0], fromRow0, 2);
        int across = rowsAcross ? from(seen[0], fromRow0, 3) : from(seen[1], fromColumn0, 3);
        image.getRaster().setSample(x, y, 0, GREYS[down][across]);
      }
    }
    return image;
  }

  private static int from(String side, int distance, int count) {
    return side.equals("top") || side.equals("left") ? distance : count - 1 - distance;
  }

  private static int orientation(byte[] file) throws IOException {
    return ExifOrientation.of(new ByteArrayInputStream(file));
  }
}
