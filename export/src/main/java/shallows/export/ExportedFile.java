package shallows.export;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A file of the export folder. Its name says what it holds: {@code NAME-full-fp32.tflite} is the
 * full network of the run NAME, {@code NAME-fp32.tflite} the pruned one.
 *
 * @param path of the file, which need not exist yet
 * @param of which network it holds
 */
public record ExportedFile(
    Path path, NetworkForm of, ExportPrecision precision, ExportFormat format) {

  /** The folder, in that of the exports, of files that failed their check. */
  public static final String REJECTED = "rejected";

  /** The folder, in that of the exports, of networks that were fine-tuned to be rounded. */
  private static final String TUNED = "qat";

  /** The file that holds this of the run called {@code runName}. */
  public static ExportedFile named(
      Path folder, String runName, NetworkForm of, ExportPrecision precision, ExportFormat format) {
    String form = of == NetworkForm.FULL ? "-full-" : "-";
    String name = runName + form + precision.label() + "." + format.label();
    return new ExportedFile(folder.resolve(name), of, precision, format);
  }

  /** Where the scales of a file of integers are: all of one network share those of int8. */
  public Path scales() {
    String name = path.getFileName().toString();
    String ending = precision.label() + "." + format.label();
    String network = name.substring(0, name.length() - ending.length());
    Path scales = path.resolveSibling(network + ExportPrecision.INT8.label() + ".json");
    Path folder = path.getParent();
    // Those of a file that was put away stay where they are, for the others.
    return folder != null && folder.endsWith(REJECTED)
        ? folder.resolveSibling(scales.getFileName())
        : scales;
  }

  /**
   * Where the network is that a file of integers was written of, if it was fine-tuned for that;
   * there is none where it was not.
   */
  public Path tuned() {
    return tuned(scales());
  }

  /**
   * The same by the scales alone.
   *
   * @param scales as {@link #scales} gives them
   */
  public static Path tuned(Path scales) {
    String name = scales.getFileName().toString();
    String ending = "-" + ExportPrecision.INT8.label() + ".json";
    String network = name.substring(0, name.length() - ending.length());
    return scales.resolveSibling(TUNED).resolve(network).resolve("model.onnx");
  }

  /** The same by the name of a file alone; empty where it is not named as a file of integers. */
  public static Optional<Path> scalesOf(Path file) {
    String name = file.getFileName().toString();
    for (ExportPrecision precision : ExportPrecision.values()) {
      for (ExportFormat format : ExportFormat.values()) {
        if (precision.isInteger()
            && name.endsWith("-" + precision.label() + "." + format.label())) {
          return Optional.of(
              new ExportedFile(file, NetworkForm.PRUNED, precision, format).scales());
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Those files of the run that are there, those that failed a check too: the full network's first,
   * then by precision.
   */
  public static List<ExportedFile> in(Path folder, String runName) {
    List<ExportedFile> found = new ArrayList<>();
    for (NetworkForm of : NetworkForm.values()) {
      for (ExportPrecision precision : ExportPrecision.values()) {
        for (ExportFormat format : ExportFormat.values()) {
          for (Path place : List.of(folder, folder.resolve(REJECTED))) {
            ExportedFile file = named(place, runName, of, precision, format);
            if (Files.isRegularFile(file.path())) {
              found.add(file);
            }
          }
        }
      }
    }
    return found;
  }
}
