package shallows.data;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import shallows.data.decode.ImagePixels;
import shallows.model.graph.Normalization;

/**
 * Images of one size, each with the index of its class. Immutable; parts of a set share its pixels,
 * so taking them apart costs four bytes an image. The pixels lie in memory, or in files that are
 * decoded again and again where they are too many for it. Long, as all that can be asked of a set
 * is here.
 */
public final class LabelledImages {
  private final String name;
  private final List<String> classes;
  private final int channels;
  private final int height;
  private final int width;
  private final PixelStore store;
  private final int[] labels;

  /** Row i of this set is row {@code rows[i]} of the pixels. */
  private final int[] rows;

  /**
   * @param name as a report says it, for example {@code "Fashion-MNIST test"}
   * @param classes names in the order of the labels, at least 2, all different
   * @param channels 1 or 3 in practice
   * @param height pixels
   * @param width pixels
   * @param pixels unsigned, {@code (N, H, W, C)}; belongs to the set from here on
   * @param labels {@code (N)}, each in [0, classes); belongs to the set from here on
   */
  public LabelledImages(
      String name,
      List<String> classes,
      int channels,
      int height,
      int width,
      byte[] pixels,
      int[] labels) {
    this(
        name,
        classes,
        channels,
        height,
        width,
        new PixelsInMemory(pixels, height * width * channels),
        labels);
    if ((long) labels.length * imageBytes() != pixels.length) {
      String expected = labels.length + " images of " + shape();
      throw new IllegalArgumentException(
          name + ": expected " + expected + ", found " + pixels.length + " bytes");
    }
  }

  /**
   * @param store row i of it is image i
   */
  public LabelledImages(
      String name,
      List<String> classes,
      int channels,
      int height,
      int width,
      PixelStore store,
      int[] labels) {
    this(
        name,
        classes,
        channels,
        height,
        width,
        store,
        labels,
        IntStream.range(0, labels.length).toArray());
    if (this.classes.size() < 2 || new HashSet<>(this.classes).size() < this.classes.size()) {
      throw new IllegalArgumentException(
          name + ": expected at least 2 classes of different names, found " + classes);
    }
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(name + ": expected positive sizes, found " + shape());
    }
    for (int label : labels) {
      if (label < 0 || label >= this.classes.size()) {
        throw new IllegalArgumentException(
            name + ": expected labels in [0, " + this.classes.size() + "), found " + label);
      }
    }
  }

  private LabelledImages(
      String name,
      List<String> classes,
      int channels,
      int height,
      int width,
      PixelStore store,
      int[] labels,
      int[] rows) {
    if (rows.length == 0) {
      throw new IllegalArgumentException(name + ": expected at least one image, found none");
    }
    this.name = name;
    this.classes = List.copyOf(classes);
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.store = store;
    this.labels = labels;
    this.rows = rows;
  }

  /** What a report calls this set. */
  public String name() {
    return name;
  }

  /** Class names, in the order of the labels. */
  public List<String> classes() {
    return classes;
  }

  public int channels() {
    return channels;
  }

  /** In pixels. */
  public int height() {
    return height;
  }

  /** In pixels. */
  public int width() {
    return width;
  }

  /** N, the number of images. */
  public int size() {
    return rows.length;
  }

  /** Values in one image: {@code H * W * C}. */
  public int imageBytes() {
    return height * width * channels;
  }

  /** The index of the class of image {@code i}. */
  public int label(int i) {
    return labels[rows[i]];
  }

  /** {@code (N)}, a copy. */
  public int[] labels() {
    return Arrays.stream(rows).map(row -> labels[row]).toArray();
  }

  /** The same for images of the same pixels, and for no others: {@link ContentHash}. */
  public long content(int i) {
    return store
        .content(rows[i])
        .orElseGet(() -> ContentHash.of(pixels(i), offset(i), imageBytes()));
  }

  /** Image {@code i}, unsigned, {@code (H, W, C)}, a copy. */
  public byte[] image(int i) {
    return Arrays.copyOfRange(pixels(i), offset(i), offset(i) + imageBytes());
  }

  /**
   * What people find image {@code i} again by: its file, beginning with the folder of the set, or
   * the number that it has in the set's file, counted from 0, for example {@code "#12"}.
   */
  public String source(int i) {
    return store.source(rows[i]);
  }

  /** The images of these indices, in this order, under the same name. */
  public LabelledImages subset(int[] indices) {
    int[] partRows = Arrays.stream(indices).map(i -> rows[i]).toArray();
    return new LabelledImages(name, classes, channels, height, width, store, labels, partRows);
  }

  /** Images {@code from} (inclusive) to {@code to} (exclusive), under the same name. */
  public LabelledImages subset(int from, int to) {
    return subset(IntStream.range(from, to).toArray());
  }

  /** So many, or all where there are no more: every n-th, as folders are sorted by class. */
  public LabelledImages evenly(int most) {
    return subset(evenly(most, size()));
  }

  /** Which of so many that takes. */
  public static int[] evenly(int most, int size) {
    int count = Math.min(most, size);
    return IntStream.range(0, count).map(i -> (int) ((long) i * size / count)).toArray();
  }

  /** The same images under another name. */
  public LabelledImages named(String newName) {
    return new LabelledImages(newName, classes, channels, height, width, store, labels, rows);
  }

  /**
   * The same images as some of the classes of a longer list; names tell which.
   *
   * @param newClasses in the order of the new labels
   * @throws IllegalArgumentException naming a class of the images that is not among them
   */
  public LabelledImages relabelled(List<String> newClasses) {
    int[] moved = new int[classes.size()];
    for (int label = 0; label < moved.length; label++) {
      moved[label] = newClasses.indexOf(classes.get(label));
      if (moved[label] < 0) {
        throw new IllegalArgumentException(
            name + ": class '" + classes.get(label) + "' is not among the new classes");
      }
    }
    int[] newLabels = Arrays.stream(labels).map(label -> moved[label]).toArray();
    return new LabelledImages(name, newClasses, channels, height, width, store, newLabels, rows);
  }

  /** The same images brought to another size. */
  public LabelledImages resized(int toHeight, int toWidth) {
    return fitted(channels, toHeight, toWidth);
  }

  /**
   * The same images brought to another size as {@link ImagePixels#fitted} does, and to other
   * channels as {@link ImagePixels#withChannels}; where that takes much memory, each time anew.
   *
   * @param toChannels 1 or 3
   */
  public LabelledImages fitted(int toChannels, int toHeight, int toWidth) {
    if (toChannels == channels && toHeight == height && toWidth == width) {
      return this;
    }
    PixelStore fitted = FittedPixels.of(this, toChannels, toHeight, toWidth);
    return new LabelledImages(name, classes, toChannels, toHeight, toWidth, fitted, labels());
  }

  /** Sets a share of the images of every class apart: {@link HeldOutSplit#of}. */
  public HeldOutSplit split(double heldOutShare, long seed) {
    return HeldOutSplit.of(this, heldOutShare, seed);
  }

  /** The indices of the images of a class, ascending. */
  public int[] indicesOf(int label) {
    return IntStream.range(0, size()).filter(i -> label(i) == label).toArray();
  }

  /**
   * Says which images will be asked for next, in this order, so that those in files are decoded by
   * then. Nothing but time depends on it; what was said before no longer holds.
   */
  public void readAhead(int[] indices) {
    store.readAhead(Arrays.stream(indices).map(i -> rows[i]).toArray());
  }

  /** All of them, in their order. */
  public void readAhead() {
    store.readAhead(rows);
  }

  /**
   * How long callers have waited for images of this set, or another with the same pixels, to be
   * decoded: in ns, 0 where they lie in memory.
   */
  public long waitedNanos() {
    return store.waitedNanos();
  }

  /**
   * Writes the normalized images of these indices one after another into {@code target}, {@code (N,
   * H, W, C)}, from its start.
   *
   * @param target at least {@code indices.length * imageBytes()} long
   */
  public void fill(int[] indices, Normalization normalization, float[] target) {
    readAhead(indices);
    NormalizedLevels.fill(this, indices, table(normalization), target);
  }

  /**
   * Images {@code from} (inclusive) to {@code to} (exclusive), normalized.
   *
   * @return {@code (to - from, H, W, C)}
   */
  public float[] normalized(int from, int to, Normalization normalization) {
    float[] target = new float[(to - from) * imageBytes()];
    fill(IntStream.range(from, to).toArray(), normalization, target);
    return target;
  }

  @Override
  public String toString() {
    return name + ": " + size() + " images of " + shape() + ", " + classes.size() + " classes";
  }

  /** For example {@code "28x28x1"}, height first. */
  public String shape() {
    return height + "x" + width + "x" + channels;
  }

  /** An array that holds image {@code i}, perhaps among others; nobody changes it. */
  byte[] pixels(int i) {
    return store.array(rows[i]);
  }

  /** Where image {@code i} begins in its {@link #pixels}. */
  int offset(int i) {
    return store.offset(rows[i]);
  }

  /** As {@link NormalizedLevels#table}, checked to be for as many channels as these images have. */
  float[] table(Normalization normalization) {
    return NormalizedLevels.table(normalization, channels, name);
  }
}
