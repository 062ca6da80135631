package shallows.bench;

import com.google.gson.reflect.TypeToken;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import shallows.data.DataOptions;
import shallows.data.DataSet;
import shallows.data.LabelledImages;
import shallows.data.NormalizationPreset;
import shallows.data.evaluation.AccuracyLoss;
import shallows.data.evaluation.Predictions;
import shallows.data.sets.DataSets;
import shallows.export.onnx.QdqOnnxWriter;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.Int8Form;
import shallows.export.quantize.Int8Sums;
import shallows.export.quantize.StoredWeights;
import shallows.export.quantize.WeightScales;
import shallows.export.quantize.WeightStorage;
import shallows.export.quantize.calibrate.Calibration;
import shallows.export.quantize.calibrate.CalibrationImages;
import shallows.export.quantize.calibrate.LearnedRounding;
import shallows.export.quantize.calibrate.LearnedRounding.Part;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Task;
import shallows.model.json.JsonFormat;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;
import shallows.model.progress.Progress;

/**
 * What each way to round weights costs somebody else's networks on test images: 4 bits to the
 * nearest, with the shift of biases, with the rounding that is learned, and with both; 8 bits with
 * a scale for each output and with one for all, equalized, and rounded as is learned.
 *
 * <p>Arguments: where the rows are written, the images, and networks that take them as their files
 * say, or as ImageNet's are scaled. Half of the training images find scales and rounding, the other
 * half decides.
 */
public final class RoundedWeights {
  private static final int BATCH = 50;
  private static final int THREADS = 1;

  private static final JsonFormat<List<Row>> ROWS =
      new JsonFormat<>(new TypeToken<List<Row>>() {}, "rounded weights", "measure them again");

  private final String network;
  private final Graph floats;
  private final CalibrationImages images;
  private final LabelledImages test;
  private final Predictions exact;
  private final List<Row> rows;

  /**
   * One form of one network.
   *
   * @param bytes of the TFLite file of integers; of floats and of 4 bits 0
   * @param accuracy in [0, 1]
   * @param loss of accuracy, against the network of floats
   * @param agreement share of answers that are those of the floats
   * @param klDivergence from them, in nats
   */
  record Row(
      String network,
      String form,
      int bytes,
      double accuracy,
      AccuracyLoss loss,
      double agreement,
      double klDivergence) {}

  private RoundedWeights(String network, Graph floats, DataSet set, List<Row> rows) {
    this.network = network;
    this.floats = floats;
    this.images =
        CalibrationImages.of(Cost.of(floats).macs(), half(set.train(), 0), half(set.train(), 1));
    this.test = set.test();
    this.exact = answers(OnnxWriter.bytes(floats));
    this.rows = rows;
  }

  public static void main(String[] arguments) {
    List<Row> rows = new ArrayList<>();
    for (String name : List.of(arguments).subList(2, arguments.length)) {
      Path file = Path.of(name);
      Graph read = OnnxReader.read(file);
      OptionalInt size = OptionalInt.of(read.input().shape().dimension(1));
      DataSet set = DataSets.open(arguments[1], new DataOptions(size, false, 1), Progress.SILENT);
      Task task =
          OnnxReader.task(file)
              .orElseGet(
                  () ->
                      new Task(
                          set.classes(),
                          NormalizationPreset.IMAGENET.of(set.train()).orElseThrow()));
      new RoundedWeights(
              file.getFileName().toString(), ExportPasses.all(read.withTask(task)), set, rows)
          .run();
      ROWS.write(rows, Path.of(arguments[0]));
    }
  }

  private static LabelledImages half(LabelledImages all, int remainder) {
    int[] indices = new int[(all.size() + 1 - remainder) / 2];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = 2 * i + remainder;
    }
    return all.subset(indices);
  }

  private void run() {
    row("fp32", 0, exact);
    nibbles("4 bits, nearest", floats);
    nibbles("4 bits, biases shifted", learned(EnumSet.of(Part.SHIFT)));
    nibbles("4 bits, rounding learned", learned(EnumSet.of(Part.ROUNDING)));
    nibbles("4 bits, both", learned(EnumSet.allOf(Part.class)));
    Calibration perChannel =
        Calibration.plain(floats, images, new Int8Form(Int8Sums.ADD, WeightScales.PER_CHANNEL));
    integers("8 bits, a scale for each output", perChannel);
    integers("8 bits, a scale for each output, rounding learned", perChannel.learned());
    integers("8 bits, a scale for each output, equalized", perChannel.equalized());
    Calibration perTensor =
        Calibration.plain(floats, images, new Int8Form(Int8Sums.ADD, WeightScales.PER_TENSOR));
    integers("8 bits, one scale", perTensor);
    integers("8 bits, one scale, rounding learned", perTensor.learned());
    integers("8 bits, one scale, equalized", perTensor.equalized());
    integers("8 bits, one scale, equalized, rounding learned", perTensor.equalized().learned());
  }

  private Graph learned(Set<Part> parts) {
    return LearnedRounding.anyway(floats, images.ranges(), parts);
  }

  private void nibbles(String form, Graph graph) {
    Graph computed = StoredWeights.of(graph, WeightStorage.NIBBLES).computed();
    row(form, 0, answers(OnnxWriter.bytes(computed)));
  }

  private void integers(String form, Calibration found) {
    row(
        form,
        TfliteWriter.size(found.calibrated().graph(), TfliteOptions.STANDARD),
        answers(QdqOnnxWriter.bytes(found.calibrated().graph())));
  }

  private void row(String form, int bytes, Predictions found) {
    AccuracyLoss loss = AccuracyLoss.between(exact.right(test), found.right(test));
    Row row =
        new Row(
            network,
            form,
            bytes,
            found.accuracy(test),
            loss,
            found.agreement(exact),
            found.klDivergence(exact));
    rows.add(row);
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %,d | %.2f %% | %s | %.2f %% | %.4f |%n",
        row.network(),
        row.form(),
        row.bytes(),
        100 * row.accuracy(),
        loss.inWords(),
        100 * row.agreement(),
        row.klDivergence());
  }

  private Predictions answers(byte[] model) {
    try (OnnxRuntimeClassifier classifier = OnnxRuntimeClassifier.open(model, network, THREADS)) {
      float[][] scores = new float[test.size()][];
      for (int from = 0; from < test.size(); from += BATCH) {
        int to = Math.min(test.size(), from + BATCH);
        float[] pixels = test.normalized(from, to, floats.task().normalization());
        float[][] logits = classifier.logits(pixels, to - from);
        System.arraycopy(logits, 0, scores, from, logits.length);
      }
      return new Predictions(scores);
    }
  }
}
