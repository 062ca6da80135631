package shallows.cli.classify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
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
      return of(OnnxRuntimeClassifier.open(model, 1), taskOfOnnx(model), images, top);
    }
    if (name.endsWith(".tflite")) {
      Task task = ModelDescription.beside(model).task();
      return of(TfliteClassifier.open(model, 1), task, images, top);
    }
    throw new BadInputException(
        model
            + ": expected a file that ends in .onnx or .tflite, found another; name one from"
            + " RUN/export");
  }

  /** A file of packed weights runs in any ONNX runtime, but our reader does not unpack it. */
  private static Task taskOfOnnx(Path model) {
    try {
      return OnnxReader.read(model).task();
    } catch (BadInputException e) {
      if (ModelDescription.isBeside(model)) {
        return ModelDescription.beside(model).task();
      }
      throw e;
    }
  }

  private static List<String> of(RuntimeClassifier opened, Task task, List<Path> images, int top) {
    try (RuntimeClassifier classifier = opened) {
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
