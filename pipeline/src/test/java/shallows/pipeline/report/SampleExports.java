package shallows.pipeline.report;

import java.util.List;
import shallows.pipeline.report.Report.Export;
import shallows.pipeline.report.Report.Latency;

/**
 * The files of {@link SampleRun}: one of the full network, four of the pruned, the last rejected.
 */
final class SampleExports {
  private static final String ONNX = "ONNX Runtime 1.29.0";
  private static final String TFLITE = "TFLite 2.21.0";

  private SampleExports() {}

  static List<Export> list() {
    return List.of(
        passed("full-fp32.onnx", 1_868_004, 0.8845, 1.0, 2.1e-6, new Latency(1.42, 1.61), 1.3e-12),
        passed("fp32.onnx", 815_204, 0.8815, 1.0, 1.4e-6, new Latency(0.883, 0.951), 2.4e-12),
        passed("fp32.tflite", 810_664, 0.8815, 1.0, 1.9e-6, new Latency(0.731, 0.802), 2.4e-12),
        passed(
            "binary.tflite", 452_112, 0.8795, 0.9965, 3.1e-2, new Latency(0.744, 0.836), 2.4e-12),
        new Export(
            "demo-mixed.tflite",
            "tflite",
            "mixed",
            128_480,
            TFLITE,
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
            true,
            63,
            35));
  }

  /** The same file of another network, one of a family. */
  static Export ofNetwork(String name, Export file) {
    return of(file, name + "-" + file.file(), name, file.lost(), file.won());
  }

  /** The same file compared with another network: so many images it alone gets wrong, or right. */
  static Export compared(Export file, int lost, int won) {
    return of(file, file.file(), file.network(), lost, won);
  }

  private static Export of(Export file, String name, String network, int lost, int won) {
    return new Export(
        name,
        file.format(),
        file.precision(),
        file.bytes(),
        file.runtime(),
        file.accuracy(),
        file.agreement(),
        file.maxAbsDifference(),
        file.latencyMs(),
        file.passed(),
        network,
        file.reason(),
        file.klDivergence(),
        file.peakMemoryBytes(),
        file.qat(),
        file.biasesCorrected(),
        lost,
        won);
  }

  private static Export passed(
      String name,
      long bytes,
      double accuracy,
      double agreement,
      double difference,
      Latency latency,
      double divergence) {
    String format = name.substring(name.indexOf('.') + 1);
    return new Export(
        "demo-" + name,
        format,
        name.contains("binary") ? "binary" : "fp32",
        bytes,
        format.equals("onnx") ? ONNX : TFLITE,
        accuracy,
        agreement,
        difference,
        latency,
        true,
        name.startsWith("full") ? "full" : "pruned",
        "",
        divergence,
        41_943_040L,
        false,
        false,
        // Of 2,000 images as many more than it gains as its accuracy is lower than 0.8845.
        name.startsWith("full") ? 0 : 30 + (int) Math.round(2_000 * (0.8845 - accuracy)),
        name.startsWith("full") ? 0 : 30);
  }
}
