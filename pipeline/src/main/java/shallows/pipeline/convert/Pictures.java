package shallows.pipeline.convert;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import shallows.data.LabelledImages;
import shallows.data.NamedPixels;
import shallows.data.PixelStore;
import shallows.data.PixelsInMemory;
import shallows.data.decode.ImageDecoder;
import shallows.data.decode.ImagePixels;
import shallows.data.evaluation.Predictions;
import shallows.export.quantize.calibrate.CalibrationImages;
import shallows.export.runtime.ModelFile;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.model.BadInputException;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.progress.Progress;
import shallows.pipeline.measure.FittedImages;
import shallows.pipeline.measure.PictureArguments;

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
    Decoded decoded = decoded();
    List<String> labels = labels();
    int[] unknown = new int[decoded.files().size()];
    LabelledImages unlabelled = labelled(decoded, labels, unknown);
    Task task = new Task(labels, settings.asked().withoutLabels(fitting.file(), told, unlabelled));
    LabelledImages answered;
    try (OnnxRuntimeClassifier network = ConversionImages.inOnnxRuntime(graph, threads)) {
      Predictions answers = ConversionImages.answers(network, unlabelled, task);
      int[] given = IntStream.range(0, answers.size()).map(answers::predicted).toArray();
      answered = labelled(decoded, labels, given);
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

  private List<String> labels() {
    if (fitting.labels() != null) {
      return fitting.labels();
    }
    // The names that other tools left, where there are such.
    Path file = fitting.file();
    return OnnxReader.labels(ModelFile.read(file), file.toString(), graph.classes())
        .orElseGet(() -> Task.unnamed(graph.classes(), 1).labels());
  }

  private record Decoded(List<Path> files, byte[] pixels) {}

  /** Those that do not decode are left out, with a word. */
  private Decoded decoded() {
    Path named = Path.of(settings.data());
    List<Path> all = PictureArguments.pictures(named);
    int count = Math.min(ConversionImages.mostPictures(graph), all.size());
    List<Path> some =
        IntStream.range(0, count)
            .mapToObj(i -> all.get((int) ((long) i * all.size() / count)))
            .toList();
    Shape image = fitting.image();
    int channels = image.dimension(0);
    int height = image.dimension(1);
    int width = image.dimension(2);
    byte[] pixels = ImagePixels.room(named, count, channels, height, width);
    BadInputException[] failures = new BadInputException[count];
    progress.start("read images", count);
    try {
      IntStream.range(0, count)
          .parallel()
          .forEach(
              i -> {
                try {
                  byte[] decoded = ImageDecoder.decode(some.get(i), channels, height, width);
                  System.arraycopy(decoded, 0, pixels, i * image.size(), image.size());
                } catch (BadInputException e) {
                  failures[i] = e;
                }
                progress.advance(1, count + " images");
              });
    } finally {
      progress.finish();
    }
    List<Path> files = new ArrayList<>();
    List<BadInputException> broken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (failures[i] == null) {
        System.arraycopy(
            pixels, i * image.size(), pixels, files.size() * image.size(), image.size());
        files.add(some.get(i));
      } else {
        broken.add(failures[i]);
      }
    }
    if (!broken.isEmpty()) {
      progress.remark(
          broken.size() + " left out that do not decode, first " + broken.get(0).getMessage());
    }
    ConversionImages.requireAtLeast(
        ConversionImages.fewestPictures(), files.size(), settings.data());
    return new Decoded(files, pixels);
  }

  private LabelledImages labelled(Decoded decoded, List<String> labels, int[] classes) {
    Shape image = fitting.image();
    PixelStore store = new PixelsInMemory(decoded.pixels(), image.size());
    Path end = Path.of(settings.data()).getFileName();
    return new LabelledImages(
        String.valueOf(end),
        labels,
        image.dimension(0),
        image.dimension(1),
        image.dimension(2),
        new NamedPixels(store, i -> decoded.files().get(i).toString()),
        classes);
  }
}
