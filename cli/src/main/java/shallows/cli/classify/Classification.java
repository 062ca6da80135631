package shallows.cli.classify;

import java.nio.file.Path;
import java.util.ArrayList;
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
import shallows.pipeline.report.Words;

/**
 * Images through a model file in its runtime, as a phone would run it. Classes and normalization
 * are those that the file names; of a file that names none the classes have numbers, and pixels go
 * in scaled to [0, 1].
 */
public final class Classification {
  private Classification() {}

  /**
   * @param model {@code .onnx} or {@code .tflite}
   * @param images one line each
   * @param top how many classes a line names
   * @throws BadInputException when a file is missing, damaged or of another kind
   */
  public static List<String> of(Path model, List<Path> images, int top) {
    try (RuntimeClassifier classifier = RuntimeClassifier.open(model, 1)) {
      Task task = ModelTask.orUnnamed(model, classifier);
      List<String> lines = new ArrayList<>();
      for (Path image : images) {
        lines.add(image + "  " + answer(classifier, task, image, top));
      }
      return lines;
    }
  }

  private static String answer(RuntimeClassifier classifier, Task task, Path file, int top) {
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
    return IntStream.range(0, probabilities.length)
        .boxed()
        .sorted(Comparator.comparingDouble(c -> -probabilities[c]))
        .limit(top)
        .map(c -> task.labels().get(c) + " " + Words.percent(probabilities[c]))
        .reduce((first, second) -> first + ", " + second)
        .orElseThrow();
  }
}
