package shallows.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class PixelOrderTest {
  @Test
  void bothOrdersHoldTheSameValues() {
    LabelledImages images = SampleImages.random(3, 3, 3, 4, 5);
    float[] last = images.normalized(0, 3, PixelStatistics.normalization(images));

    float[] first = PixelOrder.channelsFirst(last, 3, 3);

    for (int n = 0; n < 3; n++) {
      for (int p = 0; p < 20; p++) {
        for (int c = 0; c < 3; c++) {
          assertEquals(last[(n * 20 + p) * 3 + c], first[(n * 3 + c) * 20 + p]);
        }
      }
    }
    assertArrayEquals(last, PixelOrder.channelsLast(first, 3, 3));
  }

  @Test
  void oneChannelIsInBothOrdersAtOnce() {
    float[] grey = new float[2 * 12];
    assertSame(grey, PixelOrder.channelsFirst(grey, 2, 1));
  }
}
