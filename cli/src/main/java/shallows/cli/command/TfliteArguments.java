package shallows.cli.command;

import picocli.CommandLine.Option;
import shallows.export.quantize.Int8Sums;
import shallows.export.tflite.TfliteBatch;
import shallows.export.tflite.TfliteEdges;

/**
 * The form of TFLite files, for export alone: to {@code run}, {@code --batch} is that of training.
 */
final class TfliteArguments {
  @Option(
      names = "--batch",
      paramLabel = "BATCH",
      description =
          "How many images a TFLite file takes: one; dynamic: one, or as many as the caller says. "
              + "ONNX files take any number. Default: one")
  private TfliteBatch batch;

  @Option(
      names = "--io",
      paramLabel = "TYPE",
      description =
          "What goes into TFLite files of int8, binary-fast and mixed and comes out: float; int8 "
              + "(not in browsers). Default: float")
  private TfliteEdges edges;

  @Option(
      names = "--int8-sum",
      paramLabel = "FORM",
      description =
          "What the sums of residual blocks are in TFLite files of int8, binary-fast and mixed: add, "
              + "smaller, and faster where XNNPACK runs the file; conv, a 1x1 convolution, far faster "
              + "in TFLite's own kernels on x86-64. Default: add")
  private Int8Sums sums;
}
