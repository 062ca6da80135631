package shallows.pipeline.report;

import java.util.List;
import shallows.pipeline.report.Report.Export;

/** A row of the table of exports. */
record ExportView(
    String file,
    String network,
    String format,
    String precision,
    String bytes,
    String memory,
    String runtime,
    String accuracy,
    String agreement,
    String difference,
    String median,
    String p90,
    boolean passed,
    String reason) {

  static List<ExportView> of(Report report) {
    return report.exports().stream().map(ExportView::of).toList();
  }

  private static ExportView of(Export export) {
    return new ExportView(
        export.file(),
        export.network(),
        export.format().equals("onnx")
            ? "ONNX"
            : export.format().equals("tflite") ? "TFLite" : export.format(),
        export.precision()
            + (export.qat() ? ", QAT" : "")
            + (export.biasesCorrected() ? ", biases corrected" : ""),
        Figures.bytes(export.bytes()),
        export.peakMemoryBytes() == null ? null : Figures.bytes(export.peakMemoryBytes()),
        export.runtime(),
        Figures.measured(export.accuracy(), Figures::percent),
        Figures.measured(export.agreement(), Figures::percent),
        Figures.measured(export.maxAbsDifference(), Figures::difference),
        Figures.measured(export.latencyMs().median(), Figures::milliseconds),
        Figures.measured(export.latencyMs().p90(), Figures::milliseconds),
        export.passed(),
        export.reason());
  }
}
