package shallows.pipeline.convert;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import shallows.data.DataSet;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.export.quantize.calibrate.CalibrationImages;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Normalization;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;
import shallows.model.progress.Progress;
import shallows.pipeline.event.Event;
import shallows.pipeline.folder.ImportSettings;
import shallows.pipeline.measure.FittedImages;
import shallows.pipeline.measure.NormalizationChoice;
import shallows.pipeline.measure.PictureArguments;

/**
 * The images of a conversion: scales come of some, others judge what comes of them.
 *
 * @param network the graph, with classes and pixels as they were found
 * @param calibration to find scales by
 * @param judged others, to compare the file with the network on; without labels of their own, the
 *     answers of the network stand in
 * @param labelled whether they have labels of their own
 * @param normalization how pixels are scaled, where it was tried on labels
 */
record ConversionImages(
    Graph network,
    CalibrationImages calibration,
    LabelledImages judged,
    boolean labelled,
    Optional<Event.NormalizationChosen> normalization) {
  /** To find scales on. */
  private static final int FEWEST = 20;

  /** A third each finds ranges, chooses scales and judges. */
  private static final int FEWEST_PICTURES = 3 * FEWEST;

  /** Pictures without labels; more cost time and tell little. */
  private static final int MOST_PICTURES = 1000;

  /** To judge by, where the network is small. */
  private static final int MOST_JUDGED = 2000;

  private static final int FEWEST_JUDGED = 200;

  /** What judging may cost, once through the network: a minute or two in every file. */
  private static final long MACS_OF_JUDGED = 1_000_000_000_000L;

  private static final int BATCH = 50;

  /**
   * @param file that the network was read from
   * @param seed that parts a folder which has no test images of its own
   * @throws BadInputException when images and network do not fit one another, there are too few, or
   *     nothing says how their pixels are scaled
   */
  static ConversionImages of(
      Path file,
      Graph graph,
      ConvertSettings.Images settings,
      long seed,
      int threads,
      Progress progress) {
    if (graph.classes() < 2) {
      throw new BadInputException(
          file, "a network of at least 2 classes", graph.classes(), "leave the images out");
    }
    String data = settings.data();
    Optional<Task> told = OnnxReader.task(file);
    List<String> labels =
        settings.asked().labels(graph.classes()).or(() -> told.map(Task::labels)).orElse(null);
    Shape image = graph.input().shape();
    FittedImages fitting = new FittedImages(file, image, graph.classes(), labels);
    if (PictureArguments.areWithoutClasses(data)) {
      return new Pictures(fitting, graph, told, settings, threads, progress).images();
    }
    String scaling = settings.asked().scaling(told.isPresent(), image.dimension(0));
    DataSet set = fitting.open(data, seed, progress);
    requireAtLeast(FEWEST, set.train().size(), data);
    LabelledImages train = fitting.of(set.train().evenly(FittedImages.SCALING));
    Optional<NormalizationChoice> choice =
        scaling.equals(ImportSettings.OF_FILE)
            ? Optional.empty()
            : Optional.of(choice(graph, scaling, settings, train, threads));
    Normalization pixels =
        choice
            .map(NormalizationChoice::normalization)
            .orElseGet(() -> told.orElseThrow().normalization());
    Graph network = graph.withTask(new Task(train.classes(), pixels));
    return new ConversionImages(
        network,
        calibration(graph, train, set.heldOut().map(fitting::of)),
        fitting.of(set.test().evenly(mostJudged(graph))),
        true,
        choice.map(NormalizationChoice::found));
  }

  /** Test images decide nothing, so training images say how pixels are scaled. */
  private static NormalizationChoice choice(
      Graph graph,
      String scaling,
      ConvertSettings.Images settings,
      LabelledImages train,
      int threads) {
    try (OnnxRuntimeClassifier network = inOnnxRuntime(graph, threads)) {
      return NormalizationChoice.of(
          scaling,
          settings.asked().given(),
          train,
          train,
          (normalization, images) ->
              answers(network, images, new Task(images.classes(), normalization)));
    }
  }

  /** Where none are held out, every other one of the training images is. */
  private static CalibrationImages calibration(
      Graph graph, LabelledImages train, Optional<LabelledImages> heldOut) {
    return CalibrationImages.of(
        Cost.of(graph).macs(),
        heldOut.isPresent() ? train : part(train, 2, 0),
        heldOut.orElseGet(() -> part(train, 2, 1)));
  }

  /** Every n-th image, from one of the first on. */
  static LabelledImages part(LabelledImages images, int of, int remainder) {
    return images.subset(
        IntStream.range(0, images.size()).filter(i -> i % of == remainder).toArray());
  }

  private static int mostJudged(Graph graph) {
    long affordable = MACS_OF_JUDGED / Math.max(1, Cost.of(graph).macs());
    return (int) Math.max(FEWEST_JUDGED, Math.min(MOST_JUDGED, affordable));
  }

  static void requireAtLeast(int fewest, int images, String data) {
    if (images < fewest) {
      throw new BadInputException(
          Phrase.of("%s %s", Setting.DATA, data),
          "at least " + fewest + " images to find scales by",
          images,
          "add some of the kind that the network will see; a few hundred are good");
    }
  }

  static OnnxRuntimeClassifier inOnnxRuntime(Graph graph, int threads) {
    return OnnxRuntimeClassifier.open(OnnxWriter.bytes(graph), graph.name(), threads);
  }

  static Predictions answers(OnnxRuntimeClassifier network, LabelledImages images, Task task) {
    return Predictions.of(network, images, task, BATCH, Progress.SILENT);
  }

  /** As many pictures without labels as are used. */
  static int mostPictures(Graph graph) {
    return Math.min(MOST_PICTURES, 3 * mostJudged(graph));
  }

  static int fewestPictures() {
    return FEWEST_PICTURES;
  }
}
