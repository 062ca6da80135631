package shallows.pipeline.report;

import static shallows.prune.plan.Decision.BINARIZE;
import static shallows.prune.plan.Decision.DROP;
import static shallows.prune.plan.Decision.LINEAR;
import static shallows.prune.plan.Decision.NARROW;
import static shallows.prune.plan.Decision.SCALE;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import shallows.export.ExportedFile;
import shallows.export.verify.FileCheck;
import shallows.export.verify.Verification;
import shallows.prune.plan.Decision;

/** What the run found, in the one sentence that opens the page, and in the one that backs it. */
final class Answer {
  private Answer() {}

  /** The result, or that there is none to speak of while the network has learned too little. */
  static String headline(Report report) {
    Maturity maturity = new Maturity(report);
    return maturity.isPoor()
        ? "Too little is learned"
            + (report.hasBlocks() ? " to prune: with every block the network " : ": the network ")
            + (report.isUnlabelled() ? "answers " : "gets ")
            + Figures.percent(report.verification().expectationAccuracy())
            + " of the test images "
            + (report.isUnlabelled() ? "as the network as it came does" : "right")
            + ", and guessing "
            + Figures.percent(maturity.guessing())
            + "."
        : sentence(report);
  }

  /**
   * For example {@code "Dropping 6 of 15 blocks and binarizing 2 leaves a file 9.8 times smaller;
   * accuracy 0.3 points lower, within chance (±0.9)."}
   */
  static String sentence(Report report) {
    Optional<ExportedFile> smallest = report.smallestPassing();
    String pruning = pruning(report);
    if (report.export().files().isEmpty() && report.isUnlabelled()) {
      return pruning
          + " leaves "
          + Figures.percent(report.verification().prunedAccuracy())
          + " of the answers as they were; no file was written yet.";
    }
    if (report.export().files().isEmpty()) {
      return pruning
          + " takes accuracy from "
          + Figures.percent(report.verification().referenceAccuracy())
          + " to "
          + Figures.percent(report.verification().prunedAccuracy())
          + "; no file was written yet.";
    }
    if (smallest.isEmpty()) {
      return pruning + " was tried, but no file of that network passed its check.";
    }
    double ratio = (double) report.full().bytes() / smallest.get().bytes();
    String size =
        ratio < 1.05
            ? " leaves a file that is not smaller"
            : " leaves a file " + Figures.times(ratio) + " times smaller";
    return pruning
        + size
        + HeadlineFigure.shares(report, smallest.get()).map(of -> " (" + of + ")").orElse("")
        + ending(report, report.check(smallest.get()));
  }

  private static String ending(Report report, FileCheck file) {
    Difference difference = Difference.of(file, report.testImages());
    return report.isUnlabelled()
        ? "; "
            + Figures.percent(file.accuracy())
            + " of the answers stayed (\u00b1"
            + Figures.points(difference.margin())
            + " points)."
        : difference.ending();
  }

  /** For example {@code Dropping 11 of 15 blocks and binarizing 2}. */
  private static String pruning(Report report) {
    int blocks = report.plan().blocks().size();
    List<String> parts = new ArrayList<>();
    for (Decision decision : List.of(DROP, SCALE, NARROW, LINEAR, BINARIZE)) {
      long count = report.plan().count(decision);
      if (count > 0) {
        String of = parts.isEmpty() ? count + " of " + blocks + " blocks" : "" + count;
        parts.add(
            switch (decision) {
              case DROP -> "dropping " + of;
              case NARROW -> "narrowing " + of;
              case LINEAR -> "making " + of + " linear";
              case SCALE -> "scaling " + of;
              case BINARIZE -> "binarizing " + of + report.plan().narrowedToo();
              case KEEP -> throw new IllegalStateException("what is kept is not told");
            });
      }
    }
    if (parts.isEmpty()) {
      return report.hasBlocks()
          ? "Keeping all " + blocks + " blocks"
          : "Keeping all of a network without residual blocks";
    }
    String last = parts.remove(parts.size() - 1);
    String all = parts.isEmpty() ? last : String.join(", ", parts) + " and " + last;
    return Character.toUpperCase(all.charAt(0)) + all.substring(1);
  }

  /** The accuracies, on which images, and how many files passed. */
  static String backing(Report report) {
    String result = new Maturity(report).isPoor() ? sentence(report) + " " : "";
    Verification found = report.verification();
    long passed = found.files().stream().filter(FileCheck::passed).count();
    int exports = found.files().size();
    String files =
        exports == 0
            ? "No file was exported."
            : passed == exports
                ? "All " + exports + " exported files passed their check."
                : passed + " of " + exports + " exported files passed their check.";
    String asItCame =
        found.originalAccuracy() == null
            ? ""
            : "The network as it came gets "
                + Figures.percent(found.originalAccuracy())
                + " right. ";
    if (report.isUnlabelled()) {
      return result
          + "Of the "
          + Figures.whole(report.testImages())
          + " test images of "
          + report.data()
          + ", the pruned network answers "
          + Figures.percent(found.prunedAccuracy())
          + " as the network as it came does. "
          + files
          + rejected(report.plan().rejected().size());
    }
    return result
        + asItCame
        + (report.hasBlocks() ? "With every block the network gets " : "The network gets ")
        + Figures.percent(report.verification().expectationAccuracy())
        + " of the "
        + Figures.whole(report.testImages())
        + " test images of "
        + report.data()
        + (report.hasBlocks() ? " right; pruned, it gets " : " right; as it is exported, ")
        + Figures.percent(report.verification().prunedAccuracy())
        + ". "
        + files
        + rejected(report.plan().rejected().size());
  }

  private static String rejected(int networks) {
    return networks == 0
        ? ""
        : " Test images rejected "
            + (networks == 1 ? "one smaller network" : networks + " smaller networks")
            + " before this one, so they had a part in choosing it: its accuracy on them is not that"
            + " of a network that was chosen without them.";
  }

  /**
   * Half the width of the 95 % interval of an accuracy a measured on n images, 1.96·√(a(1 − a)/n),
   * as a fraction.
   */
  static double halfInterval(double accuracy, int images) {
    return 1.96 * Math.sqrt(accuracy * (1 - accuracy) / images);
  }
}
