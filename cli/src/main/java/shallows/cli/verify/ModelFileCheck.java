package shallows.cli.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import shallows.cli.terminal.Table;
import shallows.cli.terminal.Table.Alignment;
import shallows.data.DataOptions;
import shallows.data.DataSet;
import shallows.data.LabelledImages;
import shallows.data.sets.DataSets;
import shallows.export.runtime.ModelTask;
import shallows.export.runtime.RuntimeClassifier;
import shallows.export.verify.FileVerification;
import shallows.export.verify.FileVerifier;
import shallows.export.verify.LayerComparison;
import shallows.export.verify.LayerDifference;
import shallows.export.verify.VerifierOptions;
import shallows.model.BadInputException;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.progress.Progress;
import shallows.pipeline.report.Words;

/**
 * What is to be measured of a model file.
 *
 * @param file {@code .onnx} or {@code .tflite}, of ours or of others
 * @param reference to compare it with
 * @param layers whether to look at the values inside
 */
public record ModelFileCheck(Path file, Optional<Path> reference, boolean layers) {
  /** A value that is wrong is so on the first images already. */
  private static final int LAYER_IMAGES = 8;

  public ModelFileCheck {
    if (layers && !isOnnx(file) && reference.isEmpty()) {
      throw new BadInputException(
          file
              + ": expected --reference for --layers of a file that is no .onnx, found none; give"
              + " the fp32 .onnx file of the same network");
    }
    if (layers && reference.isPresent() && !isOnnx(reference.get())) {
      throw new BadInputException(
          reference.get() + ": expected an .onnx file as the reference of --layers, found another");
    }
  }

  private static boolean isOnnx(Path path) {
    return path.toString().toLowerCase(Locale.ROOT).endsWith(".onnx");
  }

  /**
   * @param data what {@link DataSets#open} takes; its test images are brought to the file's size
   * @param seed that parts a folder which has no test images of its own
   * @param threads for going through the images
   * @return lines to show
   * @throws BadInputException when files and images do not fit one another
   */
  public List<String> run(String data, long seed, int threads, Progress progress) {
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
    List<String> lines = new ArrayList<>(lines(found, test, known.isPresent()));
    if (layers) {
      LabelledImages few = test.subset(0, Math.min(LAYER_IMAGES, test.size()));
      lines.addAll(lines(LayerComparison.of(file, reference, few, task), few.size()));
    }
    return lines;
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
          data
              + ": expected images of "
              + image.dimension(0)
              + " channels, as "
              + file
              + " takes, found "
              + test.channels()
              + "; give --data of the same task");
    }
    return test.fitted(image.dimension(0), image.dimension(1), image.dimension(2));
  }

  /** The same classes in another order would give a wrong accuracy without a word. */
  private void requireClasses(Optional<Task> known, LabelledImages test) {
    if (known.isPresent() && !known.get().labels().equals(test.classes())) {
      throw new BadInputException(
          file
              + ": expected a model of the classes "
              + test.classes()
              + ", found "
              + known.get().labels()
              + "; give --data of the same task");
    }
  }

  private List<String> lines(FileVerification found, LabelledImages test, boolean knowsTask) {
    Table table = new Table(Alignment.LEFT, Alignment.LEFT);
    table.row("file", file + ", " + Words.bytes(found.bytes()) + ", " + found.runtime());
    table.row(
        "accuracy",
        text("%.2f %%", 100 * found.accuracy())
            + " on "
            + Words.count(found.images())
            + " images of "
            + test.name()
            + (knowsTask ? "" : ", pixels in [0, 1] since the file says nothing else"));
    ModelTask.statedAccuracy(file).ifPresent(stated -> table.row("it says", stated));
    table.row(
        "latency",
        text(
            "%.3f ms median, %.3f ms p90; %d thread, %d runs after %d to warm up",
            found.latencyMs().median(),
            found.latencyMs().p90(),
            found.latency().threads(),
            found.latency().runs(),
            found.latency().warmUps()));
    found
        .peakMemoryBytes()
        .ifPresent(
            bytes ->
                table.row(
                    "memory",
                    Words.bytes(bytes)
                        + " at most, to load it and run one image, with the runtime"));
    found
        .comparison()
        .ifPresent(
            other -> {
              table.row(
                  "reference", reference.orElseThrow() + text(", %.2f %%", 100 * other.accuracy()));
              table.row("agreement", text("%.2f %%", 100 * other.agreement()));
              table.row("KL divergence", text("%.3g nats", other.klDivergence()));
              table.row(
                  "difference",
                  text(
                      "%.3g at most, of a range of %.3g", other.maxAbsDifference(), other.range()));
            });
    return table.lines();
  }

  private List<String> lines(List<LayerDifference> layers, int images) {
    Table table =
        new Table(
            Alignment.LEFT,
            Alignment.LEFT,
            Alignment.RIGHT,
            Alignment.RIGHT,
            Alignment.RIGHT,
            Alignment.LEFT);
    table.row("value", "operation", "difference", "range", "step", "");
    String first = null;
    for (LayerDifference layer : layers) {
      first = first == null && layer.departs() ? layer.value() : first;
      table.row(
          layer.value(),
          layer.operation(),
          text("%.3g", layer.maxAbsDifference()),
          text("%.3g", layer.range()),
          layer.step() > 0 ? text("%.3g", layer.step()) : "",
          layer.departs() ? "departs" : "");
    }
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.addAll(table.lines());
    lines.add(
        first == null
            ? text("no value departs from the interpreter's, on %d images", images)
            : text("the first value to depart from the interpreter's is %s", first));
    return lines;
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
