package shallows.data.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import shallows.model.BadInputException;

/**
 * The files of a folder with a folder for each class, in the order of their names. What begins with
 * a dot is not seen, nor {@link JunkFiles}, nor what lies beside the class folders.
 *
 * @param classes the names of the class folders, sorted
 * @param files of all classes, sorted by class and by name
 */
public record ImageFolder(Path folder, List<String> classes, List<Labelled> files) {
  /** An image file and the index of its class. */
  record Labelled(Path file, int label) {}

  /**
   * @throws BadInputException when the folder is missing, holds fewer than two class folders, or
   *     one of them is empty
   */
  static ImageFolder list(Path folder) {
    List<Path> classFolders = foldersIn(folder);
    List<String> classes = classFolders.stream().map(f -> f.getFileName().toString()).toList();
    if (classes.isEmpty()) {
      throw new BadInputException(
          folder,
          "a folder for each class",
          "none",
          "put the images of a class into a folder of its name");
    }
    if (classes.size() == 1) {
      throw new BadInputException(
          folder,
          "at least 2 class folders",
          "only '" + classes.get(0) + "'",
          "a classifier needs something to tell it from");
    }
    for (String name : classes) {
      // It would break the list of labels, one a line, that goes to the phone.
      if (name.chars().anyMatch(Character::isISOControl)) {
        throw new BadInputException(
            folder,
            "class folders with printable names",
            "'" + name.replaceAll("\\p{Cntrl}", "?") + "'",
            "rename it");
      }
    }
    List<Labelled> files = new ArrayList<>();
    for (int label = 0; label < classes.size(); label++) {
      List<Path> images = list(classFolders.get(label), Files::isRegularFile);
      if (images.isEmpty()) {
        throw new BadInputException(
            classFolders.get(label),
            "the images of class '" + classes.get(label) + "'",
            "no file",
            "add some or remove the folder");
      }
      for (Path image : images) {
        files.add(new Labelled(image, label));
      }
    }
    return new ImageFolder(folder, classes, List.copyOf(files));
  }

  public static List<Path> foldersIn(Path folder) {
    return list(folder, Files::isDirectory);
  }

  /** Refuses another folder, of test images, that names its classes otherwise. */
  void requireSameClasses(ImageFolder other) {
    if (other.classes.equals(classes)) {
      return;
    }
    List<String> missing = new ArrayList<>(classes);
    missing.removeAll(other.classes);
    List<String> more = new ArrayList<>(other.classes);
    more.removeAll(classes);
    throw new BadInputException(
        other.folder,
        "the class folders of " + folder,
        (missing.isEmpty() ? "" : "none for " + missing)
            + (missing.isEmpty() || more.isEmpty() ? "" : " and ")
            + (more.isEmpty() ? "" : "others, " + more),
        "both need the same class folders");
  }

  private static boolean isHidden(String name) {
    return name.startsWith(".") || JunkFiles.isJunk(name);
  }

  private static List<Path> list(Path folder, Predicate<Path> kind) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(path -> !isHidden(path.getFileName().toString()))
          .filter(kind)
          .sorted(Comparator.comparing(path -> path.getFileName().toString()))
          .toList();
    } catch (IOException e) {
      throw new BadInputException(
          folder,
          "a folder that can be read",
          e.getClass().getSimpleName(),
          "check its name and permissions",
          e);
    }
  }
}
