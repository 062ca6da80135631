package shallows.data.sets;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import shallows.data.DataOptions;
import shallows.data.DataSet;
import shallows.data.LabelledImages;
import shallows.data.download.DownloadFolder;
import shallows.data.folder.ImageFolderReader;
import shallows.data.folder.ListedSet;
import shallows.data.format.DataFormat;
import shallows.data.format.IdxFormat;
import shallows.data.format.IdxReader;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.file.AbsolutePath;
import shallows.model.progress.Progress;

/** Opens a data set by its name or its folder. */
public final class DataSets {
  /** 12,000 and 2,000 embedded images. */
  public static final String FASHION_MNIST_MINI = "fashion-mnist-mini";

  /** The sets that their authors published; one file each. */
  private static final List<PublishedDataSet> PUBLISHED =
      List.of(Mnist.DATA, FashionMnist.DATA, Cifar10.DATA, Cifar100.DATA, Svhn.DATA);

  /** What a folder may hold other than image files. */
  private static final List<DataFormat> FORMATS =
      List.of(new IdxFormat(Optional.empty()), Cifar10.FORMAT, Cifar100.FORMAT, Svhn.FORMAT);

  /** The names that {@link #open} knows; everything else is a folder. */
  public static final List<String> NAMES =
      Stream.concat(Stream.of(FASHION_MNIST_MINI), PUBLISHED.stream().map(PublishedDataSet::spec))
          .toList();

  private DataSets() {}

  /**
   * @param spec one of {@link #NAMES}, which is downloaded where it is not on this machine; or a
   *     folder with the files of one of them, with four IDX files ({@link IdxReader}), or with
   *     images ({@code <class>/**}, or that below {@code train}, {@code val} and {@code test}); or
   *     a table of images and labels ({@code .csv})
   * @param progress hears of bytes that are downloaded and of images that are decoded
   * @throws BadInputException when there is no such data, or something is wrong with it
   */
  public static DataSet open(String spec, DataOptions options, Progress progress) {
    DataSet data = read(spec, options, progress);
    requireTwoClasses(spec, data.train());
    if (options.size().isEmpty()) {
      return data;
    }
    int size = options.size().getAsInt();
    return data.with(images -> images.resized(size, size));
  }

  /**
   * What {@link #open} would take from a folder or a table of images, without opening one of them.
   *
   * @param channels of the images, 1 or 3
   * @param size height and width that each is brought to
   * @return empty where there is no such list: files that hold many images, and folders whose test
   *     images are chosen among those that decode
   * @throws BadInputException when there is no such data, or its classes do not make a task
   */
  public static Optional<ListedSet> listed(String spec, int channels, int size) {
    if (NAMES.contains(spec)) {
      return Optional.empty();
    }
    Path folder = path(spec);
    boolean pictures =
        Files.isRegularFile(folder)
            || FORMATS.stream().noneMatch(format -> format.isIn(folder))
                && ImageFolderReader.hasFolders(folder);
    return pictures ? ListedSet.of(folder, name(folder), channels, size) : Optional.empty();
  }

  /**
   * Who made the images of this name, and under which licence where that is known.
   *
   * @return empty for a folder
   */
  public static Optional<String> origin(String spec) {
    return spec.equals(FASHION_MNIST_MINI)
        ? Optional.of(FashionMnist.ORIGIN)
        : PUBLISHED.stream()
            .filter(published -> published.spec().equals(spec))
            .map(PublishedDataSet::origin)
            .findFirst();
  }

  private static DataSet read(String spec, DataOptions options, Progress progress) {
    if (spec.equals(FASHION_MNIST_MINI)) {
      return new DataSet(
          FashionMnist.MINI_NAME, spec, FashionMnist.miniTrain(), FashionMnist.miniTest());
    }
    for (PublishedDataSet published : PUBLISHED) {
      if (spec.equals(published.spec())) {
        Path downloads =
            DownloadFolder.of(System.getenv(), Path.of(System.getProperty("user.home")));
        return published.open(downloads, progress);
      }
    }
    Path folder = path(spec);
    String name = name(folder);
    if (Files.isRegularFile(folder)) {
      return new ImageFolderReader(options, progress).read(folder, name, folder.toString());
    }
    for (DataFormat format : FORMATS) {
      if (format.isIn(folder)) {
        return format.read(folder, name, folder.toString());
      }
    }
    if (!ImageFolderReader.hasFolders(folder)) {
      throw new BadInputException(
          spec,
          "the files of "
              + PUBLISHED.stream().map(PublishedDataSet::name).collect(Collectors.joining(", "))
              + ", or a folder of images for each class",
          "neither",
          "put the images of a class into a folder of its name");
    }
    return new ImageFolderReader(options, progress).read(folder, name, folder.toString());
  }

  private static String name(Path folder) {
    Path end = folder.getFileName();
    return end == null ? folder.toString() : end.toString();
  }

  /** Absolute, so that a run can open its data again from another working folder. */
  private static Path path(String spec) {
    Phrase where = Phrase.of("%s '%s'", Setting.DATA, spec);
    String known =
        "one of " + String.join(", ", NAMES) + " or a folder, or a table of images (.csv)";
    Path folder;
    try {
      folder = AbsolutePath.of(Path.of(spec));
    } catch (InvalidPathException e) {
      throw new BadInputException(where, known, "neither", "check its spelling", e);
    }
    if (spec.isBlank() || !Files.exists(folder)) {
      throw new BadInputException(
          where, known, "neither (no such folder: " + folder + ")", "check its spelling");
    }
    if (!Files.isDirectory(folder) && !ImageFolderReader.isTable(folder)) {
      throw new BadInputException(where, known, "a file", "give the folder it is in");
    }
    return folder;
  }

  private static void requireTwoClasses(String spec, LabelledImages train) {
    long classes = Arrays.stream(train.labels()).distinct().count();
    if (classes < 2) {
      throw new BadInputException(
          spec,
          "training images of at least 2 classes",
          "only '" + train.classes().get(train.label(0)) + "'",
          "a classifier needs something to tell it from");
    }
  }
}
