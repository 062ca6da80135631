package shallows.export;

import java.util.EnumSet;
import java.util.Set;
import shallows.export.quantize.Int8Sums;
import shallows.export.tflite.TfliteBatch;
import shallows.export.tflite.TfliteEdges;

/**
 * Which files are written of a network.
 *
 * @param formats at least one
 * @param precisions at least one; each in those formats that have it
 * @param batch how many images TFLite files take; ONNX files take any number
 * @param edges what goes into TFLite files of integers and comes out; others take floats
 * @param sums what the sums of residual blocks are in files of integers
 */
public record ExportOptions(
    Set<ExportFormat> formats,
    Set<ExportPrecision> precisions,
    TfliteBatch batch,
    TfliteEdges edges,
    Int8Sums sums) {

  public ExportOptions {
    if (formats.isEmpty() || precisions.isEmpty()) {
      throw new IllegalArgumentException("at least one format and one precision must be asked for");
    }
    formats = Set.copyOf(formats);
    precisions = Set.copyOf(precisions);
  }

  /** Of one image of floats. */
  public static ExportOptions of(Set<ExportFormat> formats, Set<ExportPrecision> precisions) {
    return new ExportOptions(
        formats, precisions, TfliteBatch.ONE, TfliteEdges.FLOATS, Int8Sums.ADD);
  }

  /** Those that a network is exported as where nothing else is asked for. */
  public static Set<ExportPrecision> standardPrecisions() {
    return EnumSet.of(
        ExportPrecision.FP32, ExportPrecision.INT8, ExportPrecision.BINARY, ExportPrecision.MIXED);
  }
}
