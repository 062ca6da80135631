package shallows.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a data set really holds, so that a person sees before a training what may spoil it. Nothing
 * here refuses anything.
 *
 * @param classes with their images, in the order of the labels
 * @param files whether each image is a file of its own
 * @param sizes of the images before they were brought to one size, in pixels
 * @param height that the network sees, in pixels
 * @param width likewise
 * @param channels likewise
 * @param sizedBy why it sees that size
 * @param repeated images whose pixels another one has too
 * @param trainedAndTested of these, test images whose pixels an image to train on has
 * @param contradicted of these, images whose pixels stand under another class too
 * @param leftOut how many files are no pictures of a class, by what they are
 * @param broken how many images did not decode and were left out
 */
public record DataCheck(
    List<ClassCount> classes,
    boolean files,
    FolderReading.Sizes sizes,
    int height,
    int width,
    int channels,
    SizedBy sizedBy,
    Repeats repeated,
    Repeats trainedAndTested,
    Repeats contradicted,
    Map<String, Integer> leftOut,
    int broken) {
  /** With fewer images than these, a class is hardly learned. */
  public static final int FEW = 10;

  /** As many times as large as the smallest is the largest class where they are out of balance. */
  public static final int IMBALANCE = 5;

  /** Pairs that are kept. */
  private static final int EXAMPLES = 20;

  public DataCheck {
    classes = List.copyOf(classes);
    // In their order, which reaches a file.
    leftOut = Collections.unmodifiableMap(new LinkedHashMap<>(leftOut));
    // Reading them is the check.
    leftOut.keySet().forEach(LeftOut::valueOf);
  }

  /** Why a network sees images of its size. */
  public enum SizedBy {
    /** All images have it. */
    IMAGES,
    /** Images of several sizes were brought to the median of their shorter sides, or a limit. */
    MEDIAN,
    /** It was asked for. */
    ASKED,
    /** A network was brought along. */
    NETWORK
  }

  /** How many images a class has. */
  public record ClassCount(String name, int train, int heldOut, int test) {
    public int all() {
      return train + heldOut + test;
    }
  }

  /**
   * Images of the same pixels.
   *
   * @param images how many repeat an earlier one
   * @param examples at most 20
   */
  public record Repeats(int images, List<Pair> examples) {
    public Repeats {
      examples = List.copyOf(examples);
    }
  }

  /** Two images, as people find them again. */
  public record Pair(String one, String other) {}

  /**
   * @param asked whether the size was asked for, or is that of a network; else empty
   */
  public static DataCheck of(DataSet data, Optional<SizedBy> asked) {
    LabelledImages train = data.train();
    FolderReading.Sizes sizes =
        data.reading()
            .sizes()
            .orElse(
                new FolderReading.Sizes(
                    Math.min(train.height(), train.width()),
                    Math.min(train.height(), train.width()),
                    Math.max(train.height(), train.width()),
                    true));
    Map<String, Integer> leftOut = new LinkedHashMap<>();
    data.reading().leftOut().forEach((kind, count) -> leftOut.put(kind.name(), count));
    Same same = new Same(data);
    return new DataCheck(
        counts(data),
        data.reading().sizes().isPresent(),
        sizes,
        train.height(),
        train.width(),
        train.channels(),
        asked.orElse(sizes.same() ? SizedBy.IMAGES : SizedBy.MEDIAN),
        same.repeated.found(),
        same.trainedAndTested.found(),
        same.contradicted.found(),
        leftOut,
        data.reading().broken().size());
  }

  private static List<ClassCount> counts(DataSet data) {
    List<ClassCount> counts = new ArrayList<>();
    int[] train = counts(data.train());
    int[] heldOut = data.heldOut().map(DataCheck::counts).orElse(new int[train.length]);
    int[] test = counts(data.test());
    for (int label = 0; label < train.length; label++) {
      counts.add(
          new ClassCount(data.classes().get(label), train[label], heldOut[label], test[label]));
    }
    return counts;
  }

  private static int[] counts(LabelledImages images) {
    int[] counts = new int[images.classes().size()];
    for (int i = 0; i < images.size(); i++) {
      counts[images.label(i)]++;
    }
    return counts;
  }

  /** Images in all parts. */
  public int images() {
    return classes.stream().mapToInt(ClassCount::all).sum();
  }

  /**
   * The classes that have fewer than {@value #FEW} images. Those of a network that was brought
   * along of which there are none at all do not count: they are not asked about.
   */
  public List<ClassCount> few() {
    return classes.stream().filter(count -> count.all() > 0 && count.all() < FEW).toList();
  }

  /** How many times as large as the smallest the largest class is; a class may be without. */
  public double imbalance() {
    int largest = classes.stream().mapToInt(ClassCount::all).max().orElse(1);
    int smallest = classes.stream().mapToInt(ClassCount::all).filter(n -> n > 0).min().orElse(1);
    return (double) largest / smallest;
  }

  /** Goes through the contents of all images once. */
  private static final class Same {
    private final Map<Long, Place> first = new HashMap<>();
    private final Found repeated = new Found();
    private final Found trainedAndTested = new Found();
    private final Found contradicted = new Found();

    private record Place(LabelledImages part, int image) {
      String source() {
        return part.source(image);
      }

      int label() {
        return part.label(image);
      }
    }

    Same(DataSet data) {
      addAll(data.train(), data);
      data.heldOut().ifPresent(images -> addAll(images, data));
      addAll(data.test(), data);
    }

    private void addAll(LabelledImages images, DataSet data) {
      for (int i = 0; i < images.size(); i++) {
        Place here = new Place(images, i);
        Place before = first.putIfAbsent(images.content(i), here);
        if (before != null) {
          repeated.add(before, here);
          if (images == data.test() && before.part() != images) {
            trainedAndTested.add(before, here);
          }
          if (before.label() != here.label()) {
            contradicted.add(before, here);
          }
        }
      }
    }

    private static final class Found {
      private int images;
      private final List<Pair> examples = new ArrayList<>();

      void add(Place one, Place other) {
        images++;
        if (examples.size() < EXAMPLES) {
          examples.add(new Pair(one.source(), other.source()));
        }
      }

      Repeats found() {
        return new Repeats(images, examples);
      }
    }
  }
}
