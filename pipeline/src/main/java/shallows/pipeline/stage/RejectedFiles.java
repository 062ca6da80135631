package shallows.pipeline.stage;

import java.util.List;
import shallows.export.verify.ExportCheck;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.Stage;

/**
 * Exported files that failed their check lie in {@code export/rejected/}, where nobody takes them
 * for files to ship, until a check of theirs passes or they are exported again.
 */
final class RejectedFiles {
  // As run.json has it, whatever the system's separator is.
  static final String EXPORTED = "export/";
  static final String REJECTED = "export/rejected/";

  private RejectedFiles() {}

  /** Puts those away that failed, and back those that now passed. */
  static void sort(OpenRun run, List<ExportCheck> checks) {
    for (ExportCheck check : checks) {
      String from = check.passed() ? REJECTED : EXPORTED;
      if (run.record().outputs(Stage.EXPORT).containsKey(from + check.file())) {
        String to = check.passed() ? EXPORTED : REJECTED;
        run.move(Stage.EXPORT, from + check.file(), to + check.file());
      }
    }
  }
}
