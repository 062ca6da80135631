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
import shallows.model.Expect;
import shallows.model.json.JsonFormat;
import shallows.model.json.OrNull;

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

  static final JsonFormat<Bundle> FORMAT =
      new JsonFormat<>(Bundle.class, "the description of a bundle", "verify the run again")
          // Of an app's reader, null may come out as the text «null».
          .leavingOutNulls();

  /** Its name in the folder; written last, so that a bundle which has it is whole. */
  public static final String FILE = "model.json";

  public Bundle {
    Expect.require(version == VERSION, "version", VERSION, version);
    Expect.require(TASK.equals(task), "task", TASK, task);
    labels = Expect.list("labels", labels);
    Expect.require(labels.size() >= 2, "labels", "at least 2 classes", labels.size());
    models = Expect.list("models", models);
    Expect.require(!models.isEmpty(), "models", "at least one file", "none");
    samples = Expect.list("samples", samples);
    Set<String> files = new HashSet<>();
    for (Model model : models) {
      Expect.require(files.add(model.file()), "models", "each file once", model.file() + " twice");
    }
    for (int i = 0; i < samples.size(); i++) {
      Sample sample = samples.get(i);
      String at = "samples[" + i + "]";
      Expect.require(files.add(sample.file()), at, "each file once", sample.file() + " twice");
      Expect.require(
          sample.label() >= 0 && sample.label() < labels.size(),
          at + ".label",
          "the index of a class",
          sample.label());
      for (Model model : models) {
        List<Float> logits = sample.logits().get(model.file());
        Expect.require(
            logits != null && logits.size() == labels.size(),
            at + ".logits",
            "as many of " + model.file() + " as classes",
            logits == null ? "none" : logits.size());
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
      Expect.atLeast(1, "channels", channels);
      Expect.atLeast(1, "height", height);
      Expect.atLeast(1, "width", width);
      mean = Expect.list("mean", mean);
      deviation = Expect.list("deviation", deviation);
      Expect.require(mean.size() == channels, "mean", "a number a channel", mean);
      Expect.require(
          deviation.size() == channels && deviation.stream().allMatch(value -> value > 0),
          "deviation",
          "a positive number a channel",
          deviation);
    }
  }

  /**
   * @param file its name in the folder
   * @param network which of the run's networks it holds
   * @param member of the family that it is; null where there is none
   * @param bytes its size
   * @param accuracy on all test images, in its own runtime, in [0, 1]
   * @param rounding how far 99 of 100 logits of integers may be from those of the samples where
   *     another runtime or processor rounds otherwise; null of a file of floats
   * @param sha256 of its content, 64 hexadecimal digits
   */
  public record Model(
      String file,
      ExportFormat format,
      NetworkForm network,
      @OrNull String member,
      ExportPrecision precision,
      long bytes,
      double accuracy,
      @OrNull Double rounding,
      String sha256) {
    public Model {
      requirePlain(file);
      Expect.atLeast(1, "bytes", bytes);
      Expect.fraction("accuracy", accuracy);
      if (rounding != null) {
        Expect.notNegative("rounding", rounding);
      }
      Expect.require(
          sha256 != null && sha256.matches("[0-9a-f]{64}"),
          "sha256",
          "64 hexadecimal digits",
          sha256);
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
      Expect.require(
          sha256 != null && sha256.matches("[0-9a-f]{64}"),
          "sha256",
          "64 hexadecimal digits",
          sha256);
      // In the order of the models, so that the same bundle is the same bytes.
      logits = Collections.unmodifiableMap(new LinkedHashMap<>(logits));
    }
  }

  /** A name out of a file may not lead out of its folder. */
  static void requirePlain(String file) {
    Expect.require(
        file != null && file.matches("[^./\\\\][^/\\\\]*"), "file", "a name without folders", file);
  }
}
