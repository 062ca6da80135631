package shallows.pipeline.measure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import shallows.data.LabelledImages;
import shallows.data.decode.ImageDecoder;
import shallows.data.evaluation.Predictions;
import shallows.export.runtime.ModelTask;
import shallows.export.runtime.RuntimeClassifier;
import shallows.model.BadInputException;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.progress.Progress;

/**
 * Images through a model file in its runtime, as a phone would run it. Classes and normalization
 * are those that the file names; of a file that names none the classes have numbers, and pixels go
 * in scaled to [0, 1].
 */
public final class Classification {
  private Classification() {}

  /**
   * What a model sees in an image.
   *
   * @param guesses the likeliest first
   */
  public record Answer(Path image, List<Guess> guesses) {}

  /**
   * A class with its probability.
   *
   * @param label as the model names it, or its number
   * @param probability in [0, 1]
   */
  public record Guess(String label, double probability) {}

  /**
   * @param model {@code .onnx} or {@code .tflite}
   * @param top how many classes an answer has at most
   * @return one for each image
   * @throws BadInputException when a file is missing, damaged or of another kind
   */
  public static List<Answer> of(Path model, List<Path> images, int top) {
    try (RuntimeClassifier classifier = RuntimeClassifier.open(model, 1)) {
      Task task = ModelTask.orUnnamed(model, classifier);
      List<Answer> answers = new ArrayList<>();
      for (Path image : images) {
        answers.add(answer(classifier, task, image, top));
      }
      return answers;
    }
  }

  private static Answer answer(RuntimeClassifier classifier, Task task, Path file, int top) {
    Shape shape = classifier.image();
    int channels = shape.dimension(0);
    int height = shape.dimension(1);
    int width = shape.dimension(2);
    byte[] pixels = ImageDecoder.decode(file, channels, height, width);
    // A label is needed to make a set; it is not looked at.
    LabelledImages image =
        new LabelledImages(
            file.toString(), task.labels(), channels, height, width, pixels, new int[1]);
    double[] probabilities =
        Predictions.of(classifier, image, task, 1, Progress.SILENT).probabilities(0);
    if (Arrays.stream(probabilities).anyMatch(Double::isNaN)) {
      throw new BadInputException(
          file,
          "outputs of the model that are numbers",
          "one that is none",
          "take another model, or another export of it");
    }
    return new Answer(
        file,
        IntStream.range(0, probabilities.length)
            .boxed()
            .sorted(Comparator.comparingDouble(c -> -probabilities[c]))
            .limit(top)
            .map(c -> new Guess(task.labels().get(c), probabilities[c]))
            .toList());
  }
}
