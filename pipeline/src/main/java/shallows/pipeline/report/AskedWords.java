package shallows.pipeline.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import shallows.export.ExportSettings;
import shallows.export.quantize.Int8Sums;
import shallows.export.quantize.WeightScales;
import shallows.export.tflite.TfliteBatch;
import shallows.export.tflite.TfliteEdges;
import shallows.model.Setting;
import shallows.pipeline.folder.PruneSettings;
import shallows.pipeline.folder.RunRecord;
import shallows.prune.plan.Form;

/**
 * What each stage of a run was asked for, as recorded: they may have been asked for in commands of
 * their own.
 */
final class AskedWords {
  private AskedWords() {}

  static List<PageView.Fact> of(RunRecord record) {
    List<PageView.Fact> facts = new ArrayList<>();
    if (record.imported() != null) {
      facts.add(
          new PageView.Fact(
              "Network brought along",
              String.format(
                  Locale.ROOT,
                  "%s (SHA-256 %s), normalization %s%s",
                  Path.of(record.imported().file()).getFileName(),
                  record.imported().sha256(),
                  record.imported().normalization(),
                  record.imported().isUnlabelled()
                      ? "; no labels: its answers count as right, so every accuracy on this page is"
                          + " agreement with it"
                      : "")));
    }
    if (record.from() != null) {
      facts.add(
          new PageView.Fact(
              "Training began with",
              String.format(
                  Locale.ROOT,
                  "%s (SHA-256 %s), normalization %s; its classifier replaced and trained alone for %d"
                      + " epochs, then all other layers at %s of the learning rate",
                  Path.of(record.from().file()).getFileName(),
                  record.from().sha256(),
                  record.from().normalization(),
                  record.from().transfer().headEpochs(),
                  record.from().transfer().trunkRate())));
    }
    facts.add(
        new PageView.Fact(
            "Training asked for",
            record.train().texts().entrySet().stream()
                .map(text -> words(text.getKey()) + " " + text.getValue())
                .collect(Collectors.joining(", "))));
    facts.add(new PageView.Fact("Pruning asked for", of(record.prune())));
    facts.add(new PageView.Fact("Export asked for", of(record.export())));
    return facts;
  }

  private static String of(ExportSettings export) {
    List<String> forms = new ArrayList<>();
    export.formats().forEach(format -> forms.add(format.label()));
    export.precisions().forEach(precision -> forms.add(precision.label()));
    if (export.batch() != TfliteBatch.ONE) {
      forms.add("any number of images at once");
    }
    if (export.edges() != TfliteEdges.FLOATS) {
      forms.add("integers go in and out");
    }
    if (export.sums() != Int8Sums.ADD) {
      forms.add("sums of integers as convolutions");
    }
    if (export.weightScales() != WeightScales.PER_CHANNEL) {
      forms.add("one scale for the weights of a layer");
    }
    if (export.qatEpochs() != null) {
      forms.add(export.qatEpochs() + " epochs with simulated quantization");
    }
    return String.join(", ", forms);
  }

  private static String of(PruneSettings prune) {
    List<String> pruning = new ArrayList<>();
    pruning.add("at most " + prune.maxDrop() + " points of accuracy lost");
    if (prune.maxBytes() != null) {
      pruning.add("at most " + prune.maxBytes() + " of bytes");
    }
    if (prune.maxMacs() != null) {
      pruning.add("at most " + prune.maxMacs() + " of MACs");
    }
    if (prune.maxLatency() != null) {
      pruning.add("at most " + prune.maxLatency() + " of latency");
    }
    if (prune.family() != null) {
      pruning.add("family " + prune.family());
    }
    if (prune.plan() != null) {
      pruning.add("by the plan " + prune.plan());
    }
    if (prune.forms() != null) {
      pruning.add(
          Form.NONE.equals(prune.forms())
              ? "blocks dropped one by one"
              : "blocks become " + prune.forms() + " or stay");
    }
    if (prune.keepPrecision()) {
      pruning.add("no block binarized");
    }
    if (prune.distill() != null) {
      pruning.add(
          prune.distill()
              + " of the targets distilled"
              + (prune.temperature() == null ? "" : " at temperature " + prune.temperature()));
    }
    pruning.add(
        prune.fineTuneEpochs()
            + " epochs of fine-tuning"
            + (prune.fineTuneRate() == null ? "" : " at up to " + prune.fineTuneRate()));
    return String.join(", ", pruning);
  }

  /** For example {@code learning rate}. */
  private static String words(Setting setting) {
    return setting.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
