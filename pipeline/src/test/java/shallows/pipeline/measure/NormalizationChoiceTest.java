package shallows.pipeline.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import shallows.data.LabelledImages;
import shallows.data.NormalizationPreset;
import shallows.data.evaluation.Predictions;
import shallows.model.graph.Normalization;
import shallows.pipeline.folder.ImportSettings;

class NormalizationChoiceTest {
  private static final LabelledImages IMAGES = images(1000);
  private static final Normalization RIGHT =
      NormalizationPreset.MINUS_ONE_TO_ONE.of(IMAGES).orElseThrow();

  @Test
  void takesThePresetThatTheNetworkAnswersBestWith() {
    NormalizationChoice choice = choice(ImportSettings.AUTO, Optional.empty(), RIGHT);
    assertEquals(RIGHT, choice.normalization());
    assertEquals("minus-one-to-one", choice.found().chosen().name());
    assertEquals(NormalizationPreset.values().length, choice.found().tried().size());
    assertEquals(250, choice.found().images(), "a few decide");
    assertTrue(choice.isNews());
  }

  @Test
  void saysThatAnotherOneIsBetterThanTheOneAskedFor() {
    NormalizationChoice choice = choice("none", Optional.empty(), RIGHT);
    assertEquals(Normalization.none(3), choice.normalization(), "asked for is asked for");
    assertEquals("minus-one-to-one", choice.found().better().orElseThrow().name());
  }

  @Test
  void oneImageOfSixIsChance() {
    LabelledImages six = images(6);
    Normalization none = Normalization.none(3);
    NormalizationChoice choice =
        NormalizationChoice.of(
            "none",
            Optional.empty(),
            six,
            six,
            (normalization, few) -> {
              float[][] scores = new float[few.size()][4];
              for (int i = 0; i < scores.length; i++) {
                boolean wrong = normalization.equals(none) && i == 0;
                scores[i][(few.label(i) + (wrong ? 1 : 0)) % 4] = 1;
              }
              return new Predictions(scores);
            });
    assertEquals(5 / 6.0, choice.found().chosen().accuracy());
    assertFalse(choice.isNews());
  }

  @Test
  void hasNothingToSayWhereWhatWasAskedForIsRight() {
    NormalizationChoice choice = choice(ImportSettings.GIVEN, Optional.of(RIGHT), RIGHT);
    assertEquals(RIGHT, choice.normalization());
    assertFalse(choice.isNews());
  }

  @Test
  void saysThatTheBestIsGuessing() {
    Normalization none = new Normalization(List.of(9f, 9f, 9f), List.of(1f, 1f, 1f));
    NormalizationChoice choice = choice(ImportSettings.AUTO, Optional.empty(), none);
    assertTrue(choice.found().chance().orElseThrow() < 0.3);
  }

  /** Of a network that is always right where pixels come as it wants them, and else guesses. */
  private static NormalizationChoice choice(
      String asked, Optional<Normalization> known, Normalization right) {
    return NormalizationChoice.of(
        asked,
        known,
        IMAGES,
        IMAGES,
        (normalization, few) -> {
          float[][] scores = new float[few.size()][4];
          for (int i = 0; i < scores.length; i++) {
            scores[i][normalization.equals(right) ? few.label(i) : 0] = 1;
          }
          return new Predictions(scores);
        });
  }

  private static LabelledImages images(int count) {
    byte[] pixels = new byte[count * 3];
    new Random(3).nextBytes(pixels);
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      // As in folders: class after class.
      labels[i] = 4 * i / count;
    }
    return new LabelledImages("some", List.of("a", "b", "c", "d"), 3, 1, 1, pixels, labels);
  }
}
