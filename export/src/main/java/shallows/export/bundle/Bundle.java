package shallows.export.bundle;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import shallows.export.ExportFormat;
import shallows.export.ExportPrecision;
import shallows.export.NetworkForm;

/**
 * The content of a bundle's {@code model.json}.
 *
 * @param version of this layout
 * @param name of the run, which the files begin with
 * @param task always {@value #TASK}
 * @param data the images that accuracy was measured on
 * @param input what goes in
 * @param labels the classes in the order of the logits
 * @param models every file, at least one
 * @param samples images of the test set, with the logits that each file gave when it was verified
 */
public record Bundle(
    int version,
    String name,
    String task,
    String data,
    Input input,
    List<String> labels,
    List<Model> models,
    List<Sample> samples) {
  public static final int VERSION = 1;
  public static final String TASK = "image-classification";

  /** Its name in the folder; written last, so that a bundle which has it is whole. */
  public static final String FILE = "model.json";

  public Bundle {
    require(version == VERSION, "version must be " + VERSION + ", was " + version);
    require(TASK.equals(task), "task must be " + TASK + ", was " + task);
    require(name != null && data != null && input != null, "name, data and input must be there");
    require(labels != null && labels.size() >= 2, "labels must name at least 2 classes");
    require(models != null && !models.isEmpty(), "models must name at least one file");
    require(samples != null, "samples must be there");
    labels = List.copyOf(labels);
    models = List.copyOf(models);
    samples = List.copyOf(samples);
    Set<String> files = new HashSet<>();
    models.forEach(model -> require(files.add(model.file()), model.file() + " is there twice"));
    for (Sample sample : samples) {
      require(files.add(sample.file()), sample.file() + " is there twice");
      require(
          sample.label() >= 0 && sample.label() < labels.size(),
          sample.file() + ": no class has the label " + sample.label());
      for (Model model : models) {
        List<Float> logits = sample.logits().get(model.file());
        require(
            logits != null && logits.size() == labels.size(),
            sample.file() + ": logits of " + model.file() + " must be one a class");
      }
    }
  }

  /**
   * A normalized pixel is (v / 255 − mean) / deviation for the stored value v in [0, 255]; images
   * go into {@code .onnx} channels first and into {@code .tflite} channels last.
   *
   * @param mean one a channel
   * @param deviation one a channel, positive
   */
  public record Input(
      int channels, int height, int width, List<Float> mean, List<Float> deviation) {
    public Input {
      require(channels > 0 && height > 0 && width > 0, "input sizes must be positive");
      require(
          mean != null
              && deviation != null
              && mean.size() == channels
              && deviation.size() == channels
              && deviation.stream().allMatch(value -> value > 0),
          "mean and deviation must have a number a channel");
      mean = List.copyOf(mean);
      deviation = List.copyOf(deviation);
    }
  }

  /**
   * @param file its name in the folder
   * @param network which of the run's networks it holds
   * @param member of the family that it is; null where there is none
   * @param bytes its size
   * @param accuracy on all test images, in its own runtime, in [0, 1]
   * @param sha256 of its content, 64 hexadecimal digits
   */
  public record Model(
      String file,
      ExportFormat format,
      NetworkForm network,
      String member,
      ExportPrecision precision,
      long bytes,
      double accuracy,
      String sha256) {
    public Model {
      requirePlain(file);
      require(
          format != null && network != null && precision != null && sha256 != null,
          file + ": format, network, precision and sha256 must be there");
      require(bytes > 0, file + ": bytes must be positive, was " + bytes);
      require(
          accuracy >= 0 && accuracy <= 1, file + ": accuracy must be in [0, 1], was " + accuracy);
    }
  }

  /**
   * @param file a PNG of the size of the input
   * @param label the index of its class
   * @param sha256 of its content, 64 hexadecimal digits
   * @param logits of each model by its file
   */
  public record Sample(String file, int label, String sha256, Map<String, List<Float>> logits) {
    public Sample {
      requirePlain(file);
      require(sha256 != null && logits != null, file + ": sha256 and logits must be there");
      // In the order of the models, so that the same bundle is the same bytes.
      logits = Collections.unmodifiableMap(new LinkedHashMap<>(logits));
    }
  }

  /** A name out of a file may not lead out of its folder. */
  static void requirePlain(String file) {
    require(
        file != null && file.matches("[^./\\\\][^/\\\\]*"), "expected a file name, found " + file);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
