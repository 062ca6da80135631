package shallows.cli.command;

import picocli.CommandLine.Option;
import shallows.export.quantize.WeightScales;

/** The form of files of integers. */
final class Int8Arguments {
  @Option(
      names = "--weight-scales",
      paramLabel = "SCALES",
      description =
          "Of the weights in files of int8: per-channel, a scale for each output; per-tensor, one, "
              + "which is all that some older accelerators know, and costs accuracy; "
              + "mixed and binary-fast files are then not written. "
              + "Default: per-channel")
  private WeightScales weightScales;
}
