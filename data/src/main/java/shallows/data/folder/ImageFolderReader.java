package shallows.data.folder;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import shallows.data.ContentHash;
import shallows.data.DataOptions;
import shallows.data.DataSet;
import shallows.data.FolderReading;
import shallows.data.HeldOutSplit;
import shallows.data.LabelledImages;
import shallows.data.NamedPixels;
import shallows.data.PixelStore;
import shallows.data.PixelsInMemory;
import shallows.data.decode.ImageDecoder;
import shallows.data.decode.ImagePixels;
import shallows.data.folder.BrokenImagesException.Broken;
import shallows.data.folder.ImageListing.Labelled;
import shallows.data.folder.ImageListing.Part;
import shallows.model.BadInputException;
import shallows.model.progress.Progress;

/**
 * Reads the pictures of folders ({@link FolderLayout}) or of a table ({@link CsvLayout}). Where
 * none are set apart to test on, a fifth of every class of the training images, chosen by the seed,
 * becomes the test set. Grey if every file holds only grey, else colour. The size is the one asked
 * for; else the size that all images have; else the median of their shorter sides, at most {@value
 * #LARGEST_DEFAULT}, squared. An image of another size is cut and resized as {@link
 * ImagePixels#fitted} says. Images too many for the memory stay in their files ({@link
 * PixelsInFiles}). One object reads one folder once.
 */
public final class ImageFolderReader {
  static final int LARGEST_DEFAULT = 64;
  static final double TEST_SHARE = 0.2;

  /** Images between two looks at the progress. */
  private static final int CHUNK = 512;

  /** Of the heap, that all images of a folder may take; the rest is for training. */
  private static final double MEMORY_SHARE = 0.4;

  private final DataOptions options;
  private final long memory;
  private final Progress progress;
  private final List<Broken> broken = new ArrayList<>();

  /** Of the data set. */
  private ImageListing listing;

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

  /** Whether a folder may have class folders. */
  public static boolean hasFolders(Path folder) {
    return !new PictureSearch().foldersIn(folder).isEmpty();
  }

  /** Whether a file is a table of images, by its name. */
  public static boolean isTable(Path file) {
    return Files.isRegularFile(file) && CsvLayout.isTable(file);
  }

  /** What the heads of the files decide: how all images are kept. */
  private record Kept(int channels, int height, int width, long bytes, boolean inMemory) {
    int imageBytes() {
      return channels * height * width;
    }
  }

  /**
   * @param path a folder, or a table
   * @param name of the data set, as a report says it
   * @param spec opens the same data again
   * @throws BadInputException when pictures do not decode and none may be left out
   */
  public DataSet read(Path path, String name, String spec) {
    listing = ImageListing.of(path);
    // Two passes over the files: the heads of all of them decide what the second makes of each.
    progress.start("read images", 2L * listing.size());
    try {
      List<ImageDecoder.Head> heads = new ArrayList<>();
      List<Labelled> train = readable(Part.TRAIN, heads);
      List<Labelled> heldOut = readable(Part.HELD_OUT, heads);
      List<Labelled> test = readable(Part.TEST, heads);
      Kept kept = kept(heads);
      LabelledImages trained = images(train, name + " train", kept);
      Optional<LabelledImages> confirming =
          listing.parts().containsKey(Part.HELD_OUT)
              ? Optional.of(images(heldOut, name + " held-out", kept))
              : Optional.empty();
      Optional<LabelledImages> tested =
          listing.parts().containsKey(Part.TEST)
              ? Optional.of(images(test, name + " test", kept))
              : Optional.empty();
      requireWhole();
      requireEveryClass(trained);
      confirming.ifPresent(this::requireEveryClass);
      tested.ifPresent(this::requireEveryClass);
      FolderReading reading =
          new FolderReading(
              broken.stream().map(Broken::toString).toList(), listing.leftOut(), sizes(heads));
      if (tested.isPresent()) {
        return new DataSet(name, spec, trained, confirming, tested.get(), reading);
      }
      requireTwoOfEach(trained);
      HeldOutSplit split = trained.split(TEST_SHARE, options.seed());
      return new DataSet(
          name,
          spec,
          split.train().named(name + " train"),
          confirming,
          split.heldOut().named(name + " test"),
          reading);
    } finally {
      progress.finish();
    }
  }

  private void requireWhole() {
    if (!broken.isEmpty() && !options.skipBroken()) {
      throw BrokenImagesException.refusal(listing.root(), broken, listing.size());
    }
  }

  /** Adds the heads of the readable files to {@code heads} and returns those files. */
  private List<Labelled> readable(Part part, List<ImageDecoder.Head> heads) {
    List<Labelled> files = listing.parts().getOrDefault(part, List.of());
    ImageDecoder.Head[] found = new ImageDecoder.Head[files.size()];
    int[] good = forEach(files, i -> found[i] = ImageDecoder.head(files.get(i).file()));
    Arrays.stream(good).mapToObj(i -> found[i]).forEach(heads::add);
    return Arrays.stream(good).mapToObj(files::get).toList();
  }

  private Kept kept(List<ImageDecoder.Head> heads) {
    int channels = heads.stream().allMatch(ImageDecoder.Head::grey) ? 1 : 3;
    int[] size = size(heads);
    ImagePixels.bytes(listing.root(), 1, heads.size(), channels, size[0], size[1]);
    long bytes = (long) heads.size() * channels * size[0] * size[1];
    boolean fits = bytes <= Math.min(memory, ImagePixels.LARGEST_ARRAY);
    return new Kept(channels, size[0], size[1], bytes, fits);
  }

  /**
   * Every image is decoded once in any case: a broken one is found now, not in the middle of a
   * training.
   */
  private LabelledImages images(List<Labelled> files, String name, Kept kept) {
    int imageBytes = kept.imageBytes();
    long[] contents = new long[files.size()];
    PixelStore store;
    int[] good;
    if (kept.inMemory()) {
      byte[] pixels =
          ImagePixels.room(
              listing.root(), files.size(), kept.channels(), kept.height(), kept.width());
      store = new PixelsInMemory(pixels, imageBytes);
      good =
          forEach(
              files,
              i -> {
                byte[] image =
                    ImageDecoder.decode(
                        files.get(i).file(), kept.channels(), kept.height(), kept.width());
                System.arraycopy(image, 0, pixels, i * imageBytes, imageBytes);
                contents[i] = ContentHash.of(image, 0, imageBytes);
              });
    } else {
      long share = (long) ((double) memory * files.size() * imageBytes / kept.bytes());
      List<Path> paths = files.stream().map(Labelled::file).toList();
      store = new PixelsInFiles(paths, kept.channels(), kept.height(), kept.width(), share);
      good = forEach(files, i -> contents[i] = ContentHash.of(store.array(i), 0, imageBytes));
    }
    if (good.length == 0 && !broken.isEmpty()) {
      throw BrokenImagesException.refusal(listing.root(), broken, listing.size());
    }
    int[] labels = files.stream().mapToInt(Labelled::label).toArray();
    PixelStore named =
        new NamedPixels(
            store, i -> listing.source(files.get(i).file()), i -> OptionalLong.of(contents[i]));
    return new LabelledImages(
            name, listing.classes(), kept.channels(), kept.height(), kept.width(), named, labels)
        .subset(good);
  }

  /**
   * Does a piece of work for every file, on all cores; those whose work fails are broken.
   *
   * @return the indices of the others
   */
  private int[] forEach(List<Labelled> files, IntConsumer work) {
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
      progress.advance(to - from, to + "/" + files.size() + " images");
    }
    for (int i = 0; i < failures.length; i++) {
      if (failures[i] != null) {
        broken.add(new Broken(listing.source(files.get(i).file()), failures[i]));
      }
    }
    return IntStream.range(0, failures.length).filter(i -> failures[i] == null).toArray();
  }

  /** Height and width. */
  private int[] size(List<ImageDecoder.Head> heads) {
    if (options.size().isPresent()) {
      int side = options.size().getAsInt();
      return new int[] {side, side};
    }
    if (heads.isEmpty()) {
      // Nothing decodes, so no pixel is ever read to this size; that is reported instead.
      return new int[] {1, 1};
    }
    ImageDecoder.Head first = heads.get(0);
    FolderReading.Sizes sizes = sizes(heads).orElseThrow();
    int side = Math.min(sizes.median(), LARGEST_DEFAULT);
    return sizes.same() ? new int[] {first.height(), first.width()} : new int[] {side, side};
  }

  private static Optional<FolderReading.Sizes> sizes(List<ImageDecoder.Head> heads) {
    if (heads.isEmpty()) {
      return Optional.empty();
    }
    ImageDecoder.Head first = heads.get(0);
    int[] sides = heads.stream().mapToInt(h -> Math.min(h.height(), h.width())).sorted().toArray();
    return Optional.of(
        new FolderReading.Sizes(
            sides[0],
            sides[sides.length / 2],
            heads.stream().mapToInt(h -> Math.max(h.height(), h.width())).max().getAsInt(),
            heads.stream()
                .allMatch(h -> h.height() == first.height() && h.width() == first.width())));
  }

  private void requireEveryClass(LabelledImages images) {
    requireOfEach(images, 1, "at least one image that decodes", "add some or remove the class");
  }

  private void requireTwoOfEach(LabelledImages images) {
    requireOfEach(images, 2, "at least 2 images, one to train and one to test", "add some");
  }

  private void requireOfEach(LabelledImages images, int least, String expected, String remedy) {
    int[] counts = new int[images.classes().size()];
    Arrays.stream(images.labels()).forEach(label -> counts[label]++);
    for (int label = 0; label < counts.length; label++) {
      if (counts[label] < least) {
        throw new BadInputException(
            listing.root().resolve(images.classes().get(label)),
            expected,
            counts[label] == 0 ? "none" : counts[label],
            remedy);
      }
    }
  }
}
