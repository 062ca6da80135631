package shallows.train.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import shallows.data.LabelledImages;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.train.options.Compute;

/**
 * Of bottleneck-50 at 64 pixels: behind its first three blocks, with a fifth of the work done, lie
 * twice as many values as behind the fourth.
 */
class PairedNetworksTest {
  private static final int SIDE = 64;
  private static final int IMAGES = 4;
  private static final Graph NETWORK = network(1);

  /** The same with other weights, so that every layer lacks something. */
  private static final Graph CURRENT = network(2);

  private static Graph network(long seed) {
    return Networks.create("bottleneck-50", Shape.of(3, SIDE, SIDE), Task.unnamed(10, 3), seed);
  }

  /** (256, 16, 16), for both networks. */
  private static final long BEHIND_THE_FIRST = 2L * Float.BYTES * 256 * 16 * 16;

  @Test
  void whatIsLargestAtTheBeginningIsComputedAgainForMoreImages() {
    LayerMoments all = moments(IMAGES * BEHIND_THE_FIRST);
    LayerMoments again = moments(IMAGES * BEHIND_THE_FIRST / 2);

    assertEquals(IMAGES, rows(all));
    assertTrue(Arrays.stream(all.cross()).anyMatch(value -> value != 0));
    assertArrayEquals(all.gram(), again.gram());
    assertArrayEquals(all.cross(), again.cross());
  }

  @Test
  void whereTheRestDoesNotFitEitherThereAreFewerImages() {
    assertEquals(1, rows(moments(IMAGES * BEHIND_THE_FIRST / 8)));
    assertEquals(1, rows(moments(1)));
  }

  /** Of the last layer of one pixel an image. */
  private static double rows(LayerMoments moments) {
    return moments.gram()[moments.gram().length - 1];
  }

  private static LayerMoments moments(long held) {
    byte[] pixels = new byte[IMAGES * 3 * SIDE * SIDE];
    new Random(1).nextBytes(pixels);
    LabelledImages images =
        new LabelledImages(
            "noise", NETWORK.task().labels(), 3, SIDE, SIDE, pixels, new int[IMAGES]);
    try (PairedNetworks run = new PairedNetworks(NETWORK, images, held, Compute.cpu(1))) {
      for (Block block : NETWORK.blocks()) {
        run.advance(CURRENT, block.sum());
      }
      return run.moments(CURRENT, NETWORK.output(), NETWORK.output());
    }
  }
}
