package shallows.data.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import shallows.data.SampleImages;

class ImagePixelsTest {
  @Test
  void fittingCutsTheMiddleOutOfAWideImage() {
    ImagePixels wide = new ImagePixels(1, 2, 5, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
    assertArrayEquals(new byte[] {2, 3, 7, 8}, wide.fitted(2, 2).bytes());
  }

  @Test
  void fittingCutsTheMiddleOutOfATallImage() {
    ImagePixels tall = new ImagePixels(1, 4, 2, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
    assertArrayEquals(new byte[] {3, 4, 5, 6}, tall.fitted(2, 2).bytes());
  }

  @Test
  void fittingKeepsTheShapeThatIsAskedFor() {
    ImagePixels square = new ImagePixels(1, 4, 4, new byte[16]);
    ImagePixels fitted = square.fitted(2, 4);
    assertEquals(2, fitted.height());
    assertEquals(4, fitted.width());
  }

  @Test
  void greyBecomesColourByRepeatingIt() {
    ImagePixels grey = new ImagePixels(1, 1, 2, new byte[] {7, -1});
    assertArrayEquals(new byte[] {7, 7, 7, -1, -1, -1}, grey.withChannels(3).bytes());
    assertArrayEquals(grey.bytes(), grey.withChannels(3).withChannels(1).bytes());
  }

  @Test
  void colourBecomesGreyByItsLuma() {
    byte[] redGreenBlue = {-1, 0, 0, 0, -1, 0, 0, 0, -1};
    ImagePixels grey = new ImagePixels(3, 1, 3, redGreenBlue).withChannels(1);
    assertArrayEquals(new int[] {76, 150, 29}, SampleImages.unsigned(grey.bytes()));
  }

  @Test
  void refusesBytesThatDoNotFit() {
    assertThrows(IllegalArgumentException.class, () -> new ImagePixels(3, 2, 2, new byte[11]));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ImagePixels(1, 1, 1, new byte[1]).withChannels(2));
  }
}
