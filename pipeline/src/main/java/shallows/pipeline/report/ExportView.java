package shallows.pipeline.report;

import java.util.List;
import shallows.export.ExportFormat;
import shallows.export.ExportedFile;
import shallows.export.quantize.WeightScales;
import shallows.export.verify.Augmented;
import shallows.export.verify.FileCheck;
import shallows.export.verify.Latency;

/**
 * A row of the table of files, by the names that the template asks with.
 *
 * @param network that it holds, as the page calls it
 */
record ExportView(ExportedFile written, FileCheck check, String network) {

  static List<ExportView> of(Report report) {
    return report.export().files().stream()
        .map(file -> new ExportView(file, report.check(file), report.network(file)))
        .toList();
  }

  String file() {
    return written.file();
  }

  String format() {
    return written.format() == ExportFormat.ONNX ? "ONNX" : "TFLite";
  }

  String precision() {
    return written.precision().label()
        + (written.weightScales() == WeightScales.PER_TENSOR ? ", one scale a layer" : "")
        + (written.otherWeights() == null ? "" : ", " + written.otherWeights().label())
        + (written.biasesCorrected() ? ", biases corrected" : "");
  }

  String bytes() {
    return Figures.bytes(written.bytes());
  }

  String memory() {
    return check.peakMemoryBytes() == null ? null : Figures.bytes(check.peakMemoryBytes());
  }

  String runtime() {
    return check.runtime();
  }

  String accuracy() {
    return Figures.measured(check.accuracy(), Figures::percent);
  }

  String agreement() {
    return Figures.measured(check.agreement(), Figures::percent);
  }

  String difference() {
    return Figures.measured(check.maxAbsDifference(), Figures::difference);
  }

  String median() {
    Latency latency = check.latencyMs();
    return Figures.measured(latency == null ? null : latency.median(), Figures::milliseconds);
  }

  String p90() {
    Latency latency = check.latencyMs();
    return Figures.measured(latency == null ? null : latency.p90(), Figures::milliseconds);
  }

  /** With several copies of each image; null where that was not asked for. */
  String copies() {
    Augmented found = check.augmented();
    return found == null
        ? null
        : found.copies() + ": " + AugmentedWords.of(found, check.accuracy(), check.latencyMs());
  }

  boolean passed() {
    return check.passed();
  }

  String reason() {
    return check.reason();
  }
}
