package shallows.pipeline.report;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import shallows.export.ExportFormat;
import shallows.export.ExportedFile;
import shallows.model.ShellWord;

/**
 * What to do with a run that is finished, by the names that the template asks with.
 *
 * @param report of the run
 * @param folder of the run; quoted where a shell needs that
 */
record NextView(Report report, String folder) {
  private static final int KILO = 1000;

  NextView {
    folder = ShellWord.quoted(folder);
  }

  /**
   * A file to take.
   *
   * @param link from the run folder
   */
  record Choice(String name, String link, String bytes, String accuracy, String latency) {
    static Choice of(Report report, ExportedFile file) {
      return new Choice(
          file.file(),
          NextView.link("bundle/" + file.file()),
          Figures.bytes(file.bytes()),
          Figures.percent(report.check(file).accuracy()),
          Figures.milliseconds(report.check(file).latencyMs().median()));
    }
  }

  /** Escaped as addresses are: names of files are of any characters. */
  static String link(String path) {
    try {
      return new URI(null, null, path, null).toASCIIString();
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(path + " has no address", e);
    }
  }

  /** Null where no file of the pruned network passed. */
  Choice smallest() {
    return report.smallestPassing().map(file -> Choice.of(report, file)).orElse(null);
  }

  /** Null likewise, and where the smallest is the fastest as well. */
  Choice fastest() {
    Optional<ExportedFile> fastest =
        report.passing().stream()
            .min(
                Comparator.comparingDouble(
                    (ExportedFile file) -> report.check(file).latencyMs().median()));
    return fastest
        .filter(file -> !report.smallestPassing().equals(Optional.of(file)))
        .map(file -> Choice.of(report, file))
        .orElse(null);
  }

  boolean isBoth() {
    return smallest() != null && fastest() == null;
  }

  /** Every other file that passed. */
  List<Choice> others() {
    Choice smallest = smallest();
    Choice fastest = fastest();
    return report.export().files().stream()
        .filter(file -> report.check(file).passed())
        .map(file -> Choice.of(report, file))
        .filter(each -> Stream.of(smallest, fastest).noneMatch(each::equals))
        .toList();
  }

  boolean hasOthers() {
    return !others().isEmpty();
  }

  /** Null where a Java program began it. */
  String command() {
    String line = report.run().command();
    return line.matches("(?s)(?:run|shrink|train)(?: .*)?") ? "./shallows " + line : null;
  }

  /** Of the weights, half of what is left of them. */
  String halfBytes() {
    return Math.max(1, report.plan().summary().bytes() / 2 / KILO) + "KB";
  }

  boolean hasHalf() {
    return report.hasBlocks();
  }

  /** The app takes TFLite files. */
  boolean hasApp() {
    return report.export().files().stream()
        .anyMatch(file -> file.format() == ExportFormat.TFLITE && report.check(file).passed());
  }
}
