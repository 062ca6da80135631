package shallows.export;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import shallows.export.quantize.calibrate.CalibrationImages;
import shallows.export.verify.FileCheck;
import shallows.export.verify.Latency;
import shallows.model.graph.Graph;

/** The files of a network as most tests want them: nothing is tuned, and there is no family. */
public final class TestExport {
  /** Next to nothing beside what self-checks allow of every file of integers. */
  private static final double ROUNDING = 1e-3;

  private TestExport() {}

  /** What was found of a file that answers exactly as it has to. */
  public static FileCheck check(ExportedFile file, boolean passed) {
    return new FileCheck(
        file.file(),
        "a runtime",
        0.875,
        1.0,
        0.0,
        file.precision().isInteger() ? Double.valueOf(ROUNDING) : null,
        0.0,
        0,
        0,
        new Latency(1, 1),
        null,
        null,
        passed,
        "");
  }

  /**
   * @param pruned what the full one became, where a test has that
   * @param name what the names of the files begin with
   */
  public static ExportManifest of(
      Graph full,
      Optional<Graph> pruned,
      String name,
      Path folder,
      ExportSettings settings,
      Supplier<CalibrationImages> calibration) {
    List<ExportedNetwork> networks = new ArrayList<>();
    networks.add(new ExportedNetwork(NetworkForm.FULL, null, full));
    pruned.ifPresent(graph -> networks.add(new ExportedNetwork(NetworkForm.PRUNED, null, graph)));
    return new Exporter(name, folder, settings, calibration, Int8Tuning.NONE, Int8Bound.NONE)
        .export(networks);
  }
}
