package shallows.pipeline.stage;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import shallows.data.sets.DataSets;
import shallows.export.ExportFormat;
import shallows.export.ExportPrecision;
import shallows.model.Setting;
import shallows.pipeline.folder.ExportSettings;
import shallows.pipeline.folder.PruneSettings;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.TrainSettings;
import shallows.pipeline.report.ReportContent;

/** What a report says of the run it comes from: what was asked for, on which images and machine. */
final class RunProvenance {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

  private RunProvenance() {}

  static ReportContent.Provenance of(RunRecord record) {
    TrainSettings train = record.train();
    Map<String, String> versions = new LinkedHashMap<>(Versions.libraries());
    versions.put("Java", System.getProperty("java.version"));
    return new ReportContent.Provenance(
        settings(record),
        train.seed(),
        train.network(),
        train.survival(),
        origin(train.data()),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        versions,
        LocalDateTime.now().format(MINUTE));
  }

  /** As recorded, stage by stage: they may have been asked for in commands of their own. */
  private static Map<String, String> settings(RunRecord record) {
    PruneSettings prune = record.prune();
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
    ExportSettings export = record.export();
    Map<String, String> settings = new LinkedHashMap<>();
    if (record.imported() != null) {
      settings.put(
          "Network brought along",
          String.format(
              "%s (SHA-256 %s), normalization %s",
              Path.of(record.imported().file()).getFileName(),
              record.imported().sha256(),
              record.imported().normalization()));
    }
    settings.put(
        "Training asked for",
        record.train().texts().entrySet().stream()
            .map(text -> words(text.getKey()) + " " + text.getValue())
            .collect(Collectors.joining(", ")));
    settings.put("Pruning asked for", String.join(", ", pruning));
    settings.put(
        "Export asked for",
        Stream.concat(
                export.formats().stream().map(ExportFormat::label),
                export.precisions().stream().map(ExportPrecision::label))
            .collect(Collectors.joining(", ")));
    return settings;
  }

  /** For example {@code learning rate}. */
  private static String words(Setting setting) {
    return setting.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Whose images they are where the data set is one with a name; the folder where it is not. */
  private static String origin(String data) {
    return DataSets.origin(data).orElse("the folder " + data);
  }
}
