package shallows.cli.command;

import java.util.List;
import picocli.CommandLine.Option;
import shallows.cli.folder.ExportSettings;
import shallows.export.ExportFormat;
import shallows.export.ExportPrecision;

/** Which files to write; null where nothing was said. */
final class ExportArguments {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      split = ",",
      description = "onnx, tflite or both. Default: onnx,tflite")
  private List<ExportFormat> formats;

  @Option(
      names = "--precision",
      paramLabel = "PRECISION",
      split = ",",
      description = {
        "fp32; int8: 8 bits a weight and value, smaller and faster. Where there are binarized "
            + "blocks also binary: their weights 1 bit each, all else fp32; mixed: 1 bit and int8; "
            + "binary-fast (TFLite): ±1 in 8 bits and int8, as fast as int8. "
            + "Default: fp32,int8,binary,mixed"
      })
  private List<ExportPrecision> precisions;

  /** What was said, over what holds without it. */
  ExportSettings over(ExportSettings base) {
    return new ExportSettings(
        formats == null ? base.formats() : formats,
        precisions == null ? base.precisions() : precisions,
        base.batch(),
        base.edges(),
        base.sums());
  }
}
