package shallows.export;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import shallows.export.calibrate.Calibrated;
import shallows.export.calibrate.Calibration;
import shallows.export.calibrate.CalibrationImages;
import shallows.model.graph.Graph;
import shallows.model.onnx.write.OnnxWriter;

/** Writes the files of a run, batch norm and survival scaling folded. */
public final class Exporter {
  private final String runName;
  private final Path folder;
  private final ExportOptions options;
  private final Supplier<CalibrationImages> calibration;
  private final Int8Tuning tuning;

  private Exporter(
      String runName,
      Path folder,
      ExportOptions options,
      Supplier<CalibrationImages> calibration,
      Int8Tuning tuning) {
    this.runName = runName;
    this.folder = folder;
    this.options = options;
    this.calibration = calibration;
    this.tuning = tuning;
  }

  /**
   * @param full as trained
   * @param pruned as pruned, where that was done
   * @param runName what the names of the files begin with
   * @param folder made if it is missing
   * @param calibration asked for only where a file of integers is written
   * @param tuning of the pruned network; the full one is there for comparison and stays as it is
   * @return the files written. Precisions that need binary convolutions are written only of a
   *     network that has some: of others they would be other files again. Beside the files of
   *     integers their scales are written, by which they are verified
   * @throws shallows.model.BadInputException when a file cannot be written
   */
  public static List<ExportedFile> export(
      Graph full,
      Optional<Graph> pruned,
      String runName,
      Path folder,
      ExportOptions options,
      Supplier<CalibrationImages> calibration,
      Int8Tuning tuning) {
    Exporter exporter = new Exporter(runName, folder, options, calibration, tuning);
    List<ExportedFile> files = new ArrayList<>(exporter.write(full, NetworkForm.FULL));
    pruned.ifPresent(graph -> files.addAll(exporter.write(graph, NetworkForm.PRUNED)));
    return files;
  }

  /** The same, with the pruned network as it is. */
  public static List<ExportedFile> export(
      Graph full,
      Optional<Graph> pruned,
      String runName,
      Path folder,
      ExportOptions options,
      Supplier<CalibrationImages> calibration) {
    return export(full, pruned, runName, folder, options, calibration, Int8Tuning.NONE);
  }

  /** The same for a pruned network alone. */
  public static List<ExportedFile> exportPruned(
      Graph pruned,
      String name,
      Path folder,
      ExportOptions options,
      Supplier<CalibrationImages> calibration,
      Int8Tuning tuning) {
    return new Exporter(name, folder, options, calibration, tuning)
        .write(pruned, NetworkForm.PRUNED);
  }

  /** The same for a pruned network alone, as it is. */
  public static List<ExportedFile> exportPruned(
      Graph pruned,
      String name,
      Path folder,
      ExportOptions options,
      Supplier<CalibrationImages> calibration) {
    return exportPruned(pruned, name, folder, options, calibration, Int8Tuning.NONE);
  }

  private List<ExportedFile> write(Graph graph, NetworkForm of) {
    NetworkFiles network = NetworkFiles.of(graph, of, runName, folder, options);
    Optional<Calibrated> calibrated =
        network.needCalibration()
            ? Optional.of(Calibration.of(network.folded(), calibration.get(), options.sums()))
                .map(found -> of == NetworkForm.PRUNED ? tuned(network.folded(), found) : found)
            : Optional.empty();
    network.files().forEach(file -> network.write(file, calibrated));
    return network.files();
  }

  /** The fine-tuned network is kept, since its files are verified against it. */
  private Calibrated tuned(Graph floats, Calibrated calibrated) {
    Path kept =
        ExportedFile.named(
                folder, runName, NetworkForm.PRUNED, ExportPrecision.INT8, ExportFormat.ONNX)
            .tuned();
    return tuning
        .tune(runName, floats, calibrated, kept.getParent())
        .map(
            network -> {
              OnnxWriter.write(network, kept);
              return calibrated.withNetwork(network);
            })
        .orElse(calibrated);
  }
}
