package shallows.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BarLineTest {
  private static final String NOTE = "epoch 3 of 8, loss 0.5312, held-out accuracy 84.2 %";

  @Test
  void hasAllOfItWhereThereIsRoom() {
    assertEquals(
        "train 50 % [===============               ] 60 s to go, " + NOTE,
        BarLine.line("train", 0.5, 60, NOTE, 120));
  }

  @Test
  void losesTheEndOfTheNoteThenTheBarThenTheTime() {
    assertEquals(
        "train 50 % [======      ] 60 s to go, epoch 3 of 8",
        BarLine.line("train", 0.5, 60, NOTE, 50));
    assertEquals("train 50 % 60 s to go", BarLine.line("train", 0.5, 60, NOTE, 30));
    assertEquals("train 50 %", BarLine.line("train", 0.5, 60, NOTE, 15));
  }

  @Test
  void knowsNoTimeBeforeTheFirstStep() {
    assertEquals("prune 0 % [          ]", BarLine.line("prune", 0, 9, "", 23));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 10, 20, 40, 59, 60, 80, 100, 300})
  void isNeverWiderThanTheTerminal(int width) {
    for (double done : new double[] {0, 0.001, 0.5, 1}) {
      assertTrue(BarLine.line("fine-tune", done, 1e5, NOTE, width).length() <= width);
    }
  }
}
