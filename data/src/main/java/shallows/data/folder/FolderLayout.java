package shallows.data.folder;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import shallows.data.LeftOut;
import shallows.data.folder.ImageListing.Labelled;
import shallows.data.folder.ImageListing.Part;
import shallows.model.BadInputException;

/**
 * Folders of classes: {@code <class>/**}, or that below {@code train}, beside which {@code test}
 * may have the test images and {@code val}, {@code valid} or {@code validation} the held-out ones,
 * in upper case too. Where there is no {@code train}, these are names of classes like any other
 * (valid, invalid), unless there is nothing else.
 */
final class FolderLayout {
  private static final Map<String, Part> NAMES =
      Map.of(
          "train", Part.TRAIN,
          "val", Part.HELD_OUT,
          "valid", Part.HELD_OUT,
          "validation", Part.HELD_OUT,
          "test", Part.TEST);

  private FolderLayout() {}

  /**
   * @throws BadInputException when the folder cannot be read or its classes do not make a task
   */
  static ImageListing list(Path root) {
    PictureSearch search = new PictureSearch();
    List<Path> folders = search.foldersIn(root);
    Map<Part, Path> parts = new EnumMap<>(Part.class);
    for (Path folder : folders) {
      Part part = part(folder);
      if (part != null && parts.putIfAbsent(part, folder) != null) {
        throw new BadInputException(
            root,
            "one folder of held-out images",
            parts.get(part).getFileName() + " and " + folder.getFileName(),
            "put them together");
      }
    }
    if (!parts.containsKey(Part.TRAIN)) {
      if (!folders.isEmpty() && parts.size() == folders.size()) {
        throw new BadInputException(
            root.resolve("train"),
            "a folder beside " + folders.get(0).getFileName(),
            "none",
            "add it, or put the class folders straight into " + root);
      }
      List<String> classes = names(folders);
      requireSome(root, classes, search);
      return new ImageListing(
          root, classes, Map.of(Part.TRAIN, files(folders, search)), search.leftOut());
    }
    folders.stream().filter(folder -> part(folder) == null).forEach(search::leaveOut);
    List<String> classes = null;
    Map<Part, List<Labelled>> files = new EnumMap<>(Part.class);
    for (Map.Entry<Part, Path> part : parts.entrySet()) {
      List<Path> classFolders = search.foldersIn(part.getValue());
      List<String> found = names(classFolders);
      requireSome(part.getValue(), found, search);
      if (classes == null) {
        classes = found;
      }
      ImageListing.requireSameClasses(classes, part.getValue(), found);
      files.put(part.getKey(), files(classFolders, search));
    }
    return new ImageListing(root, classes, files, search.leftOut());
  }

  private static Part part(Path folder) {
    return part(folder.getFileName().toString());
  }

  /**
   * @return null for a name that is none of a part
   */
  static Part part(String name) {
    return NAMES.get(name.toLowerCase(Locale.ROOT));
  }

  private static List<String> names(List<Path> folders) {
    return folders.stream().map(folder -> folder.getFileName().toString()).toList();
  }

  private static void requireSome(Path folder, List<String> classes, PictureSearch search) {
    if (classes.isEmpty()) {
      int loose = search.leftOut().getOrDefault(LeftOut.NO_CLASS, 0);
      throw new BadInputException(
          folder,
          "a folder for each class",
          loose == 0 ? "none" : LeftOut.NO_CLASS.words(loose),
          "put the images of a class into a folder of its name");
    }
  }

  private static List<Labelled> files(List<Path> classFolders, PictureSearch search) {
    List<Labelled> files = new ArrayList<>();
    for (int label = 0; label < classFolders.size(); label++) {
      Path folder = classFolders.get(label);
      int before = files.size();
      for (Path picture : search.in(folder)) {
        files.add(new Labelled(picture, label));
      }
      if (files.size() == before) {
        throw new BadInputException(
            folder,
            "the images of class '" + folder.getFileName() + "'",
            "no picture",
            "add some or remove the folder");
      }
    }
    return List.copyOf(files);
  }
}
