package shallows.pipeline.measure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
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
import shallows.train.jobs.JobRunner;
import shallows.train.jobs.Jobs;

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

  /** Who adds up what the file answers, and measures the rest of it. */
  private interface Verifying {
    FileVerification verify(FileVerifier verifier, Shape image, List<MeasuredSet> sets);
  }

  /**
   * @param data one or more of what {@link DataSets#open} takes, of the same classes; their test
   *     images are brought to the file's size
   * @param seed that parts a folder which has no test images of its own
   * @param threads for going through the images
   * @return what was found
   * @throws BadInputException when files and images do not fit one another
   */
  public Measured run(List<String> data, long seed, int threads, Progress progress) {
    return run(
        data, seed, threads, progress, (verifier, image, sets) -> verifier.verify(file, reference));
  }

  /**
   * Likewise part by part, each done by whoever does jobs: what is found is the same to the bit,
   * but for latency and memory, which are those of this machine.
   *
   * @param jobs the folder of the parts, which are done once; all paths lead to the same files
   *     where they are done
   * @throws BadInputException likewise, and when the folder has the parts of another verification,
   *     or anything else
   */
  public Measured run(List<String> data, long seed, Jobs jobs, JobRunner runner) {
    FileTask.requireRoom(jobs.root());
    int threads = jobs.compute().processors();
    return run(
        data,
        seed,
        threads,
        jobs.progress(),
        (verifier, image, sets) ->
            verifier.verification(
                file,
                reference,
                new ShardedVerification(file, reference, copies, image)
                    .sums(sets, verifier.task(), jobs, runner)));
  }

  private Measured run(
      List<String> data, long seed, int threads, Progress progress, Verifying verifying) {
    try (RuntimeClassifier opened = RuntimeClassifier.open(file, threads)) {
      Optional<Task> told = ModelTask.of(file).or(() -> reference.flatMap(ModelTask::of));
      Shape image = opened.image();
      String scaling = asked.scaling(told.isPresent(), image.dimension(0));
      List<MeasuredSet> sets = sets(opened, told, data, seed, progress);
      List<LabelledImages> test = sets.stream().map(MeasuredSet::test).toList();
      Optional<NormalizationChoice> choice = choice(opened, told, scaling, sets.get(0));
      Task task =
          new Task(
              test.get(0).classes(),
              choice
                  .map(NormalizationChoice::normalization)
                  .orElseGet(() -> told.orElseThrow().normalization()));
      requireSameOrder(task);
      FileVerifier verifier =
          new FileVerifier(VerifierOptions.defaults(threads), test, task, copies, progress);
      FileVerification found = verifying.verify(verifier, image, sets);
      boolean oracle = layers && LayerComparison.fits(file, reference);
      LabelledImages few = test.get(0).subset(0, Math.min(LAYER_IMAGES, test.get(0).size()));
      return new Measured(
          found,
          test.stream().map(LabelledImages::name).collect(Collectors.joining(" and ")),
          choice.map(NormalizationChoice::found),
          ModelTask.statedAccuracy(file),
          oracle ? Optional.of(LayerComparison.of(file, reference, few, task)) : Optional.empty(),
          few.size(),
          layers && !oracle
              ? Optional.of(pairs(image, few.normalized(0, 1, task.normalization())))
              : Optional.empty());
    }
  }

  /** All in the classes of the first. */
  private List<MeasuredSet> sets(
      RuntimeClassifier opened,
      Optional<Task> told,
      List<String> data,
      long seed,
      Progress progress) {
    List<String> labels =
        asked.labels(opened.classes()).or(() -> told.map(Task::labels)).orElse(null);
    List<MeasuredSet> sets = new ArrayList<>();
    for (String each : data) {
      MeasuredSet set = MeasuredSet.open(fitting(opened, labels), each, seed, progress);
      labels = set.test().classes();
      sets.add(set);
    }
    return sets;
  }

  private FittedImages fitting(RuntimeClassifier opened, List<String> labels) {
    return new FittedImages(file, opened.image(), opened.classes(), labels);
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

  /**
   * Test images decide nothing, so training images say how pixels are scaled.
   *
   * @return empty where that is left to the file, and it says so
   */
  private Optional<NormalizationChoice> choice(
      RuntimeClassifier opened, Optional<Task> told, String scaling, MeasuredSet set) {
    if (told.isPresent() && asked.isSilentOnScaling()) {
      return Optional.empty();
    }
    LabelledImages train = fitting(opened, set.test().classes()).of(set.train());
    return Optional.of(
        NormalizationChoice.of(
            scaling,
            asked.given(),
            train,
            train,
            (normalization, images) ->
                Predictions.of(
                    opened,
                    images,
                    new Task(images.classes(), normalization),
                    BATCH,
                    Progress.SILENT)));
  }
}
