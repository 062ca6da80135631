package shallows.pipeline.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import shallows.model.Expect;

/**
 * All that {@code report.html} shows: the report, and what only the page needs.
 *
 * @param samples test images; may be empty
 * @param pictures of test images whose answer changed, by their index; those that are shown without
 *     are told by their names alone
 */
public record ReportContent(
    Report report, List<Sample> samples, Map<Integer, Picture> pictures, Provenance provenance) {

  public ReportContent {
    Expect.present("report", report);
    samples = Expect.list("samples", samples);
    for (Sample sample : samples) {
      sample.requireClasses(report.classes().size());
    }
    pictures = Collections.unmodifiableMap(new LinkedHashMap<>(pictures));
    Expect.present("provenance", provenance);
  }

  /** The test images that the page wants pictures of: a few dozen. */
  public static List<Integer> pictured(Report report) {
    return LostPictures.wanted(report);
  }

  /**
   * Where and by what the report was made.
   *
   * @param dataOrigin where the images come from and under which licence, in one sentence
   * @param machine for example {@code "Linux amd64, Java 17.0.15"}
   * @param processors that the runtimes could use
   * @param versions of everything that takes part, by name, in the order to show
   * @param folder the run's, as it is typed in the working folder
   * @param finished date and time as shown; empty to leave it out
   */
  public record Provenance(
      String dataOrigin,
      String machine,
      int processors,
      Map<String, String> versions,
      String folder,
      String finished) {
    public Provenance {
      Expect.present("dataOrigin", dataOrigin);
      Expect.text("machine", machine);
      Expect.atLeast(1, "processors", processors);
      versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
      Expect.text("folder", folder);
      Expect.present("finished", finished);
    }
  }
}
