package shallows.cli.classify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import shallows.cli.terminal.Words;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.export.runtime.RuntimeClassifier;
import shallows.export.runtime.TfliteClassifier;
import shallows.model.BadInputException;
import shallows.model.evaluation.Predictions;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.images.ImageDecoder;
import shallows.model.images.LabelledImages;
import shallows.model.onnx.OnnxReader;
import shallows.model.progress.Progress;

/** Images through a model file in its runtime, as a phone would run it. */
public final class Classification {
  private Classification() {}

  /**
   * @param model {@code .onnx} or {@code .tflite}
   * @param images one line each
   * @param top how many classes a line names
   * @throws BadInputException when a file is missing, damaged or of another kind
   */
  public static List<String> of(Path model, List<Path> images, int top) {
    String name = model.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".onnx")) {
      return ofOnnx(model, images, top);
    }
    if (name.endsWith(".tflite")) {
      Task task = ModelDescription.beside(model).task();
      try (RuntimeClassifier classifier = TfliteClassifier.open(model, 1)) {
        return of(classifier, task, images, top);
      }
    }
    throw new BadInputException(
        model
            + ": expected a file that ends in .onnx or .tflite, found another; name one from"
            + " RUN/export");
  }

  /**
   * The file's own word for its classes counts. Only one that has none, as other programs write it,
   * is described by a {@code model.json}, or by numbers.
   */
  private static List<String> ofOnnx(Path model, List<Path> images, int top) {
    Optional<Task> own = OnnxReader.task(model);
    try (RuntimeClassifier classifier = OnnxRuntimeClassifier.open(model, 1)) {
      Task task =
          own.orElseGet(
              () ->
                  ModelDescription.isBeside(model)
                      ? ModelDescription.beside(model).task()
                      : Task.unnamed(classifier.classes(), classifier.image().dimension(0)));
      return of(classifier, task, images, top);
    }
  }

  private static List<String> of(
      RuntimeClassifier classifier, Task task, List<Path> images, int top) {
    if (classifier.classes() != task.labels().size()) {
      throw new BadInputException(
          "the model file and "
              + ModelDescription.FILE
              + ": expected the same number of classes,"
              + " found "
              + classifier.classes()
              + " and "
              + task.labels().size()
              + "; take both from one export");
    }
    List<String> lines = new ArrayList<>();
    for (Path image : images) {
      lines.add(image + "  " + answer(classifier, task, image, top));
    }
    return lines;
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
