package shallows.pipeline.stage;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import shallows.data.sets.DataSets;
import shallows.pipeline.folder.Versions;
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
   * @param run its folder
   */
  static ReportContent.Provenance of(String data, Path run) {
    Map<String, String> versions = new LinkedHashMap<>(Versions.libraries());
    versions.put("Java", System.getProperty("java.version"));
    return new ReportContent.Provenance(
        DataSets.origin(data).orElse("the folder " + data),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        versions,
        typed(run),
        LocalDateTime.now().format(MINUTE));
  }

  /** As it is typed in the working folder; of one elsewhere its name, since pages are handed on. */
  private static String typed(Path run) {
    Path here = Path.of("").toAbsolutePath();
    Path folder = run.toAbsolutePath().normalize();
    Path shown =
        folder.startsWith(here) && !folder.equals(here)
            ? here.relativize(folder)
            : folder.getFileName();
    return String.valueOf(shown);
  }
}
