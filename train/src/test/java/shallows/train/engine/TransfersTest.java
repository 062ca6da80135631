package shallows.train.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Where the numbers of steps cross from Java to torch and back. On a GPU the host waits there for
 * all that it gave the GPU before, so between loading and the outcomes there must be none.
 */
class TransfersTest {
  private static final int PARTS = WatchedSteps.PARTS;
  private static final int STEPS = WatchedSteps.STEPS;

  @Test
  void someStepsTakeOneCopyThereAPartAndOneBack() throws IOException, InterruptedException {
    Map<String, Integer> expected =
        Map.of("ImageBuffer.load", PARTS, "LoadedPart.targets", PARTS, "StepsInFlight.copy", 1);
    assertEquals(expected, count("resnet-14-s2", "per-batch", "1"));
    assertEquals(expected, count("resnet-14-s2", "per-batch", "2"));
    assertEquals(expected, count("mobilenet-v2", "per-batch", "1"));
    assertEquals(expected, count("resnet-14-s2", "per-batch", "1", "2", "4"));
  }

  @Test
  void gatesOfImagesTakeOneMoreAndDropoutOneForEachMask() throws IOException, InterruptedException {
    int blocks = 3;
    assertEquals(
        Map.of(
            "ImageBuffer.load",
            PARTS,
            "LoadedPart.targets",
            PARTS,
            "LoadedPart.kept",
            PARTS,
            "OwnedByTorch.of",
            PARTS * STEPS * blocks,
            "StepsInFlight.copy",
            1),
        count("wrn-10-1-d0.3-s2", "per-sample", "1"));
  }

  private static Map<String, Integer> count(String... arguments)
      throws IOException, InterruptedException {
    return TransferWatch.count(WatchedSteps.class, TorchTraining.class, List.of(arguments));
  }
}
