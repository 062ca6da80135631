package shallows.cli.stage;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import shallows.cli.folder.RunRecord;
import shallows.cli.folder.TrainSettings;
import shallows.cli.report.ReportContent;
import shallows.model.images.DataSets;

/** Where a report comes from. */
final class RunProvenance {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

  private RunProvenance() {}

  static ReportContent.Provenance of(RunRecord record) {
    TrainSettings train = record.train();
    Map<String, String> versions = new LinkedHashMap<>(Versions.libraries());
    versions.put("Java", System.getProperty("java.version"));
    return new ReportContent.Provenance(
        "./shallows " + record.command(),
        train.seed(),
        train.network(),
        train.survival(),
        origin(train.data()),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        versions,
        LocalDateTime.now().format(MINUTE));
  }

  private static String origin(String data) {
    return DataSets.NAMES.contains(data)
        ? "Fashion-MNIST by Zalando Research, MIT licence"
        : "the folder " + data;
  }
}
