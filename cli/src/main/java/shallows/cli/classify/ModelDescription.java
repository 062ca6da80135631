package shallows.cli.classify;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import shallows.model.BadInputException;
import shallows.model.file.AtomicFile;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;

/**
 * {@code model.json}: what stands in an ONNX file's metadata and has no place in a TFLite file yet.
 *
 * @param labels the classes in the order of the logits
 * @param channels of the image that goes in
 * @param height in pixels
 * @param width in pixels
 * @param mean per channel, of pixels scaled to [0, 1], subtracted first
 * @param deviation per channel, divided by after that
 */
public record ModelDescription(
    List<String> labels,
    int channels,
    int height,
    int width,
    List<Float> mean,
    List<Float> deviation) {
  /** Its name, beside the exported files. */
  public static final String FILE = "model.json";

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  public ModelDescription {
    if (labels == null || mean == null || deviation == null || mean.size() != channels) {
      throw new IllegalArgumentException(
          "labels, and mean and deviation of each channel must be there");
    }
    labels = List.copyOf(labels);
  }

  public static ModelDescription of(Graph graph) {
    Shape image = graph.input().shape();
    return new ModelDescription(
        graph.task().labels(),
        image.dimension(0),
        image.dimension(1),
        image.dimension(2),
        graph.task().mean(),
        graph.task().deviation());
  }

  static boolean isBeside(Path model) {
    return Files.exists(model.toAbsolutePath().resolveSibling(FILE));
  }

  /**
   * @param model the file that it stands beside
   * @throws BadInputException when there is none, or it is damaged
   */
  public static ModelDescription beside(Path model) {
    Path file = model.toAbsolutePath().resolveSibling(FILE);
    try {
      ModelDescription description = GSON.fromJson(Files.readString(file), ModelDescription.class);
      if (description == null) {
        throw new IllegalArgumentException("the file is empty");
      }
      description.task();
      return description;
    } catch (NoSuchFileException e) {
      throw new BadInputException(
          model
              + ": expected "
              + FILE
              + " beside it, which names the classes, found none; copy it"
              + " from the export folder, or classify with the .onnx file",
          e);
    } catch (IOException | RuntimeException e) {
      throw new BadInputException(
          file
              + ": expected the description of a model, found damage ("
              + e.getMessage()
              + "); export the network again",
          e);
    }
  }

  public void write(Path file) {
    AtomicFile.writeText(file, GSON.toJson(this) + "\n");
  }

  public Task task() {
    return new Task(labels, mean, deviation);
  }

  /** {@code (C, H, W)}. */
  public Shape image() {
    return Shape.of(channels, height, width);
  }
}
