package shallows.pipeline.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import shallows.data.evaluation.TestTimeAugmentation;
import shallows.data.folder.JunkFiles;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.file.AbsolutePath;
import shallows.model.file.IoReason;
import shallows.model.file.Sha256;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.json.JsonFormat;
import shallows.model.json.OrNull;

/**
 * What all parts of a verification have in common: the content of {@code verification.json} in
 * their folder.
 *
 * @param version of the program
 * @param model that is verified
 * @param reference that it is compared with; null where there is none
 * @param copies of each image that it is asked about too; null where there are none
 * @param image that it takes, {@code (C, H, W)}
 * @param task the classes, and how pixels are scaled
 * @param images of all parts
 */
record FileTask(
    String version,
    File model,
    @OrNull File reference,
    @OrNull TestTimeAugmentation copies,
    Shape image,
    Task task,
    List<Images> images) {
  static final String FILE = "verification.json";
  static final JsonFormat<FileTask> FORMAT =
      new JsonFormat<>(FileTask.class, "a verification in parts", "begin again in another folder");

  /**
   * A model file, at one path on all machines.
   *
   * @param path absolute
   * @param sha256 of its content
   */
  record File(String path, String sha256) {
    static File of(Path file) {
      return new File(AbsolutePath.of(file).toString(), Sha256.of(file));
    }

    /**
     * @throws BadInputException when there is none on this machine, or another
     */
    Path require() {
      Path file = Path.of(path);
      String found = Sha256.of(file);
      if (!found.equals(sha256)) {
        throw new BadInputException(
            file,
            "the file that is verified, SHA-256 " + sha256,
            "another, " + found,
            "mount the same folder at the same path everywhere");
      }
      return file;
    }
  }

  /**
   * The test images of a set.
   *
   * @param data that it was opened by
   * @param count of images
   * @param sha256 of what their parts are told of them
   */
  record Images(String data, int count, String sha256) {}

  FileTask {
    images = List.copyOf(images);
  }

  /** To read images for it, which come in the order of its classes. */
  FittedImages fitting() {
    return new FittedImages(Path.of(model.path), image, task.labels().size(), task.labels());
  }

  /**
   * @param folder that parts are to be put into, or are in already
   * @throws BadInputException when it holds something else
   */
  static void requireRoom(Path folder) {
    if (!Files.exists(folder) || Files.exists(folder.resolve(FILE))) {
      return;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      Optional<String> other =
          entries
              .map(entry -> entry.getFileName().toString())
              .filter(name -> !name.startsWith(".") && !JunkFiles.isJunk(name))
              .sorted()
              .findFirst();
      if (other.isPresent()) {
        throw new BadInputException(
            folder,
            "an empty folder, or one with parts",
            "a folder with " + other.get() + " and no " + FILE,
            Phrase.of("choose another %s", Setting.OUT));
      }
    } catch (IOException e) {
      throw new BadInputException(
          folder,
          "a folder that can be read",
          "something else (" + IoReason.of(e) + ")",
          Phrase.of("choose another %s", Setting.OUT),
          e);
    }
  }

  /**
   * Writes it into the folder of the parts, or finds it there.
   *
   * @throws BadInputException when the folder has the parts of another
   */
  void putIn(Path folder) {
    Path file = folder.resolve(FILE);
    Optional<FileTask> before =
        Files.exists(file) ? Optional.of(FORMAT.read(file)) : Optional.empty();
    if (before.isPresent() && !before.get().equals(this)) {
      throw new BadInputException(
          folder,
          "the parts of this verification, or none",
          "those of another, " + before.get().inWords(this),
          Phrase.of("choose another %s", Setting.OUT));
    }
    FORMAT.write(this, file);
  }

  private String inWords(FileTask now) {
    String of = "of " + model.path + " on " + String.join(", ", data());
    if (!version.equals(now.version)) {
      return of + ", by version " + version + " of the program";
    }
    return model.equals(now.model) && data().equals(now.data()) && !images.equals(now.images)
        ? of + ", whose images were other ones"
        : of;
  }

  private List<String> data() {
    return images.stream().map(Images::data).toList();
  }
}
