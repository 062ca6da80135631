package shallows.pipeline.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import shallows.pipeline.event.Event;

class TransferStageTest {
  /** Right on the first images, wrong on the rest. */
  private static boolean[] first(int right, int images) {
    boolean[] answers = new boolean[images];
    Arrays.fill(answers, 0, right, true);
    return answers;
  }

  @Test
  void tellsWhatTrainingAllLayersLost() {
    assertEquals(
        Optional.of(new Event.TransferLost(0.8, 0.3, 100)),
        TransferStage.lost(first(80, 100), first(30, 100)));
  }

  @Test
  void saysNothingOfWhatMayBeChanceOrIsAGain() {
    assertEquals(Optional.empty(), TransferStage.lost(first(80, 100), first(80, 100)));
    assertEquals(Optional.empty(), TransferStage.lost(first(80, 100), first(95, 100)));
    // 4 images are right before alone and 3 others after alone: that may be chance.
    boolean[] other = first(76, 100);
    Arrays.fill(other, 81, 84, true);
    assertEquals(Optional.empty(), TransferStage.lost(first(80, 100), other));
  }
}
