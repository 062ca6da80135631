package shallows.export;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import shallows.model.BadInputException;
import shallows.model.UnexpectedValueException;
import shallows.model.json.JsonFormat;

/**
 * {@code export.json}: the files of an export and what each of them holds.
 *
 * @param files the full network's first, then by network and precision; of different names
 */
public record ExportManifest(List<ExportedFile> files) {
  /** Its name in the folder of the export. */
  public static final String FILE = "export.json";

  private static final JsonFormat<ExportManifest> JSON =
      new JsonFormat<>(ExportManifest.class, "the list of exported files", "export the run again");

  public ExportManifest {
    files = List.copyOf(files);
    Set<String> names = new HashSet<>();
    for (ExportedFile file : files) {
      if (!names.add(file.file())) {
        throw new UnexpectedValueException("files", "different names", file.file() + " twice");
      }
    }
  }

  /** The file of this name. */
  public Optional<ExportedFile> file(String name) {
    return files.stream().filter(file -> file.file().equals(name)).findFirst();
  }

  /** What the manifest beside a file says of it; empty where there is none, or it is not named. */
  public static Optional<ExportedFile> of(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return Files.isRegularFile(folder.resolve(FILE))
        ? read(folder).file(file.getFileName().toString())
        : Optional.empty();
  }

  /**
   * @param folder of the export
   */
  public void write(Path folder) {
    JSON.write(this, folder.resolve(FILE));
  }

  /**
   * @param folder of the export
   * @throws BadInputException when there is no such file, or another
   */
  public static ExportManifest read(Path folder) {
    return JSON.read(folder.resolve(FILE));
  }
}
