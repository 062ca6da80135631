package shallows.export;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import shallows.export.quantize.calibrate.Calibrated;
import shallows.export.quantize.calibrate.Calibration;
import shallows.export.quantize.calibrate.CalibrationImages;
import shallows.export.quantize.calibrate.FloatLayers;
import shallows.export.quantize.calibrate.LearnedRounding;
import shallows.model.file.Sha256;
import shallows.model.graph.Graph;
import shallows.model.onnx.write.OnnxWriter;

/** Writes the files of networks, batch norm and survival scaling folded. */
public final class Exporter {
  /** The folder, in that of the export, of networks that were fine-tuned to be rounded. */
  private static final String TUNED = "qat";

  /** Likewise, of those whose weights were rounded to 4 bits as the answers need it. */
  private static final String LEARNED = "rounded";

  /** Likewise, of those of integers whose weights were equalized, or rounded so. */
  private static final String BYTES = "rounded-int8";

  private final String name;
  private final Path folder;
  private final ExportSettings settings;
  private final Supplier<CalibrationImages> calibration;
  private final Int8Tuning tuning;
  private final Int8Bound bound;

  /**
   * @param name what the names of files begin with
   * @param folder made if it is missing
   * @param settings of its epochs of fine-tuning nothing is asked here: the tuning has them
   * @param calibration asked for only where a file of integers is written, or of 4 bits
   * @param tuning of pruned networks; the full one is there for comparison and stays as it is
   * @param bound of what 8 bits may cost a network that was not tuned for them
   */
  public Exporter(
      String name,
      Path folder,
      ExportSettings settings,
      Supplier<CalibrationImages> calibration,
      Int8Tuning tuning,
      Int8Bound bound) {
    this.name = name;
    this.folder = folder;
    this.settings = settings;
    this.calibration = calibration;
    this.tuning = tuning;
    this.bound = bound;
  }

  /**
   * Writes networks and, beside their files, {@code export.json}. Precisions that need binary
   * convolutions are written only of a network that has some: of others they would be other files
   * again. Beside files of integers their scales are written.
   *
   * @param networks the full one first; the next pruned one is the one to ship, whose files bear
   *     the name alone, those of others that of their member too
   * @throws shallows.model.BadInputException when a file cannot be written
   */
  public ExportManifest export(List<ExportedNetwork> networks) {
    List<ExportedFile> files = new ArrayList<>();
    boolean shipped = false;
    for (ExportedNetwork network : networks) {
      if (network.form() == NetworkForm.FULL) {
        files.addAll(written(network, name + "-full"));
      } else {
        files.addAll(written(network, shipped ? name + "-" + network.member() : name));
        shipped = true;
      }
    }
    ExportManifest manifest = new ExportManifest(files);
    manifest.write(folder);
    return manifest;
  }

  private Calibrated bounded(String stem, Calibration full) {
    Calibrated within = FloatLayers.within(full.within(bound.maxDrop()), bound.maxDrop()).signed();
    within.ofOtherWeights().ifPresent(graph -> OnnxWriter.write(graph, kept(BYTES, stem)));
    return within;
  }

  private List<ExportedFile> written(ExportedNetwork network, String stem) {
    NetworkFiles files = NetworkFiles.of(network.graph(), settings);
    Optional<Calibrated> calibrated = Optional.empty();
    Optional<Graph> tuned = Optional.empty();
    if (files.needCalibration()) {
      Calibration integers = Calibration.run(files.folded(), calibration.get(), settings.int8());
      Calibrated found = integers.calibrated();
      tuned =
          network.form() == NetworkForm.PRUNED
              ? tuning.tune(stem, files.folded(), found, within(TUNED, stem))
              : Optional.empty();
      tuned.ifPresent(graph -> OnnxWriter.write(graph, kept(TUNED, stem)));
      Calibrated within = tuned.isPresent() ? found : bounded(stem, integers);
      bound.listener().hear(stem, network.form(), within, tuned.isPresent());
      calibrated =
          Optional.of(tuned.map(graph -> found.withNetwork(graph).signed()).orElse(within));
      calibrated.get().write(folder.resolve(scales(stem)));
    }
    List<ExportedFile> written = new ArrayList<>();
    for (FileForm form : files.forms()) {
      Path path = folder.resolve(stem + "-" + form.ending());
      boolean integers = form.precision().isInteger();
      Optional<Graph> learned =
          NetworkFiles.learnsRounding(form)
              ? LearnedRounding.of(files.folded(), calibration.get())
              : Optional.empty();
      learned.ifPresent(graph -> OnnxWriter.write(graph, kept(LEARNED, stem)));
      files.write(form, calibrated, learned, path);
      OtherWeights other =
          integers
              ? otherWeights(tuned, calibrated)
              : learned.isPresent() ? OtherWeights.ROUNDED : null;
      written.add(
          new ExportedFile(
              path.getFileName().toString(),
              network.form(),
              network.member(),
              form.format(),
              form.precision(),
              integers ? scales(stem) : null,
              other == null ? null : listed(kept(kind(other, integers), stem)),
              other,
              integers ? settings.weightScales() : null,
              integers && calibrated.orElseThrow().correction().kept(),
              path.toFile().length(),
              Sha256.of(path)));
    }
    return written;
  }

  /** What was done to the weights of files of integers; null where nothing was. */
  private static OtherWeights otherWeights(Optional<Graph> tuned, Optional<Calibrated> calibrated) {
    return tuned.isPresent()
        ? OtherWeights.FINE_TUNED
        : calibrated.flatMap(found -> OtherWeights.of(found.weights())).orElse(null);
  }

  private static String kind(OtherWeights other, boolean integers) {
    return other == OtherWeights.FINE_TUNED ? TUNED : integers ? BYTES : LEARNED;
  }

  /** All files of integers of one network share their scales. */
  private static String scales(String stem) {
    return stem + "-" + ExportPrecision.INT8.label() + ".json";
  }

  private Path within(String kind, String stem) {
    return folder.resolve(kind).resolve(stem);
  }

  /** A network with other weights is kept, since its files are verified against it. */
  private Path kept(String kind, String stem) {
    return within(kind, stem).resolve("model.onnx");
  }

  private String listed(Path file) {
    return folder.relativize(file).toString().replace('\\', '/');
  }
}
