package shallows.pipeline.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import shallows.export.verify.AccuracyStamp;
import shallows.export.verify.ExportCheck;
import shallows.export.verify.Verification;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.Stage;

/** Exported files that say in their metadata what verifying them found. */
final class MeasuredFiles {
  private MeasuredFiles() {}

  /**
   * Writes its accuracy into each file that ran.
   *
   * @return the same verification, with the sizes that the files have now
   */
  static Verification stamp(OpenRun run, Verification found) {
    List<ExportCheck> checks = new ArrayList<>();
    for (ExportCheck check : found.exports()) {
      if (check.accuracy() == null) {
        // It did not run, and goes on saying that nothing was measured of it.
        checks.add(check);
      } else {
        String file = listed(run, check.file());
        checks.add(
            run.rewrite(
                Stage.EXPORT, file, copy -> AccuracyStamp.put(copy, check, found.images())));
      }
    }
    return found.withExports(checks);
  }

  /** Where a file lies, that an earlier verification may have put away. */
  private static String listed(OpenRun run, String file) {
    Map<String, String> outputs = run.record().outputs(Stage.EXPORT);
    return outputs.containsKey(RejectedFiles.EXPORTED + file)
        ? RejectedFiles.EXPORTED + file
        : RejectedFiles.REJECTED + file;
  }
}
