package shallows.export.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;

class SampleChoiceTest {
  private static final List<String> CLASSES =
      List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j");

  @Test
  void sixOfOtherClassesThatAllGetRightThenThreeThatAllGetWrong() {
    int[] labels = {0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 9};
    int[] first = {0, 0, 1, 2, 3, 4, 5, 6, 7, 0, 0, 0};
    int[] second = {0, 0, 1, 2, 9, 4, 5, 6, 7, 0, 0, 0};
    // Of 3 they are not of one mind, 10 is of a class that is there, 0 of an older one as well.
    assertArrayEquals(new int[] {0, 2, 3, 5, 6, 7, 9, 11, 10}, of(labels, first, second));
  }

  @Test
  void whereNothingIsWrongTheyAreOfAsManyClassesAsThereAre() {
    int[] labels = {0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    assertArrayEquals(new int[] {0, 3, 4, 5, 6, 7, 8, 9, 10}, of(labels, labels));
  }

  @Test
  void whereThereAreTwoClassesThreeAreWrongAllTheSame() {
    int[] labels = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
    int[] answers = {0, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1};
    assertArrayEquals(new int[] {0, 1, 5, 6, 7, 2, 3, 4, 8}, of(labels, answers));
  }

  @Test
  void fewerImagesAreAllTaken() {
    assertEquals(2, of(new int[] {3, 3}, new int[] {3, 4}).length);
  }

  private static int[] of(int[] labels, int[]... answers) {
    LabelledImages images =
        new LabelledImages("test", CLASSES, 1, 1, 1, new byte[labels.length], labels);
    return SampleChoice.of(
        images, List.of(answers).stream().map(SampleChoiceTest::predictions).toList());
  }

  private static Predictions predictions(int[] classes) {
    float[][] scores = new float[classes.length][CLASSES.size()];
    IntStream.range(0, classes.length).forEach(i -> scores[i][classes[i]] = 1);
    return new Predictions(scores);
  }
}
