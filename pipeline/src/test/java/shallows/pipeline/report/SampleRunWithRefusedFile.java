package shallows.pipeline.report;

import java.util.ArrayList;
import java.util.List;
import shallows.pipeline.report.Report.Export;
import shallows.pipeline.report.Report.Latency;

/** {@link SampleRun}, had a runtime refused its first file. */
final class SampleRunWithRefusedFile {
  private SampleRunWithRefusedFile() {}

  /** The first export's runtime refused the file, so nothing was measured. */
  static Report report() {
    Report report = SampleRun.report();
    List<Export> exports = new ArrayList<>(report.exports());
    Export first = exports.get(0);
    exports.set(
        0,
        new Export(
            first.file(),
            first.format(),
            first.precision(),
            0,
            "ONNX Runtime",
            null,
            null,
            null,
            new Latency(null, null),
            false,
            first.network(),
            "an empty file",
            null,
            null,
            false,
            false,
            null,
            null));
    return new Report(
        report.data(),
        report.full(),
        report.pruned(),
        exports,
        report.seconds(),
        report.elimination(),
        report.latency(),
        List.of(),
        null);
  }

  static ReportContent content() {
    return SampleRun.content(report(), SampleRun.CLASSES);
  }
}
