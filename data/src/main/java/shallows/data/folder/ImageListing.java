package shallows.data.folder;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import shallows.data.LeftOut;
import shallows.model.BadInputException;

/**
 * Pictures with their classes, as they were found and not read yet.
 *
 * @param root folder that their names begin in
 * @param classes names in the order of the labels
 * @param parts those to train on, and those that were set apart where somebody did
 * @param leftOut what else there is
 */
record ImageListing(
    Path root,
    List<String> classes,
    Map<Part, List<Labelled>> parts,
    Map<LeftOut, Integer> leftOut) {
  /** What images are for. */
  enum Part {
    TRAIN,
    HELD_OUT,
    TEST
  }

  /** An image file and the index of its class. */
  record Labelled(Path file, int label) {}

  ImageListing {
    classes = List.copyOf(classes);
    parts = new EnumMap<>(parts);
    requireClasses(root, classes);
  }

  /**
   * @param path a folder, or a table
   * @throws BadInputException when it cannot be read or its classes do not make a task
   */
  static ImageListing of(Path path) {
    return CsvLayout.isTable(path) ? CsvLayout.list(path) : FolderLayout.list(path);
  }

  /**
   * What people know a file by: its name in the root, where it is there. Resolved against the root
   * it is the file again: a backslash stands for a slash on Windows alone.
   */
  String source(Path file) {
    Path shown = file.startsWith(root) ? root.relativize(file) : file;
    return shown.toString().replace(File.separatorChar, '/');
  }

  /** In all parts. */
  int size() {
    return parts.values().stream().mapToInt(List::size).sum();
  }

  private static void requireClasses(Path root, List<String> classes) {
    if (classes.size() == 1) {
      throw new BadInputException(
          root,
          "at least 2 classes",
          "only '" + classes.get(0) + "'",
          "a classifier needs something to tell it from");
    }
    for (String name : classes) {
      // It would break the list of labels, one a line, that goes to the phone.
      if (name.isBlank() || name.chars().anyMatch(Character::isISOControl)) {
        throw new BadInputException(
            root,
            "classes with printable names",
            "'" + name.replaceAll("\\p{Cc}", "?") + "'",
            "rename it");
      }
    }
  }

  /**
   * Refuses a part that names its classes otherwise than the training images do.
   *
   * @param where it lies
   */
  static void requireSameClasses(List<String> train, Path where, List<String> found) {
    if (found.equals(train)) {
      return;
    }
    List<String> missing = new ArrayList<>(train);
    missing.removeAll(found);
    List<String> more = new ArrayList<>(found);
    more.removeAll(train);
    throw new BadInputException(
        where,
        "the classes of the training images",
        (missing.isEmpty() ? "" : "none for " + missing)
            + (missing.isEmpty() || more.isEmpty() ? "" : " and ")
            + (more.isEmpty() ? "" : "others, " + more),
        "all parts need the same classes");
  }
}
