package shallows.export.runtime;

import java.nio.file.Path;
import java.util.Optional;
import shallows.export.inspect.Refusal;
import shallows.export.metadata.StatedAccuracy;
import shallows.export.metadata.TfliteTask;
import shallows.export.onnx.OnnxAccuracy;
import shallows.model.BadInputException;
import shallows.model.graph.Task;
import shallows.model.onnx.read.OnnxReader;

/** What a model file says of its classes, of how its pixels are scaled, and of its accuracy. */
public final class ModelTask {
  private ModelTask() {}

  /**
   * @param file that {@link RuntimeClassifier#open} opens
   * @return empty where the file does not say
   * @throws BadInputException when what it says is damaged
   */
  public static Optional<Task> of(Path file) {
    byte[] content = ModelFile.read(file);
    return ModelFile.isOnnx(file)
        ? OnnxReader.task(content, file.toString())
        : TfliteTask.read(content, file.toString());
  }

  /**
   * What the file says of its own accuracy, as its own verification measured it.
   *
   * @param file that {@link RuntimeClassifier#open} opens
   * @return empty where the file does not say
   */
  public static Optional<String> statedAccuracy(Path file) {
    byte[] content = ModelFile.read(file);
    return ModelFile.isOnnx(file)
        ? OnnxAccuracy.read(content, file.toString())
        : StatedAccuracy.ofTflite(content);
  }

  /**
   * What the file says, or else classes without names and pixels in [0, 1] as they are.
   *
   * @param opened the same file
   * @throws BadInputException when the file names another number of classes or channels than it has
   */
  public static Task orUnnamed(Path file, RuntimeClassifier opened) {
    int channels = opened.image().dimension(0);
    Task task = of(file).orElseGet(() -> unnamed(file, opened.classes(), channels));
    if (task.labels().size() != opened.classes() || task.mean().size() != channels) {
      throw Refusal.of(
          file.toString(),
          opened.classes() + " labels and the normalization of " + channels + " channels",
          task.labels().size() + " and " + task.mean().size());
    }
    return task;
  }

  /** With the names that other tools left, where there are such. */
  private static Task unnamed(Path file, int classes, int channels) {
    Task unnamed = Task.unnamed(classes, channels);
    return ModelFile.isOnnx(file)
        ? OnnxReader.labels(ModelFile.read(file), file.toString(), classes)
            .map(labels -> new Task(labels, unnamed.normalization()))
            .orElse(unnamed)
        : unnamed;
  }
}
