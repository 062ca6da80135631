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
 */
public record ReportContent(Report report, List<Sample> samples, Provenance provenance) {

  public ReportContent {
    Expect.present("report", report);
    samples = Expect.list("samples", samples);
    for (Sample sample : samples) {
      sample.requireClasses(report.classes().size());
    }
    Expect.present("provenance", provenance);
  }

  /**
   * Where and by what the report was made.
   *
   * @param dataOrigin where the images come from and under which licence, in one sentence
   * @param machine for example {@code "Linux amd64, Java 17.0.15"}
   * @param processors that the runtimes could use
   * @param versions of everything that takes part, by name, in the order to show
   * @param finished date and time as shown; empty to leave it out
   */
  public record Provenance(
      String dataOrigin,
      String machine,
      int processors,
      Map<String, String> versions,
      String finished) {
    public Provenance {
      Expect.present("dataOrigin", dataOrigin);
      Expect.text("machine", machine);
      Expect.atLeast(1, "processors", processors);
      versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
      Expect.present("finished", finished);
    }
  }
}
