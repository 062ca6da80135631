package shallows.cli.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import shallows.cli.terminal.Table;
import shallows.cli.terminal.Table.Alignment;
import shallows.data.evaluation.AccuracyLoss;
import shallows.export.ExportPrecision;
import shallows.export.quantize.calibrate.LayerCost;
import shallows.export.quantize.calibrate.WeightRounding;
import shallows.export.verify.FileCheck;
import shallows.export.verify.Verification;
import shallows.pipeline.convert.Converted;
import shallows.pipeline.report.Words;

/** What came of a conversion, for a person. */
final class ConvertedWords {
  private static final int NAMED_LAYERS = 5;

  private ConvertedWords() {}

  /**
   * The lines to show.
   *
   * @param original the file that was read
   */
  static List<String> lines(Path original, ExportPrecision precision, Converted converted) {
    List<String> lines = new ArrayList<>(converted.notes());
    if (converted.onImages().isPresent()) {
      Converted.OnImages found = converted.onImages().get();
      lines.addAll(onImages(precision, converted, found));
      if (!converted.isWritten()) {
        lines.add(
            text(
                "%s: %s; not written%s",
                converted.file(), reason(found), remedy(precision, found)));
      }
      return lines;
    }
    String agreement = converted.agreement().words(original);
    String moved =
        converted.moved().isPresent()
            ? text(
                " with its weights rounded likewise, which moves them by %.1e of it",
                converted.moved().getAsDouble())
            : "";
    lines.add(
        converted.isWritten()
            ? text("%s: %d bytes, %s%s", converted.file(), converted.bytes(), agreement, moved)
            : text("%s: %s; not written", converted.file(), agreement));
    return lines;
  }

  private static List<String> onImages(
      ExportPrecision precision, Converted converted, Converted.OnImages found) {
    FileCheck check = found.check();
    Verification verification = found.verification();
    Verification.Images images = verification.images();
    Table table = new Table(Alignment.LEFT, Alignment.LEFT);
    table.row(
        "file",
        text(
            "%s, %s, %s, %s",
            converted.file(), precision, Words.bytes(converted.bytes()), check.runtime()));
    found.normalization().ifPresent(scaling -> table.row("pixels", EventWords.pixels(scaling)));
    if (found.calibrated() > 0) {
      table.row(
          precision.isInteger() ? "scales" : "rounding",
          (precision.isInteger() ? "found on " : "learned on ")
              + Words.count(found.calibrated())
              + " other images");
    }
    found
        .integers()
        .filter(integers -> integers.weights().isUnusual())
        .ifPresent(
            integers ->
                table.row(
                    "weights",
                    text(
                        "%s on %s other images",
                        weights(integers.weights()), Words.count(integers.heldOut()))));
    if (!found.layers().isEmpty()) {
      table.row("floats", inFloats(found.layers()));
    }
    if (check.accuracy() == null) {
      return table.lines();
    }
    String where = Words.count(images.count()) + " images of " + images.name();
    AccuracyLoss loss = verification.loss(check);
    if (found.labelled()) {
      table.row(
          "accuracy",
          text(
              "%.2f %%, %.2f %% in fp32, on %s: %s",
              100 * check.accuracy(),
              100 * verification.expectationAccuracy(),
              where,
              loss.inWords()));
    }
    table.row(
        "agreement",
        text("the same answer as in fp32 to %.2f %% of %s", 100 * check.agreement(), where));
    if (check.maxAbsDifference() != null && check.klDivergence() != null) {
      table.row(
          "difference",
          text(
              "%.3g at most in an output, KL divergence %.3g nats",
              check.maxAbsDifference(), check.klDivergence()));
    }
    table.row(
        "latency",
        text(
            "%.3f ms median, %.3f ms p90; %d thread",
            check.latencyMs().median(), check.latencyMs().p90(), verification.latency().threads()));
    table.row("check", check.passed() ? "passed: " + reason(found) : "failed");
    return table.lines();
  }

  /**
   * Which layers compute in floats among those of integers, the one that 8 bits cost most first.
   */
  static String inFloats(List<LayerCost> layers) {
    List<LayerCost> given =
        layers.stream()
            .filter(LayerCost::inFloats)
            .sorted(Comparator.comparingDouble(LayerCost::divergence).reversed())
            .toList();
    if (given.isEmpty()) {
      return "8 bits cost more than they may, and floats in all layers would not help, as image and"
          + " output are rounded all the same";
    }
    return text(
        "%d of %d layers compute in floats, in which 8 bits cost most: %s%s",
        given.size(),
        layers.size(),
        given.stream()
            .limit(NAMED_LAYERS)
            .map(layer -> text("%s (%.2g nats)", layer.layer(), layer.divergence()))
            .collect(Collectors.joining(", ")),
        given.size() > NAMED_LAYERS ? ", …" : "");
  }

  /** What was done for the weights of a network of integers, and what it brought. */
  static String weights(WeightRounding weights) {
    String before =
        weights.isOfOtherWeights()
            ? text(", %.2g as they were, to the nearest", weights.nearest())
            : "";
    String perChannel =
        weights.perChannel() == null
            ? ""
            : text(", %.2g with a scale for each output", weights.perChannel());
    return text(
        "%s: divergence from fp32 %.2g nats%s%s,",
        weights.inWords(), weights.reached(), before, perChannel);
  }

  /** Where it is the bound that was not kept; files that are wrong otherwise have none. */
  private static String remedy(ExportPrecision precision, Converted.OnImages found) {
    if (found.check().accuracy() == null || !isBeyond(found)) {
      return "";
    }
    return ". A larger --max-drop lets it pass"
        + (precision.isInteger() ? ", fp16 and int8-weights lose less" : "");
  }

  private static boolean isBeyond(Converted.OnImages found) {
    return found
        .verification()
        .loss(found.check())
        .isSurelyBeyond(found.verification().maxDrop(), AccuracyLoss.QUANTILE);
  }

  /** Without labels, what counts as lost is an answer that changed. */
  private static String reason(Converted.OnImages found) {
    FileCheck check = found.check();
    if (found.labelled() || check.lost() == null) {
      return check.reason();
    }
    AccuracyLoss loss = found.verification().loss(check);
    double allowed = found.verification().maxDrop();
    if (isBeyond(found)) {
      return text(
          "%d of %d answers changed: with %.0f %% confidence more than the %.2f %% that may",
          loss.lost(), loss.images(), 100 * AccuracyLoss.CONFIDENCE, allowed);
    }
    return text("%d of %d answers changed", loss.lost(), loss.images())
        + (check.passed() ? "" : "; " + check.reason());
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
