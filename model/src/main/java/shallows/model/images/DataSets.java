package shallows.model.images;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import shallows.model.BadInputException;
import shallows.model.progress.Progress;

/** Opens a data set by its name or its folder. */
public final class DataSets {
  /** 12,000 and 2,000 embedded images. */
  public static final String FASHION_MNIST_MINI = "fashion-mnist-mini";

  /** 60,000 and 10,000 images of Debian's package. */
  public static final String FASHION_MNIST = "fashion-mnist";

  /** The names that {@link #open} knows; everything else is a folder. */
  public static final List<String> NAMES = List.of(FASHION_MNIST_MINI, FASHION_MNIST);

  private DataSets() {}

  /**
   * @param spec one of {@link #NAMES}, or a folder with the four IDX files ({@link IdxReader}) or
   *     with images ({@code train/<class>/*} and {@code test/<class>/*}, or {@code <class>/*},
   *     JPEG, PNG, BMP or GIF)
   * @param progress hears of images that are decoded
   * @throws BadInputException when there is no such data, or something is wrong with it
   */
  public static DataSet open(String spec, DataOptions options, Progress progress) {
    DataSet data = read(spec, options, progress);
    requireTwoClasses(spec, data.train());
    if (options.size().isEmpty()) {
      return data;
    }
    int size = options.size().getAsInt();
    return new DataSet(
        data.name(),
        data.spec(),
        data.train().resized(size, size),
        data.test().resized(size, size),
        data.skipped());
  }

  private static DataSet read(String spec, DataOptions options, Progress progress) {
    if (spec.equals(FASHION_MNIST_MINI)) {
      return new DataSet(
          FashionMnist.MINI_NAME,
          spec,
          FashionMnist.miniTrain(),
          FashionMnist.miniTest(),
          List.of());
    }
    if (spec.equals(FASHION_MNIST)) {
      if (!IdxReader.isIdxFolder(FashionMnist.DEBIAN)) {
        throw new BadInputException(
            FashionMnist.DEBIAN
                + ": expected the four IDX files of Fashion-MNIST, found none"
                + "; install Debian's package dataset-fashion-mnist, or give a folder with the"
                + " files as --data FOLDER");
      }
      return readIdx(FashionMnist.DEBIAN, FashionMnist.NAME, spec, FashionMnist.CLASSES);
    }
    Path folder = folder(spec);
    Path end = folder.getFileName();
    String name = end == null ? folder.toString() : end.toString();
    if (IdxReader.isIdxFolder(folder)) {
      return readIdx(folder, name, folder.toString(), IdxReader.classesOf(folder));
    }
    if (ImageFolder.foldersIn(folder).isEmpty()) {
      throw new BadInputException(
          spec
              + ": expected the four IDX files or a folder of images for each class, found "
              + "neither; put the images of a class into a folder of its name");
    }
    return new ImageFolderReader(options, progress).read(folder, name, folder.toString());
  }

  private static DataSet readIdx(Path folder, String name, String spec, List<String> classes) {
    LabelledImages train = IdxReader.readTrain(folder, name + " train", classes);
    LabelledImages test = IdxReader.readTest(folder, name + " test", classes);
    if (train.height() != test.height() || train.width() != test.width()) {
      throw new BadInputException(
          folder
              + ": expected test images of the size of the training images, "
              + train.shape()
              + ", found "
              + test.shape()
              + "; take all four files from the same set");
    }
    return new DataSet(name, spec, train, test, List.of());
  }

  /** Absolute, so that a run can open its data again from another working folder. */
  private static Path folder(String spec) {
    String known = "one of " + String.join(", ", NAMES) + " or a folder";
    Path folder;
    try {
      folder = Path.of(spec).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new BadInputException(
          "--data '" + spec + "': expected " + known + ", found neither; check its spelling", e);
    }
    if (spec.isBlank() || !Files.exists(folder)) {
      throw new BadInputException(
          "--data '"
              + spec
              + "': expected "
              + known
              + ", found neither (no such folder: "
              + folder
              + "); check its spelling");
    }
    if (!Files.isDirectory(folder)) {
      throw new BadInputException(
          "--data '" + spec + "': expected " + known + ", found a file; give the folder it is in");
    }
    return folder;
  }

  private static void requireTwoClasses(String spec, LabelledImages train) {
    long classes = Arrays.stream(train.labels()).distinct().count();
    if (classes < 2) {
      throw new BadInputException(
          spec
              + ": expected training images of at least 2 classes, found only '"
              + train.classes().get(train.label(0))
              + "'; a classifier needs something to tell it from");
    }
  }
}
