package shallows.pipeline.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import shallows.export.ExportedFile;
import shallows.export.verify.FileCheck;

/**
 * One of the big figures at the top.
 *
 * @param name what is measured
 * @param before of the full network
 * @param after as shipped
 * @param verdict what changed
 * @param note on what it was measured
 * @param share after/before in [0, 1] as a CSS number, for the bar; empty for no bar
 */
record HeadlineFigure(
    String name, String before, String after, String verdict, String note, String share) {

  static List<HeadlineFigure> of(Report report) {
    List<HeadlineFigure> tiles = new ArrayList<>();
    long fullBytes = report.full().bytes();
    Optional<ExportedFile> smallest = report.smallestPassing();
    if (smallest.isPresent()) {
      ExportedFile file = smallest.get();
      tiles.add(
          new HeadlineFigure(
              "Smallest file that passed",
              Figures.bytes(fullBytes),
              Figures.bytes(file.bytes()),
              Figures.times((double) fullBytes / file.bytes()) + "\u00d7 smaller",
              shares(report, file)
                  .map(of -> of + "; against the full network's fp32 ONNX file")
                  .orElse("against the full network's fp32 ONNX file"),
              share(file.bytes(), fullBytes)));
    } else {
      tiles.add(
          new HeadlineFigure(
              "Smallest file that passed",
              Figures.bytes(fullBytes),
              "none",
              "no file passed",
              "the reasons stand beside the files below",
              ""));
    }
    tiles.add(smallest.isPresent() ? accuracy(report, smallest.get()) : accuracy(report));
    long fullMacs = report.full().macs();
    long macs = report.pruned().macs();
    tiles.add(
        new HeadlineFigure(
            "Multiply-accumulates",
            Figures.count(fullMacs),
            Figures.count(macs),
            Figures.fixed(100.0 * (fullMacs - macs) / fullMacs, 0) + "\u00a0% fewer",
            "for one image",
            share(macs, fullMacs)));
    long bytes = report.pruned().bytes();
    tiles.add(
        new HeadlineFigure(
            "Pruned network at fp32",
            Figures.bytes(fullBytes),
            Figures.bytes(bytes),
            Figures.times((double) fullBytes / bytes) + "\u00d7 smaller",
            "both as fp32 ONNX",
            share(bytes, fullBytes)));
    return tiles;
  }

  /**
   * What pruning has to do with the size of a file, and what its precision, for example {@code 1.1
   * times by pruning, 3.4 times by int8}; empty where it is of floats.
   */
  static Optional<String> shares(Report report, ExportedFile file) {
    String precision =
        switch (file.precision()) {
          case FP32 -> null;
          case BINARY -> "weights of one bit";
          case FP16 -> "weights of half precision";
          case INT8_WEIGHTS -> "weights of 8 bits";
          case INT4_WEIGHTS -> "weights of 4 bits";
          case INT8, BINARY_FAST -> "int8";
          case MIXED -> "int8 and weights of one bit";
        };
    double pruning = (double) report.full().bytes() / report.pruned().bytes();
    double rest = (double) report.pruned().bytes() / file.bytes();
    return Optional.ofNullable(precision)
        .map(
            by ->
                (report.hasBlocks() ? Figures.times(pruning) + " times by pruning, " : "")
                    + Figures.times(rest)
                    + " times by "
                    + by);
  }

  /** Of the file that the headline is about. */
  private static HeadlineFigure accuracy(Report report, ExportedFile file) {
    FileCheck check = report.check(file);
    Difference difference = Difference.of(check, report.testImages());
    return new HeadlineFigure(
        report.isUnlabelled() ? "Answers of that file that stayed" : "Accuracy of that file",
        Figures.percent(report.verification().referenceAccuracy()),
        Figures.percent(check.accuracy()),
        difference.inShort(),
        (difference.isWithinChance() ? "within chance, on " : "95\u00a0% sure, on ")
            + Figures.whole(report.testImages())
            + " test images"
            + labels(report),
        "");
  }

  /** Of the network itself, where there is no file. */
  private static HeadlineFigure accuracy(Report report) {
    return new HeadlineFigure(
        report.isUnlabelled() ? "Answers that stayed, pruned" : "Accuracy, pruned",
        Figures.percent(report.verification().referenceAccuracy()),
        Figures.percent(report.verification().prunedAccuracy()),
        "of the network, not of a file",
        "on " + Figures.whole(report.testImages()) + " test images" + labels(report),
        "");
  }

  private static String labels(Report report) {
    return report.isUnlabelled()
        ? " without labels: what the network as it came answers counts as right"
        : "";
  }

  private static String share(long part, long whole) {
    return Figures.fixed(Math.min(1.0, (double) part / whole), 4);
  }
}
