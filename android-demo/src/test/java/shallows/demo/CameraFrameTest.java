package shallows.demo;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import java.util.Random;
import org.junit.Test;
import shallows.data.decode.ImagePixels;

/** What a camera gives, against the formulas of JPEG and against plain turning. */
public class CameraFrameTest {
  /** Y, U and V were rounded, and chroma counts up to 1.8 times. */
  private static final int ROUNDING = 2;

  private static final int WIDTH = 6;
  private static final int HEIGHT = 4;

  /** One colour, so that halved chroma loses nothing. */
  @Test
  public void coloursComeBackWithinRounding() {
    Random random = new Random(8);
    for (int i = 0; i < 200; i++) {
      int[] rgb = {random.nextInt(256), random.nextInt(256), random.nextInt(256)};
      double y = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
      byte[] pixel =
          CameraFrame.upright(
                  plane((int) Math.round(y)),
                  plane((int) Math.min(255, Math.round(128 + (rgb[2] - y) / 1.772))),
                  plane((int) Math.min(255, Math.round(128 + (rgb[0] - y) / 1.402))),
                  1,
                  1,
                  0)
              .bytes();
      for (int c = 0; c < 3; c++) {
        assertEquals(rgb[c], pixel[c] & 0xff, ROUNDING);
      }
    }
  }

  private static CameraFrame.Plane plane(int value) {
    return new CameraFrame.Plane(new byte[] {(byte) value}, 1, 1);
  }

  @Test
  public void greyKeepsItsValuesAndLongRowsAreSkipped() {
    ImagePixels frame = turned(0);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        assertEquals(10 * y + x, frame.bytes()[3 * (y * WIDTH + x)]);
      }
    }
  }

  @Test
  public void aQuarterClockwiseBringsTheLowerLeftToTheUpperLeft() {
    ImagePixels frame = turned(90);

    assertEquals(HEIGHT, frame.width());
    assertEquals(WIDTH, frame.height());
    assertEquals(10 * (HEIGHT - 1), frame.bytes()[0]);
  }

  @Test
  public void fourQuartersAreWholeAndTwoAreAHalf() {
    ImagePixels once = quarter(turned(0));
    assertArrayEquals(turned(90).bytes(), once.bytes());
    ImagePixels twice = quarter(once);
    assertArrayEquals(turned(180).bytes(), twice.bytes());
    ImagePixels thrice = quarter(twice);
    assertArrayEquals(turned(270).bytes(), thrice.bytes());
    assertArrayEquals(turned(0).bytes(), quarter(thrice).bytes());
  }

  /** Value 10 y + x, in rows that are longer than the picture, with chroma two bytes apart. */
  private static ImagePixels turned(int degrees) {
    int stride = WIDTH + 3;
    byte[] light = new byte[stride * HEIGHT];
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        light[y * stride + x] = (byte) (10 * y + x);
      }
    }
    byte[] chroma = new byte[stride * HEIGHT];
    java.util.Arrays.fill(chroma, (byte) 128);
    CameraFrame.Plane plane = new CameraFrame.Plane(chroma, stride, 2);
    return CameraFrame.upright(
        new CameraFrame.Plane(light, stride, 1), plane, plane, WIDTH, HEIGHT, degrees);
  }

  private static ImagePixels quarter(ImagePixels image) {
    byte[] turned = new byte[image.bytes().length];
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        int to = x * image.height() + image.height() - 1 - y;
        System.arraycopy(image.bytes(), 3 * (y * image.width() + x), turned, 3 * to, 3);
      }
    }
    return new ImagePixels(3, image.width(), image.height(), turned);
  }
}
