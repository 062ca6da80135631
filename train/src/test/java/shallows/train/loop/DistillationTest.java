package shallows.train.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.train.TestImages;
import shallows.train.inference.TorchClassifier;
import shallows.train.options.Compute;

class DistillationTest {
  private static final int COUNT = 12;

  /** A float has seven digits. */
  private static final float ROUNDING = 1e-6f;

  private final Graph teacher = TestImages.network(1);
  private final LabelledImages images = TestImages.of(COUNT, 5);

  @Test
  void fullWeightIsTheTeachersAnswer() {
    float[] targets = targets(1, 1);
    try (TorchClassifier classifier = new TorchClassifier(teacher, Compute.cpu(1))) {
      Predictions answers =
          Predictions.of(classifier, images, teacher.task(), COUNT, Progress.SILENT);
      for (int i = 0; i < COUNT; i++) {
        double[] expected = answers.probabilities(i);
        for (int k = 0; k < expected.length; k++) {
          assertEquals(expected[k], targets[i * expected.length + k], ROUNDING);
        }
      }
    }
  }

  @Test
  void theTargetsAreDistributionsBetweenLabelAndTeacher() {
    float[] labels = targets(0, 1);
    float[] half = targets(0.5, 1);
    float[] all = targets(1, 1);
    for (int i = 0; i < half.length; i++) {
      assertEquals((labels[i] + all[i]) / 2, half[i], ROUNDING);
    }
    for (int i = 0; i < COUNT; i++) {
      float sum = 0;
      for (int k = 0; k < teacher.classes(); k++) {
        sum += half[i * teacher.classes() + k];
      }
      assertEquals(1, sum, ROUNDING * teacher.classes());
    }
  }

  @Test
  void aHighTemperatureIsSofter() {
    float[] cold = targets(1, 0.5);
    float[] hot = targets(1, 5);
    for (int i = 0; i < COUNT; i++) {
      assertTrue(largest(hot, i) < largest(cold, i));
    }
  }

  @Test
  void noWeightLeavesTheLabels() {
    float[] expected = new float[COUNT * teacher.classes()];
    IntStream.range(0, COUNT).forEach(i -> expected[i * teacher.classes() + images.label(i)] = 1);
    assertArrayEquals(expected, targets(0, 1));
  }

  @Test
  void refusesWhatCannotBe() {
    assertThrows(IllegalArgumentException.class, () -> new Distillation.Options(1.1, 1));
    assertThrows(IllegalArgumentException.class, () -> new Distillation.Options(0.5, 0));
  }

  private float[] targets(double weight, double temperature) {
    float[] pixels = new float[COUNT * images.imageBytes()];
    images.fill(IntStream.range(0, COUNT).toArray(), teacher.task().normalization(), pixels);
    float[] targets = new float[COUNT * teacher.classes()];
    IntStream.range(0, COUNT).forEach(i -> targets[i * teacher.classes() + images.label(i)] = 1);
    try (Distillation distillation =
        new Distillation(teacher, new Distillation.Options(weight, temperature), Compute.cpu(1))) {
      distillation.apply(pixels, COUNT, targets);
    }
    return targets;
  }

  private float largest(float[] targets, int image) {
    float largest = 0;
    for (int k = 0; k < teacher.classes(); k++) {
      largest = Math.max(largest, targets[image * teacher.classes() + k]);
    }
    return largest;
  }
}
