package shallows.cli.report;

import java.util.List;
import shallows.cli.report.Report.Export;
import shallows.cli.report.Report.Latency;

/**
 * The files of {@link SampleRun}: one of the full network, four of the pruned, the last rejected.
 */
final class SampleExports {
  private SampleExports() {}

  static List<Export> list() {
    return List.of(
        new Export(
            "demo-full-fp32.onnx",
            "onnx",
            "fp32",
            1_868_004,
            "ONNX Runtime 1.29.0",
            0.8845,
            1.0,
            2.1e-6,
            new Latency(1.42, 1.61),
            true,
            "full",
            "",
            1.3e-12,
            41_943_040L,
            false,
            false),
        new Export(
            "demo-fp32.onnx",
            "onnx",
            "fp32",
            815_204,
            "ONNX Runtime 1.29.0",
            0.8815,
            1.0,
            1.4e-6,
            new Latency(0.883, 0.951),
            true,
            "pruned",
            "",
            2.4e-12,
            41_943_040L,
            false,
            false),
        new Export(
            "demo-fp32.tflite",
            "tflite",
            "fp32",
            810_664,
            "TFLite 2.21.0",
            0.8815,
            1.0,
            1.9e-6,
            new Latency(0.731, 0.802),
            true,
            "pruned",
            "",
            2.4e-12,
            41_943_040L,
            false,
            false),
        new Export(
            "demo-binary.tflite",
            "tflite",
            "binary",
            452_112,
            "TFLite 2.21.0",
            0.8795,
            0.9965,
            3.1e-2,
            new Latency(0.744, 0.836),
            true,
            "pruned",
            "",
            2.4e-12,
            41_943_040L,
            false,
            false),
        new Export(
            "demo-mixed.tflite",
            "tflite",
            "mixed",
            128_480,
            "TFLite 2.21.0",
            0.8705,
            0.971,
            0.41,
            new Latency(0.302, 0.344),
            false,
            "pruned",
            "accuracy is 1.4 points below the full network, 1.0 allowed",
            0.013,
            41_943_040L,
            false,
            true));
  }
}
