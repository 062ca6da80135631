package shallows.export.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.data.evaluation.Predictions;

class OutputMatchTest {
  private static final float STEP = 0.25f;

  private static Predictions of(float first) {
    return new Predictions(new float[][] {{first, 2}});
  }

  @Test
  void integersMayBeOffByAStepOrWhatQuantizationExplains() {
    OutputMatch step = OutputMatch.ofIntegers(of(1.25f), of(1), of(1), STEP);
    assertTrue(step.within(), step.words());
    assertEquals(STEP, step.rounding(), 1e-3);
    assertFalse(OutputMatch.ofIntegers(of(1.5f), of(1), of(1), STEP).within());
    // Off by two steps from the floats, √2 times as many are explained.
    OutputMatch more = OutputMatch.ofIntegers(of(1.5f), of(1), of(1.5f), STEP);
    assertTrue(more.within(), more.words());
    assertEquals(Math.sqrt(2) * 0.5, more.rounding(), 1e-3);
    assertFalse(OutputMatch.ofKnownArithmetic(of(1.5f), of(1), of(1.5f), STEP).within());
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void floatsThatAreNoNumbersExplainNothing(float exact) {
    for (OutputMatch match :
        new OutputMatch[] {
          OutputMatch.ofIntegers(of(1), of(1), of(exact), STEP),
          OutputMatch.ofKnownArithmetic(of(1), of(1), of(exact), STEP)
        }) {
      assertFalse(match.within());
      assertEquals("outputs of the graph of floats are no finite numbers", match.words());
      assertNull(match.rounding());
    }
  }
}
