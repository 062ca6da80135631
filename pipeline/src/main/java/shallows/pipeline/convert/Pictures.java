package shallows.pipeline.convert;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.export.quantize.calibrate.CalibrationImages;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Task;
import shallows.model.progress.Progress;
import shallows.pipeline.measure.FittedImages;
import shallows.pipeline.measure.UnlabelledPictures;

/**
 * Pictures that nobody has said anything of: what the network answers to them in floats is what it
 * shall answer when it is rounded.
 *
 * @param fitting of the network
 * @param told what the file says of its task
 */
record Pictures(
    FittedImages fitting,
    Graph graph,
    Optional<Task> told,
    ConvertSettings.Images settings,
    int threads,
    Progress progress) {
  /** A third each: for ranges, to choose scales by, to judge by. */
  private static final int PARTS = 3;

  ConversionImages images() {
    UnlabelledPictures pictures = pictures();
    List<String> labels =
        fitting.labels() == null
            ? UnlabelledPictures.labels(fitting.file(), graph.classes())
            : fitting.labels();
    String name = String.valueOf(Path.of(settings.data()).getFileName());
    int[] unknown = new int[pictures.files().size()];
    LabelledImages unlabelled = pictures.labelled(name, labels, unknown);
    Task task = new Task(labels, settings.asked().withoutLabels(fitting.file(), told, unlabelled));
    LabelledImages answered;
    try (OnnxRuntimeClassifier network = ConversionImages.inOnnxRuntime(graph, threads)) {
      Predictions answers = ConversionImages.answers(network, unlabelled, task);
      int[] given = IntStream.range(0, answers.size()).map(answers::predicted).toArray();
      answered = pictures.labelled(name, labels, given);
    }
    CalibrationImages calibration =
        CalibrationImages.of(
            Cost.of(graph).macs(),
            ConversionImages.part(answered, PARTS, 0),
            ConversionImages.part(answered, PARTS, 1));
    return new ConversionImages(
        graph.withTask(task),
        calibration,
        ConversionImages.part(answered, PARTS, 2),
        false,
        Optional.empty());
  }

  /** Those that do not decode are left out, with a word. */
  private UnlabelledPictures pictures() {
    UnlabelledPictures read =
        UnlabelledPictures.read(
            Path.of(settings.data()),
            fitting.image(),
            ConversionImages.mostPictures(graph),
            progress);
    if (!read.broken().isEmpty()) {
      progress.remark(
          read.broken().size()
              + " left out that do not decode, first "
              + read.broken().get(0).failure().getMessage());
    }
    ConversionImages.requireAtLeast(
        ConversionImages.fewestPictures(), read.files().size(), settings.data());
    return read;
  }
}
