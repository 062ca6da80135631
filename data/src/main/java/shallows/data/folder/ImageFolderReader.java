package shallows.data.folder;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import shallows.data.DataOptions;
import shallows.data.DataSet;
import shallows.data.HeldOutSplit;
import shallows.data.LabelledImages;
import shallows.data.NamedPixels;
import shallows.data.PixelStore;
import shallows.data.PixelsInMemory;
import shallows.data.decode.ImageDecoder;
import shallows.data.decode.ImagePixels;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.progress.Progress;

/**
 * Reads {@code train/<class>/*} and {@code test/<class>/*}, or {@code <class>/*}, of which a fifth
 * of every class, chosen by the seed, becomes the test set. Grey if every file holds only grey,
 * else colour. The size is the one asked for; else the size that all images have; else the median
 * of their shorter sides, at most {@value #LARGEST_DEFAULT}, squared. An image of another size is
 * cut and resized as {@link ImagePixels#fitted} says. Images too many for the memory stay in their
 * files ({@link PixelsInFiles}). One object reads one folder once.
 */
public final class ImageFolderReader {
  static final int LARGEST_DEFAULT = 64;
  static final double TEST_SHARE = 0.2;

  /** Images between two looks at the progress, and between a broken image and the refusal. */
  private static final int CHUNK = 512;

  /** Of the heap, that all images of a folder may take; the rest is for training. */
  private static final double MEMORY_SHARE = 0.4;

  private final DataOptions options;
  private final long memory;
  private final Progress progress;
  private final List<String> skipped = new ArrayList<>();

  /** Of the data set, which names of images begin in. */
  private Path root;

  public ImageFolderReader(DataOptions options, Progress progress) {
    this(options, progress, (long) (MEMORY_SHARE * Runtime.getRuntime().maxMemory()));
  }

  /**
   * @param memory bytes; images that need more stay in their files, decoded when they are needed
   */
  public ImageFolderReader(DataOptions options, Progress progress, long memory) {
    this.options = options;
    this.memory = memory;
    this.progress = progress;
  }

  /**
   * @param folder holds train and test, or the class folders
   * @param name of the data set, as a report says it
   * @param spec opens the same data again
   */
  public DataSet read(Path folder, String name, String spec) {
    root = folder;
    Path trainFolder = folder.resolve("train");
    Path testFolder = folder.resolve("test");
    boolean apart = Files.isDirectory(trainFolder) || Files.isDirectory(testFolder);
    if (!apart) {
      ImageFolder all = ImageFolder.list(folder);
      LabelledImages images = readTogether(all.classes(), name, List.of(all)).get(0);
      requireTwoOfEach(folder, images);
      HeldOutSplit split = images.split(TEST_SHARE, options.seed());
      return new DataSet(
          name,
          spec,
          split.train().named(name + " train"),
          split.heldOut().named(name + " test"),
          skipped);
    }
    for (Path part : List.of(trainFolder, testFolder)) {
      if (!Files.isDirectory(part)) {
        throw new BadInputException(
            part,
            "a folder beside " + (part.equals(testFolder) ? "train" : "test"),
            "none",
            "add it, or put the class folders straight into " + folder);
      }
    }
    ImageFolder train = ImageFolder.list(trainFolder);
    ImageFolder test = ImageFolder.list(testFolder);
    train.requireSameClasses(test);
    List<LabelledImages> both = readTogether(train.classes(), name, List.of(train, test));
    return new DataSet(
        name, spec, both.get(0).named(name + " train"), both.get(1).named(name + " test"), skipped);
  }

  /** Reads folders of the same classes to one size and one number of channels. */
  private List<LabelledImages> readTogether(
      List<String> classes, String name, List<ImageFolder> folders) {
    int total = folders.stream().mapToInt(folder -> folder.files().size()).sum();
    // Two passes over the files: the heads of all of them decide what the second makes of each.
    progress.start("read images", 2L * total);
    try {
      List<ImageDecoder.Head> heads = new ArrayList<>();
      List<List<ImageFolder.Labelled>> readable = new ArrayList<>();
      for (ImageFolder folder : folders) {
        readable.add(heads(folder, heads));
      }
      int channels = heads.stream().allMatch(ImageDecoder.Head::grey) ? 1 : 3;
      int[] size = size(heads);
      long bytes = (long) heads.size() * channels * size[0] * size[1];
      boolean fits = bytes <= Math.min(memory, ImagePixels.LARGEST_ARRAY);
      List<LabelledImages> sets = new ArrayList<>();
      for (int i = 0; i < folders.size(); i++) {
        sets.add(
            images(folders.get(i), readable.get(i), classes, name, channels, size, bytes, fits));
      }
      return sets;
    } finally {
      progress.finish();
    }
  }

  /** Adds the heads of the readable files to {@code heads} and returns those files. */
  private List<ImageFolder.Labelled> heads(ImageFolder folder, List<ImageDecoder.Head> heads) {
    List<ImageFolder.Labelled> files = folder.files();
    ImageDecoder.Head[] found = new ImageDecoder.Head[files.size()];
    boolean[] broken = forEach(files, i -> found[i] = ImageDecoder.head(files.get(i).file()));
    int[] good = IntStream.range(0, files.size()).filter(i -> !broken[i]).toArray();
    Arrays.stream(good).mapToObj(i -> found[i]).forEach(heads::add);
    return Arrays.stream(good).mapToObj(files::get).toList();
  }

  /**
   * Every image is decoded once in any case: a broken one is found now, not in the middle of a
   * training.
   *
   * @param size height and width
   * @param bytes of the pixels of all folders together
   * @param fits whether so many stay in memory
   */
  private LabelledImages images(
      ImageFolder folder,
      List<ImageFolder.Labelled> files,
      List<String> classes,
      String name,
      int channels,
      int[] size,
      long bytes,
      boolean fits) {
    int imageBytes = channels * size[0] * size[1];
    PixelStore store;
    boolean[] broken;
    if (fits) {
      byte[] pixels = ImagePixels.room(folder.folder(), files.size(), channels, size[0], size[1]);
      store = new PixelsInMemory(pixels, imageBytes);
      broken =
          forEach(
              files,
              i -> {
                byte[] image = ImageDecoder.decode(files.get(i).file(), channels, size[0], size[1]);
                System.arraycopy(image, 0, pixels, i * imageBytes, imageBytes);
              });
    } else {
      long share = (long) ((double) memory * files.size() * imageBytes / bytes);
      List<Path> paths = files.stream().map(ImageFolder.Labelled::file).toList();
      PixelsInFiles decoded = new PixelsInFiles(paths, channels, size[0], size[1], share);
      store = decoded;
      broken = forEach(files, decoded::array);
    }
    int[] labels = files.stream().mapToInt(ImageFolder.Labelled::label).toArray();
    int[] good = IntStream.range(0, files.size()).filter(i -> !broken[i]).toArray();
    int[] counts = new int[classes.size()];
    Arrays.stream(good).forEach(i -> counts[labels[i]]++);
    for (int label = 0; label < counts.length; label++) {
      if (counts[label] == 0) {
        throw new BadInputException(
            folder.folder().resolve(classes.get(label)),
            "at least one image that decodes",
            "none",
            "add some or remove the folder");
      }
    }
    PixelStore named =
        new NamedPixels(
            store, i -> root.relativize(files.get(i).file()).toString().replace('\\', '/'));
    return new LabelledImages(name, classes, channels, size[0], size[1], named, labels)
        .subset(good);
  }

  /**
   * Does a piece of work for every file, on all cores. Without skipping, the first file in order
   * whose work fails is the one that is reported.
   *
   * @return which files are broken
   */
  private boolean[] forEach(List<ImageFolder.Labelled> files, IntConsumer work) {
    BadInputException[] failures = new BadInputException[files.size()];
    for (int from = 0; from < files.size(); from += CHUNK) {
      int to = Math.min(from + CHUNK, files.size());
      IntStream.range(from, to)
          .parallel()
          .forEach(
              i -> {
                try {
                  work.accept(i);
                } catch (BadInputException e) {
                  failures[i] = e;
                }
              });
      for (int i = from; i < to; i++) {
        if (failures[i] != null) {
          if (!options.skipBroken()) {
            throw new BadInputException(
                null,
                null,
                Phrase.of(
                    "%s, or leave such images out with %s",
                    failures[i].getMessage(), Setting.SKIP_BROKEN),
                null,
                failures[i]);
          }
          skipped.add(failures[i].getMessage());
        }
      }
      progress.advance(to - from, to + "/" + files.size() + " images");
    }
    boolean[] broken = new boolean[files.size()];
    for (int i = 0; i < broken.length; i++) {
      broken[i] = failures[i] != null;
    }
    return broken;
  }

  /** Height and width. */
  private int[] size(List<ImageDecoder.Head> heads) {
    if (options.size().isPresent()) {
      int side = options.size().getAsInt();
      return new int[] {side, side};
    }
    if (heads.isEmpty()) {
      // Nothing decodes, so no pixel is ever read to this size; the class is reported instead.
      return new int[] {1, 1};
    }
    ImageDecoder.Head first = heads.get(0);
    boolean common =
        heads.stream().allMatch(h -> h.height() == first.height() && h.width() == first.width());
    if (common) {
      return new int[] {first.height(), first.width()};
    }
    int[] sides = heads.stream().mapToInt(h -> Math.min(h.height(), h.width())).sorted().toArray();
    int side = Math.min(sides[sides.length / 2], LARGEST_DEFAULT);
    return new int[] {side, side};
  }

  private static void requireTwoOfEach(Path folder, LabelledImages images) {
    for (int label = 0; label < images.classes().size(); label++) {
      if (images.indicesOf(label).length < 2) {
        throw new BadInputException(
            folder.resolve(images.classes().get(label)),
            "at least 2 images, one to train and one to test",
            "1",
            "add some");
      }
    }
  }
}
