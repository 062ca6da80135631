package shallows.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import shallows.cli.terminal.Console;
import shallows.cli.terminal.Table;
import shallows.cli.terminal.Table.Alignment;
import shallows.export.ExportManifest;
import shallows.export.ExportedFile;
import shallows.export.NetworkForm;
import shallows.export.verify.FileCheck;
import shallows.export.verify.Verification;
import shallows.pipeline.Run;
import shallows.pipeline.report.AugmentedWords;
import shallows.pipeline.report.Words;

/** What a person wants to know when all is done: where the files are, and whether they passed. */
final class Ending {
  private static final int DONE = 0;
  private static final int A_FILE_FAILED = 1;

  private Ending() {}

  /**
   * Shows the exported files and where the report is.
   *
   * @param path of the run as it was given
   * @return the exit status
   */
  static int tell(Run run, Path path, Console console) {
    int status = files(run, path, console);
    console.result("look at " + path.resolve("report.html"));
    return status;
  }

  /** Of each file the classes that suffered. */
  private static List<String> lost(Verification found) {
    List<String> lines =
        found.answers().stream()
            .filter(each -> each.by().file() != null)
            .flatMap(
                each ->
                    AnswerWords.lost(found.answers().get(0), each)
                        .map(words -> each.by().file() + " lost more than chance in " + words)
                        .stream())
            .toList();
    return lines.isEmpty() && !found.files().isEmpty()
        ? List.of("no file lost more than chance in any class")
        : lines;
  }

  /** Shows the exported files; the exit status likewise. */
  static int files(Run run, Path path, Console console) {
    Verification verification = run.verified();
    Table table =
        new Table(
            Alignment.LEFT, Alignment.RIGHT, Alignment.RIGHT, Alignment.RIGHT, Alignment.LEFT);
    ExportManifest manifest = run.exported();
    for (ExportedFile file : manifest.files()) {
      FileCheck check = verification.file(file.file());
      // What passed is meant to be taken from the bundle, where it says how accurate it is.
      Path place = path.resolve(check.passed() ? "bundle" : "export");
      table.row(
          file.in(place).toString(),
          Words.bytes(file.bytes()),
          check.accuracy() == null ? Words.NOT_MEASURED : Words.percent(check.accuracy()),
          check.latencyMs() == null
              ? Words.NOT_MEASURED
              : String.format(Locale.ROOT, "%.2f ms", check.latencyMs().median()),
          check.passed() ? "passed" : "FAILED: " + check.reason());
    }
    table.lines().forEach(console::result);
    for (FileCheck check : verification.files()) {
      if (check.augmented() != null) {
        console.result(
            check.file()
                + " with "
                + check.augmented().copies()
                + ": "
                + AugmentedWords.of(check.augmented(), check.accuracy(), check.latencyMs()));
      }
    }
    lost(verification).forEach(console::result);
    manifest.files().stream()
        .filter(file -> file.network() == NetworkForm.PRUNED)
        .map(ExportedFile::member)
        .distinct()
        .filter(member -> verification.rejects(manifest, member))
        .forEach(
            member ->
                console.remark(
                    (member == null ? "the pruned network" : member)
                        + " is not in the bundle, as none of its files passed; a larger size or"
                        + " --max-drop lets it in"));
    return verification.passed(manifest) ? DONE : A_FILE_FAILED;
  }
}
