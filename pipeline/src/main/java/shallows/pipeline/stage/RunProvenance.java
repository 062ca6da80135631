package shallows.pipeline.stage;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import shallows.data.sets.DataSets;
import shallows.pipeline.report.ReportContent;

/**
 * What a report says of where it was made: of whose images, by which programs, on which machine.
 */
final class RunProvenance {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

  private RunProvenance() {}

  /**
   * @param data a name of {@link DataSets}, or a folder
   */
  static ReportContent.Provenance of(String data) {
    Map<String, String> versions = new LinkedHashMap<>(Versions.libraries());
    versions.put("Java", System.getProperty("java.version"));
    return new ReportContent.Provenance(
        DataSets.origin(data).orElse("the folder " + data),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        versions,
        LocalDateTime.now().format(MINUTE));
  }
}
