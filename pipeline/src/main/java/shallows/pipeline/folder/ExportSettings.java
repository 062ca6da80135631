package shallows.pipeline.folder;

import java.util.List;
import java.util.TreeSet;
import shallows.export.ExportFormat;
import shallows.export.ExportOptions;
import shallows.export.ExportPrecision;
import shallows.export.quantize.Int8Sums;
import shallows.export.tflite.TfliteBatch;
import shallows.export.tflite.TfliteEdges;

/**
 * Which files are written of a network: each precision in each format that has it.
 *
 * @param formats at least one; in one order, so that asking the same in another order is the same
 * @param precisions at least one; likewise
 * @param batch of TFLite files; one image where the record of an older version says nothing
 * @param edges of TFLite files of integers; floats likewise
 * @param sums of files of integers; convolutions likewise
 * @param qatEpochs of fine-tuning with simulated quantization; null for none
 */
public record ExportSettings(
    List<ExportFormat> formats,
    List<ExportPrecision> precisions,
    TfliteBatch batch,
    TfliteEdges edges,
    Int8Sums sums,
    Integer qatEpochs) {
  public static final ExportSettings STANDARD =
      new ExportSettings(
          List.of(ExportFormat.values()),
          List.copyOf(ExportOptions.standardPrecisions()),
          TfliteBatch.ONE,
          TfliteEdges.FLOATS,
          Int8Sums.ADD,
          null);

  public ExportSettings {
    formats = inOrder("--format", formats);
    precisions = inOrder("--precision", precisions);
    batch = batch == null ? TfliteBatch.ONE : batch;
    edges = edges == null ? TfliteEdges.FLOATS : edges;
    sums = sums == null ? Int8Sums.ADD : sums;
    if (qatEpochs != null && qatEpochs < 1) {
      throw new IllegalArgumentException(
          "--qat: expected at least 1 epoch, found "
              + qatEpochs
              + "; leave it out for int8 without fine-tuning");
    }
    if (qatEpochs != null && precisions.stream().noneMatch(ExportPrecision::isInteger)) {
      throw new IllegalArgumentException(
          "--qat: expected int8 or mixed among the precisions, found "
              + precisions
              + " alone; add --precision int8, or leave --qat out");
    }
  }

  private static <E extends Enum<E>> List<E> inOrder(String option, List<E> asked) {
    // An unknown word in run.json is read as null.
    if (asked == null || asked.isEmpty() || asked.stream().anyMatch(one -> one == null)) {
      throw new IllegalArgumentException(option + ": expected at least one, found " + asked);
    }
    return List.copyOf(new TreeSet<>(asked));
  }
}
