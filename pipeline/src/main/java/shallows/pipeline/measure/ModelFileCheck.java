package shallows.pipeline.measure;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import shallows.data.DataOptions;
import shallows.data.DataSet;
import shallows.data.LabelledImages;
import shallows.data.sets.DataSets;
import shallows.export.runtime.ModelFile;
import shallows.export.runtime.ModelTask;
import shallows.export.runtime.RuntimeClassifier;
import shallows.export.verify.FileVerification;
import shallows.export.verify.FileVerifier;
import shallows.export.verify.LayerComparison;
import shallows.export.verify.LayerDifference;
import shallows.export.verify.VerifierOptions;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.progress.Progress;

/**
 * What is to be measured of a model file.
 *
 * @param file {@code .onnx} or {@code .tflite}, of ours or of others
 * @param reference to compare it with
 * @param layers whether to look at the values inside
 */
public record ModelFileCheck(Path file, Optional<Path> reference, boolean layers) {
  /**
   * What was found.
   *
   * @param images what the test images are called
   * @param knowsTask whether file or reference say how pixels are scaled; else they went in in [0,
   *     1]
   * @param stated what the file says of its own accuracy
   * @param layers each value inside, where that was asked for
   * @param layerImages that these were computed on
   */
  public record Measured(
      FileVerification found,
      String images,
      boolean knowsTask,
      Optional<String> stated,
      Optional<List<LayerDifference>> layers,
      int layerImages) {}

  /** A value that is wrong is so on the first images already. */
  private static final int LAYER_IMAGES = 8;

  public ModelFileCheck {
    if (layers && !ModelFile.isOnnx(file) && reference.isEmpty()) {
      throw new BadInputException(
          file,
          Phrase.of("%s for the layers of a file that is no .onnx", Setting.REFERENCE),
          "none",
          Phrase.of("give the fp32 .onnx file of the same network as %s", Setting.REFERENCE));
    }
    if (layers && reference.isPresent() && !ModelFile.isOnnx(reference.get())) {
      throw new BadInputException(
          reference.get(), "an .onnx file as the reference of layers", "another", null);
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
    Shape image;
    try (RuntimeClassifier opened = RuntimeClassifier.open(file, 1)) {
      image = opened.image();
    }
    // After the runtime has accepted the file.
    Optional<Task> told = ModelTask.of(file);
    LabelledImages test = test(data, seed, image, progress);
    Optional<Task> known = told.isPresent() ? told : reference.flatMap(ModelTask::of);
    Task task = known.orElseGet(() -> Task.unnamed(test.classes().size(), image.dimension(0)));
    requireClasses(known, test);
    FileVerification found =
        new FileVerifier(VerifierOptions.defaults(threads), test, task, progress)
            .verify(file, reference);
    LabelledImages few = test.subset(0, Math.min(LAYER_IMAGES, test.size()));
    return new Measured(
        found,
        test.name(),
        known.isPresent(),
        ModelTask.statedAccuracy(file),
        layers ? Optional.of(LayerComparison.of(file, reference, few, task)) : Optional.empty(),
        few.size());
  }

  private LabelledImages test(String data, long seed, Shape image, Progress progress) {
    boolean square = image.dimension(1) == image.dimension(2);
    // Folders of images of several sizes can be read only with one to bring them to.
    OptionalInt size = square ? OptionalInt.of(image.dimension(1)) : OptionalInt.empty();
    DataSet opened = DataSets.open(data, new DataOptions(size, false, seed), progress);
    LabelledImages test = opened.test();
    // Grey is a colour like any other.
    if (test.channels() != image.dimension(0) && test.channels() != 1) {
      throw new BadInputException(
          data,
          "images of " + image.dimension(0) + " channels, as " + file + " takes",
          test.channels(),
          "give images of the same task");
    }
    return test.fitted(image.dimension(0), image.dimension(1), image.dimension(2));
  }

  /** The same classes in another order would give a wrong accuracy without a word. */
  private void requireClasses(Optional<Task> known, LabelledImages test) {
    if (known.isPresent() && !known.get().labels().equals(test.classes())) {
      throw new BadInputException(
          file,
          "a model of the classes " + test.classes(),
          known.get().labels(),
          "give images of the same task");
    }
  }
}
