package shallows.data.format;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import shallows.data.LabelledImages;
import shallows.model.BadInputException;
import shallows.model.file.IoReason;
import shallows.model.file.RegularFile;

/**
 * Reads grey images and labels from IDX files, and a data set from a folder with the four of MNIST:
 * {@code train-} and {@code t10k-}, {@code images-idx3-ubyte} and {@code labels-idx1-ubyte}, each
 * raw or packed as {@code .gz}.
 */
public final class IdxReader {
  private static final List<String> FILES =
      List.of(
          "train-images-idx3-ubyte",
          "train-labels-idx1-ubyte",
          "t10k-images-idx3-ubyte",
          "t10k-labels-idx1-ubyte");
  private static final String CLASS_NAMES = "labels.txt";
  private static final List<String> DIGITS =
      IntStream.range(0, 10).mapToObj(Integer::toString).toList();

  private IdxReader() {}

  /** Whether any of the four files lies in this folder. */
  static boolean isIdxFolder(Path folder) {
    return FILES.stream().anyMatch(file -> Files.exists(DataFile.find(folder, file)));
  }

  /** The class names that {@code labels.txt} gives, one a line, or the ten digits. */
  static List<String> classesOf(Path folder) {
    Path file = folder.resolve(CLASS_NAMES);
    if (!Files.exists(file)) {
      return DIGITS;
    }
    List<String> names;
    try {
      names = RegularFile.lines(file).stream().map(String::strip).toList();
    } catch (CharacterCodingException e) {
      throw new BadInputException(file, "text in UTF-8", "other bytes", "save it as UTF-8", e);
    } catch (IOException e) {
      throw new BadInputException(
          file, null, "cannot be read (" + IoReason.of(e) + ")", "check its permissions", e);
    }
    if (names.size() < 2 || names.contains("") || new HashSet<>(names).size() < names.size()) {
      throw new BadInputException(
          file,
          "at least 2 different class names, one a line",
          names,
          "write the name of label 0 into the first line, and so on");
    }
    return names;
  }

  /** Reads the training set of a folder; the name is the set's own. */
  public static LabelledImages readTrain(Path folder, String name, List<String> classes) {
    return read(require(folder, FILES.get(0)), require(folder, FILES.get(1)), name, classes);
  }

  /** Reads the test set of a folder; the name is the set's own. */
  public static LabelledImages readTest(Path folder, String name, List<String> classes) {
    return read(require(folder, FILES.get(2)), require(folder, FILES.get(3)), name, classes);
  }

  /**
   * Reads one set.
   *
   * @param images an IDX file of {@code (N, H, W)}
   * @param labels an IDX file of {@code (N)}
   * @param name of the set, as a report says it
   * @param classes names in the order of the labels
   * @throws BadInputException when a file is missing, truncated, mislabelled or does not fit
   */
  public static LabelledImages read(Path images, Path labels, String name, List<String> classes) {
    return combine(
        name, classes, images, IdxFile.readImages(images), labels, IdxFile.readLabels(labels));
  }

  /**
   * @param imagesFile for messages
   * @param labelsFile for messages
   */
  public static LabelledImages combine(
      String name,
      List<String> classes,
      Object imagesFile,
      IdxFile images,
      Object labelsFile,
      IdxFile labels) {
    int count = images.shape()[0];
    if (labels.shape()[0] != count) {
      throw new BadInputException(
          labelsFile,
          count + " labels, as many as images in " + imagesFile,
          labels.shape()[0],
          "take both files from the same set");
    }
    int[] numbers = new int[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = labels.bytes()[i] & 0xff;
      if (numbers[i] >= classes.size()) {
        throw new BadInputException(
            labelsFile,
            "labels from 0 to " + (classes.size() - 1),
            numbers[i] + " at image " + i,
            "name every class, one a line, in " + CLASS_NAMES + " beside it");
      }
    }
    return new LabelledImages(
        name, classes, 1, images.shape()[1], images.shape()[2], images.bytes(), numbers);
  }

  private static Path require(Path folder, String name) {
    Path file = DataFile.find(folder, name);
    if (!Files.exists(file)) {
      throw new BadInputException(
          file,
          "the four IDX files " + String.join(", ", FILES) + " (each raw or .gz)",
          "this one missing",
          "add it");
    }
    return file;
  }
}
