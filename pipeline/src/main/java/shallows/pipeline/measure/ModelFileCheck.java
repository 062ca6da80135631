package shallows.pipeline.measure;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import shallows.data.DataSet;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.data.evaluation.TestTimeAugmentation;
import shallows.data.sets.DataSets;
import shallows.export.runtime.ModelFile;
import shallows.export.runtime.ModelTask;
import shallows.export.runtime.RuntimeClassifier;
import shallows.export.verify.FileInside;
import shallows.export.verify.FileVerification;
import shallows.export.verify.FileVerifier;
import shallows.export.verify.LayerComparison;
import shallows.export.verify.LayerDifference;
import shallows.export.verify.PairedValues;
import shallows.export.verify.VerifierOptions;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.progress.Progress;
import shallows.pipeline.event.Event;

/**
 * What is to be measured of a model file.
 *
 * @param file {@code .onnx} or {@code .tflite}, of ours or of others
 * @param reference to compare it with
 * @param layers whether to look at the values inside
 * @param copies of each image that the file is asked about too
 * @param asked what the file does not say, or says wrongly
 */
public record ModelFileCheck(
    Path file,
    Optional<Path> reference,
    boolean layers,
    Optional<TestTimeAugmentation> copies,
    AskedTask asked) {
  /**
   * What was found.
   *
   * @param images what the test images are called
   * @param normalization how pixels are scaled, where neither file nor reference say it or
   *     something else was asked for
   * @param stated what the file says of its own accuracy
   * @param layers each value inside, where that was asked for and there is an oracle of them
   * @param layerImages that these were computed on
   * @param pairs the values that file and reference have in common, where there is none
   */
  public record Measured(
      FileVerification found,
      String images,
      Optional<Event.NormalizationChosen> normalization,
      Optional<String> stated,
      Optional<List<LayerDifference>> layers,
      int layerImages,
      Optional<PairedValues> pairs) {}

  /** A value that is wrong is so on the first images already. */
  private static final int LAYER_IMAGES = 8;

  private static final int BATCH = 100;

  public ModelFileCheck {
    if (layers && !ModelFile.isOnnx(file) && reference.isEmpty()) {
      throw new BadInputException(
          file,
          Phrase.of("%s for the layers of a file that is no .onnx", Setting.REFERENCE),
          "none",
          Phrase.of("give another file of the same network as %s", Setting.REFERENCE));
    }
  }

  /**
   * @param data what {@link DataSets#open} takes; its test images are brought to the file's size
   * @param seed that parts a folder which has no test images of its own
   * @param threads for going through the images
   * @return what was found
   * @throws BadInputException when files and images do not fit one another
   */
  public Measured run(String data, long seed, int threads, Progress progress) {
    try (RuntimeClassifier opened = RuntimeClassifier.open(file, threads)) {
      return run(opened, data, seed, threads, progress);
    }
  }

  private Measured run(
      RuntimeClassifier opened, String data, long seed, int threads, Progress progress) {
    Shape image = opened.image();
    int channels = image.dimension(0);
    Optional<Task> told = ModelTask.of(file).or(() -> reference.flatMap(ModelTask::of));
    List<String> labels =
        asked.labels(opened.classes()).or(() -> told.map(Task::labels)).orElse(null);
    boolean silent = told.isPresent() && asked.isSilentOnScaling();
    String scaling = asked.scaling(told.isPresent(), channels);
    FittedImages fitting = new FittedImages(file, image, opened.classes(), labels);
    DataSet set = fitting.open(data, seed, progress);
    LabelledImages test = fitting.of(set.test());
    Optional<NormalizationChoice> choice =
        silent
            ? Optional.empty()
            : Optional.of(
                choice(opened, scaling, fitting.of(set.train().evenly(FittedImages.SCALING))));
    Task task =
        new Task(
            test.classes(),
            choice
                .map(NormalizationChoice::normalization)
                .orElseGet(() -> told.orElseThrow().normalization()));
    requireSameOrder(task);
    FileVerification found =
        new FileVerifier(VerifierOptions.defaults(threads), test, task, copies, progress)
            .verify(file, reference);
    boolean oracle = layers && LayerComparison.fits(file, reference);
    LabelledImages few = test.subset(0, Math.min(LAYER_IMAGES, test.size()));
    return new Measured(
        found,
        test.name(),
        choice.map(NormalizationChoice::found),
        ModelTask.statedAccuracy(file),
        oracle ? Optional.of(LayerComparison.of(file, reference, few, task)) : Optional.empty(),
        few.size(),
        layers && !oracle
            ? Optional.of(pairs(image, few.normalized(0, 1, task.normalization())))
            : Optional.empty());
  }

  private PairedValues pairs(Shape image, float[] pixels) {
    return PairedValues.of(
        FileInside.of(file, image, pixels), FileInside.of(reference.orElseThrow(), image, pixels));
  }

  /** Outputs of the reference in another order would count as differences without a word. */
  private void requireSameOrder(Task task) {
    reference
        .flatMap(ModelTask::of)
        .filter(told -> !told.labels().equals(task.labels()))
        .ifPresent(
            told -> {
              throw new BadInputException(
                  reference.get(),
                  "a model of the classes " + task.labels(),
                  told.labels(),
                  "compare files of the same task");
            });
  }

  /** Test images decide nothing, so training images say how pixels are scaled. */
  private NormalizationChoice choice(
      RuntimeClassifier opened, String scaling, LabelledImages train) {
    return NormalizationChoice.of(
        scaling,
        asked.given(),
        train,
        train,
        (normalization, images) ->
            Predictions.of(
                opened, images, new Task(images.classes(), normalization), BATCH, Progress.SILENT));
  }
}
