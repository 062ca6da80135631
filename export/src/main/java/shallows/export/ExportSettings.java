package shallows.export;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import shallows.export.quantize.Int8Form;
import shallows.export.quantize.Int8Sums;
import shallows.export.quantize.WeightScales;
import shallows.export.tflite.TfliteBatch;
import shallows.export.tflite.TfliteEdges;
import shallows.model.Expect;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.UnexpectedValueException;
import shallows.model.json.OrNull;

/**
 * Which files are written of a network: each precision in each format that has it.
 *
 * @param formats at least one; in one order, so that asking the same in another order is the same
 * @param precisions at least one; likewise
 * @param batch of TFLite files; one image or any number
 * @param edges of TFLite files of integers; floats or bytes
 * @param sums of files of integers; how they add
 * @param weightScales of files of integers; how many a weight has. With one, mixed and binary-fast
 *     are not written, whose binary weights have a scale for each output
 * @param qatEpochs of fine-tuning with simulated quantization; null for none
 */
public record ExportSettings(
    List<ExportFormat> formats,
    List<ExportPrecision> precisions,
    TfliteBatch batch,
    TfliteEdges edges,
    Int8Sums sums,
    WeightScales weightScales,
    @OrNull Integer qatEpochs) {
  public static final ExportSettings STANDARD =
      new ExportSettings(
          List.of(ExportFormat.values()),
          List.of(
              ExportPrecision.FP32,
              ExportPrecision.INT8,
              ExportPrecision.BINARY,
              ExportPrecision.MIXED),
          TfliteBatch.ONE,
          TfliteEdges.FLOATS,
          Int8Sums.ADD,
          WeightScales.PER_CHANNEL,
          null);

  public ExportSettings {
    formats = inOrder(Setting.FORMAT, formats);
    precisions = inOrder(Setting.PRECISION, precisions);
    Expect.present("batch", batch);
    Expect.present("edges", edges);
    Expect.present("sums", sums);
    Expect.present("weightScales", weightScales);
    boolean integerForms = edges != TfliteEdges.FLOATS || sums != Int8Sums.ADD;
    if (!formats.contains(ExportFormat.TFLITE) && (batch != TfliteBatch.ONE || integerForms)) {
      throw new UnexpectedValueException(
          Setting.FORMAT,
          "tflite for another batch, other inputs and outputs or other sums, which are forms of"
              + " TFLite files",
          formats,
          "add it, or leave those out");
    }
    if (integerForms && precisions.stream().noneMatch(ExportPrecision::isInteger)) {
      throw new UnexpectedValueException(
          Setting.PRECISION,
          "int8, mixed or binary-fast for inputs, outputs and sums of integers",
          precisions,
          "add one, or leave those out");
    }
    if (weightScales == WeightScales.PER_TENSOR && !precisions.contains(ExportPrecision.INT8)) {
      requirePerTensor(precisions);
    }
    for (ExportPrecision precision : precisions) {
      if (formats.stream().noneMatch(precision::existsAs)) {
        throw new UnexpectedValueException(
            Setting.PRECISION,
            "some that exist in the formats asked for",
            precision + " in " + formats,
            "it is a form of TFLite files; leave it out, or add tflite");
      }
    }
    if (qatEpochs != null && qatEpochs < 1) {
      throw new UnexpectedValueException(
          Setting.QAT, "at least 1 epoch", qatEpochs, "leave it out for int8 without fine-tuning");
    }
    if (qatEpochs != null && precisions.stream().noneMatch(ExportPrecision::isInteger)) {
      throw new UnexpectedValueException(
          Setting.QAT,
          "int8, mixed or binary-fast among the precisions",
          precisions + " alone",
          Phrase.of("add %s int8, or leave %s out", Setting.PRECISION, Setting.QAT));
    }
  }

  /**
   * Of the forms of integers only one is without scales for each output.
   *
   * @throws UnexpectedValueException when it is not the one that is asked for
   */
  public static void requirePerTensor(Collection<ExportPrecision> precisions) {
    if (!precisions.contains(ExportPrecision.INT8)
        || !precisions.stream().allMatch(each -> each.existsWith(WeightScales.PER_TENSOR))) {
      throw new UnexpectedValueException(
          Setting.PRECISION,
          "int8 for one scale a weight tensor, without mixed and binary-fast, whose binary weights"
              + " have a scale for each output",
          precisions,
          Phrase.of("ask for int8, or leave %s out", Setting.WEIGHT_SCALES));
    }
  }

  /** What is left open of files of integers. */
  public Int8Form int8() {
    return new Int8Form(sums, weightScales);
  }

  /** Files of these forms, of one image of floats, without fine-tuning. */
  public static ExportSettings of(
      Collection<ExportFormat> formats, Collection<ExportPrecision> precisions) {
    return new ExportSettings(
        inOrder(Setting.FORMAT, formats),
        inOrder(Setting.PRECISION, precisions),
        TfliteBatch.ONE,
        TfliteEdges.FLOATS,
        Int8Sums.ADD,
        WeightScales.PER_CHANNEL,
        null);
  }

  private static <E extends Enum<E>> List<E> inOrder(Setting setting, Collection<E> asked) {
    Expect.require(asked != null && !asked.isEmpty(), setting, "at least one", asked);
    return List.copyOf(new TreeSet<>(asked));
  }
}
