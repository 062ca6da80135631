package shallows.pipeline.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import shallows.data.DataCheck;
import shallows.data.DataCheck.Pair;
import shallows.data.DataCheck.Repeats;
import shallows.data.LeftOut;

/** What there is to say of a data set before a network is made for it. */
public final class CheckWords {
  /** Names that a sentence lists. */
  private static final int LISTED = 5;

  private CheckWords() {}

  /** For example {@code "600 images of 3 classes, 64x64 in colour"}. */
  public static String summary(DataCheck check) {
    return text(
        "%s images of %d classes, %dx%d in %s",
        Words.count(check.images()),
        check.classes().size(),
        check.height(),
        check.width(),
        check.channels() == 1 ? "grey" : "colour");
  }

  /** Files that are no pictures; empty where there are none. */
  public static String leftOut(DataCheck check) {
    Map<LeftOut, Integer> kinds = new TreeMap<>();
    check.leftOut().forEach((kind, count) -> kinds.put(LeftOut.valueOf(kind), count));
    return kinds.isEmpty()
        ? ""
        : kinds.entrySet().stream()
            .map(kind -> kind.getKey().words(kind.getValue()))
            .collect(Collectors.joining(", ", "left out: ", ""));
  }

  /** Each a sentence without its full stop; what is as it should be is not said. */
  public static List<String> warnings(DataCheck check) {
    List<String> warnings = new ArrayList<>();
    if (check.sizedBy() == DataCheck.SizedBy.MEDIAN) {
      warnings.add(
          text(
              "images of several sizes, shorter sides from %d to a median of %d pixels: the network"
                  + " sees %dx%d, the median, but no more than 64 unless a size is asked for",
              check.sizes().shortest(), check.sizes().median(), check.height(), check.width()));
    }
    if (!check.few().isEmpty()) {
      warnings.add(
          text(
              "%s fewer than %d images, too few to learn from: %s",
              check.few().size() == 1 ? "a class has" : check.few().size() + " classes have",
              DataCheck.FEW,
              classes(check.few())));
    }
    if (check.imbalance() >= DataCheck.IMBALANCE) {
      warnings.add(
          text(
              "the largest class has %.0f times as many images as the smallest, which the network"
                  + " will rather not answer; balanced sampling, or weights for the classes, can be"
                  + " tried",
              check.imbalance()));
    }
    add(warnings, check.repeated(), "the same picture as another", "");
    add(
        warnings,
        check.trainedAndTested(),
        "to test on and to train on too",
        ", so the accuracy will look better than it is");
    add(
        warnings,
        check.contradicted(),
        "the same picture as one of another class",
        ", so one of the two is wrong");
    return warnings;
  }

  private static void add(List<String> warnings, Repeats found, String what, String end) {
    if (found.images() > 0) {
      Pair first = found.examples().get(0);
      warnings.add(
          text(
              "%s %s %s%s, for example %s and %s",
              Words.count(found.images()),
              found.images() == 1 ? "image is" : "images are",
              what,
              end,
              first.one(),
              first.other()));
    }
  }

  private static String classes(List<DataCheck.ClassCount> counts) {
    String first =
        counts.stream()
            .limit(LISTED)
            .map(count -> count.name() + " (" + count.all() + ")")
            .collect(Collectors.joining(", "));
    return counts.size() > LISTED ? first + " and " + (counts.size() - LISTED) + " more" : first;
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
