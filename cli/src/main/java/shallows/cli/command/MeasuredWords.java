package shallows.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import shallows.cli.terminal.Table;
import shallows.cli.terminal.Table.Alignment;
import shallows.export.verify.FileVerification;
import shallows.export.verify.LayerDifference;
import shallows.export.verify.PairedValues;
import shallows.pipeline.measure.ModelFileCheck;
import shallows.pipeline.report.AugmentedWords;
import shallows.pipeline.report.Words;

/** What was measured of a model file, for a person. */
final class MeasuredWords {
  private MeasuredWords() {}

  /** The lines to show. */
  static List<String> lines(ModelFileCheck asked, ModelFileCheck.Measured measured) {
    List<String> lines = new ArrayList<>(figures(asked, measured));
    lines.add("");
    lines.addAll(AnswerWords.classes(measured.found().answers()));
    measured.layers().ifPresent(layers -> lines.addAll(lines(layers, measured.layerImages())));
    measured.pairs().ifPresent(pairs -> lines.addAll(lines(pairs)));
    return lines;
  }

  private static List<String> figures(ModelFileCheck asked, ModelFileCheck.Measured measured) {
    FileVerification found = measured.found();
    Table table = new Table(Alignment.LEFT, Alignment.LEFT);
    table.row("file", asked.file() + ", " + Words.bytes(found.bytes()) + ", " + found.runtime());
    table.row(
        "accuracy",
        text("%.2f %%", 100 * found.accuracy())
            + " on "
            + Words.count(found.images())
            + " images of "
            + measured.images());
    measured.normalization().ifPresent(scaling -> table.row("pixels", EventWords.pixels(scaling)));
    table.row("calibration", AnswerWords.calibration(found.answers()));
    AnswerWords.confusions(found.answers()).ifPresent(words -> table.row("confused", words));
    measured.stated().ifPresent(stated -> table.row("it says", stated));
    table.row(
        "latency",
        text(
            "%.3f ms median, %.3f ms p90; %d thread, %d runs after %d to warm up",
            found.latencyMs().median(),
            found.latencyMs().p90(),
            found.latency().threads(),
            found.latency().runs(),
            found.latency().warmUps()));
    found
        .augmented()
        .ifPresent(
            copies ->
                table.row(
                    "with " + copies.copies(),
                    AugmentedWords.of(copies, found.accuracy(), found.latencyMs())));
    found
        .peakMemoryBytes()
        .ifPresent(
            bytes ->
                table.row(
                    "memory",
                    Words.bytes(bytes)
                        + " at most, to load it and run one image, with the runtime"));
    found
        .comparison()
        .ifPresent(
            other -> {
              table.row(
                  "reference",
                  asked.reference().orElseThrow() + text(", %.2f %%", 100 * other.accuracy()));
              table.row("changed", AnswerWords.changes(found.answers()));
              table.row("agreement", text("%.2f %%", 100 * other.agreement()));
              table.row("KL divergence", text("%.3g nats", other.klDivergence()));
              table.row(
                  "difference",
                  text(
                      "%.3g at most, of a range of %.3g", other.maxAbsDifference(), other.range()));
            });
    return table.lines();
  }

  private static List<String> lines(List<LayerDifference> layers, int images) {
    Table table =
        new Table(
            Alignment.LEFT,
            Alignment.LEFT,
            Alignment.RIGHT,
            Alignment.RIGHT,
            Alignment.RIGHT,
            Alignment.LEFT);
    table.row("value", "operation", "difference", "range", "step", "");
    String first = null;
    for (LayerDifference layer : layers) {
      first = first == null && layer.departs() ? layer.value() : first;
      table.row(
          layer.value(),
          layer.operation(),
          text("%.3g", layer.maxAbsDifference()),
          text("%.3g", layer.range()),
          layer.step() > 0 ? text("%.3g", layer.step()) : "",
          layer.departs() ? "departs" : "");
    }
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.addAll(table.lines());
    lines.add(
        first == null
            ? text("no value departs from the interpreter's, on %d images", images)
            : text("the first value to depart from the interpreter's is %s", first));
    return lines;
  }

  private static List<String> lines(PairedValues pairs) {
    Table table = new Table(Alignment.LEFT, Alignment.LEFT, Alignment.LEFT, Alignment.RIGHT);
    table.row("value", "operation", "in the reference", "difference");
    pairs
        .pairs()
        .forEach(
            pair ->
                table.row(
                    pair.value(),
                    pair.operation(),
                    pair.other(),
                    text("%.2g %%", 100 * pair.error())));
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.addAll(table.lines());
    lines.add(
        pairs
            .parting()
            .map(first -> "the first operation to depart is " + first.words())
            .orElse("no operation departs, on one image"));
    return lines;
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
