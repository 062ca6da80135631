package shallows.pipeline.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import shallows.export.ExportFormat;
import shallows.export.ExportPrecision;
import shallows.model.Setting;
import shallows.pipeline.folder.ExportSettings;
import shallows.pipeline.folder.PruneSettings;
import shallows.pipeline.folder.RunRecord;

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
                  "%s (SHA-256 %s), normalization %s",
                  Path.of(record.imported().file()).getFileName(),
                  record.imported().sha256(),
                  record.imported().normalization())));
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
    ExportSettings export = record.export();
    facts.add(
        new PageView.Fact(
            "Export asked for",
            Stream.concat(
                    export.formats().stream().map(ExportFormat::label),
                    export.precisions().stream().map(ExportPrecision::label))
                .collect(Collectors.joining(", "))));
    return facts;
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
    if (prune.distill() != null) {
      pruning.add(prune.distill() + " of the targets distilled");
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
