package shallows.export.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Two files of the same network, whoever wrote them, value by value: which ones they have in common
 * and where they first part.
 *
 * <ol>
 *   <li>A value that only passes on what it is given belongs to the value that it was given.
 *   <li>A value belongs to the one of the same name in the other file, if that has as many numbers
 *       and they agree.
 *   <li>Else it belongs to the one that agrees best with it, of all that come behind those which
 *       its inputs belong to. The same numbers in another order count too where nothing is rounded:
 *       the axes of files may lie otherwise.
 *   <li>A value without such a one is right nevertheless if any value that is computed from it has
 *       one: the other file has fused it into another operation.
 *   <li>The first operation that departs is the first whose value is not right although all are
 *       that it is computed from. So what is computed of wrong values is not blamed.
 * </ol>
 *
 * Two values agree where √(Σ(a − b)² / Σb²) is at most {@value #EXACT}, or {@value #ROUNDED} where
 * a file rounds: what rounding does adds up from layer to layer.
 */
public final class PairedValues {
  /** Floats that are added in another order stay far below, and weights of half precision too. */
  public static final double EXACT = 2e-3;

  /** Weights and values of 8 bits through fifty layers stay at a tenth of it. */
  static final double ROUNDED = 0.2;

  /** Of values that are only passed on. */
  private static final double SAME = 1e-7;

  /**
   * Two values that belong together.
   *
   * @param value of the file
   * @param operation that computes it
   * @param other the one in the other file
   * @param error √(Σ(a − b)² / Σb²)
   */
  public record Pair(String value, String operation, String other, double error) {}

  /**
   * Where two files part.
   *
   * @param value of the file
   * @param operation that computes it
   * @param other operation and value that come first to depart in the other file; empty where all
   *     that it has agrees
   * @param error of the nearest two values that depart and have as many numbers; infinite where
   *     there are none
   */
  public record Parting(String value, String operation, Optional<String> other, double error) {
    /** For example {@code Conv 'stem', CONV_2D 'x' in the other file, by 12.3 % of its size}. */
    public String words() {
      return operation
          + " '"
          + value
          + "'"
          + other.map(found -> ", " + found + " in the other file").orElse("")
          + (error < Double.POSITIVE_INFINITY
              ? String.format(Locale.ROOT, ", by %.2g %% of its size", 100 * error)
              : "");
    }
  }

  private final FileInside file;
  private final FileInside other;
  private final double tolerance;
  private final boolean anyOrder;

  /** By the file's values. */
  private final Map<String, Pair> pairs = new LinkedHashMap<>();

  private final Map<String, Integer> places = new HashMap<>();
  private final Map<Integer, List<String>> sizes = new HashMap<>();
  private final Map<String, double[]> moments = new HashMap<>();
  private final Map<String, Integer> floors = new HashMap<>();

  private PairedValues(FileInside file, FileInside other, double tolerance) {
    this.file = file;
    this.other = other;
    this.tolerance = tolerance;
    this.anyOrder = tolerance <= EXACT;
    Set<String> varying = varying(other);
    for (String value : other.sources().keySet()) {
      places.put(value, places.size());
      float[] numbers = other.values().get(value);
      if (numbers != null && varying.contains(value)) {
        sizes.computeIfAbsent(numbers.length, size -> new ArrayList<>()).add(value);
        moments.put(value, new double[] {size(numbers), mean(numbers)});
      }
    }
    Set<String> own = varying(file);
    file.sources().keySet().stream().filter(own::contains).forEach(this::pair);
  }

  /**
   * @param file of one image
   * @param other of the same
   */
  public static PairedValues of(FileInside file, FileInside other) {
    return of(file, other, file.rounds() || other.rounds() ? ROUNDED : EXACT);
  }

  /**
   * @param tolerance of {@link #EXACT} and {@link #ROUNDED}
   */
  public static PairedValues of(FileInside file, FileInside other, double tolerance) {
    return new PairedValues(file, other, tolerance);
  }

  /** Those that belong together, in the order of the file. */
  public List<Pair> pairs() {
    return List.copyOf(pairs.values());
  }

  /** Where the files first part; empty where they do not. */
  public Optional<Parting> parting() {
    List<String> wrong = wrong();
    if (wrong.isEmpty()) {
      return Optional.empty();
    }
    String first = wrong.get(0);
    List<String> theirs = new PairedValues(other, file, tolerance).wrong();
    Optional<String> theirFirst = theirs.stream().findFirst();
    double error =
        theirFirst
            .map(value -> other.values().get(value))
            .map(
                numbers ->
                    wrong.stream()
                        .map(file.values()::get)
                        .filter(own -> own != null && own.length == numbers.length)
                        .mapToDouble(own -> error(own, numbers))
                        .min()
                        .orElse(Double.POSITIVE_INFINITY))
            .orElse(Double.POSITIVE_INFINITY);
    return Optional.of(
        new Parting(
            first,
            file.operations().getOrDefault(first, ""),
            theirFirst.map(
                value -> other.operations().getOrDefault(value, "") + " '" + value + "'"),
            error));
  }

  /** Values that depend on the image. */
  private static Set<String> varying(FileInside inside) {
    Set<String> varying = new HashSet<>();
    inside
        .sources()
        .forEach(
            (value, sources) -> {
              if (sources.stream()
                  .anyMatch(
                      source ->
                          varying.contains(source) || !inside.sources().containsKey(source))) {
                varying.add(value);
              }
            });
    return varying;
  }

  private void pair(String value) {
    List<String> sources = file.sources().get(value);
    int floor =
        sources.stream()
            .mapToInt(
                source ->
                    pairs.containsKey(source)
                        ? places.get(pairs.get(source).other())
                        : floors.getOrDefault(source, -1))
            .max()
            .orElse(-1);
    floors.put(value, floor);
    float[] numbers = file.values().get(value);
    if (numbers == null) {
      return;
    }
    for (String source : sources) {
      float[] given = file.values().get(source);
      if (pairs.containsKey(source)
          && given.length == numbers.length
          && distance(given, numbers) <= SAME) {
        put(value, pairs.get(source).other(), pairs.get(source).error());
        return;
      }
    }
    float[] named = other.values().get(value);
    if (named != null && named.length == numbers.length && error(numbers, named) <= tolerance) {
      put(value, value, error(numbers, named));
      return;
    }
    double[] own = {size(numbers), mean(numbers)};
    sizes.getOrDefault(numbers.length, List.of()).stream()
        .filter(candidate -> places.get(candidate) > floor && isNear(own, moments.get(candidate)))
        .map(candidate -> Map.entry(candidate, error(numbers, other.values().get(candidate))))
        .min(Map.Entry.comparingByValue())
        .filter(best -> best.getValue() <= tolerance)
        .ifPresent(best -> put(value, best.getKey(), best.getValue()));
  }

  /** Values that agree have sizes and means within the tolerance: most need no closer look. */
  private boolean isNear(double[] own, double[] candidate) {
    double most = tolerance * candidate[0];
    return !(Math.abs(own[0] - candidate[0]) > most || Math.abs(own[1] - candidate[1]) > most);
  }

  private void put(String value, String counterpart, double error) {
    String operation = file.operations().getOrDefault(value, "");
    pairs.put(value, new Pair(value, operation, counterpart, error));
  }

  /** In the order of the file, the first before all that are computed from it. */
  private List<String> wrong() {
    Set<String> varying = varying(file);
    List<String> order = new ArrayList<>(file.sources().keySet());
    Set<String> right = new HashSet<>();
    for (int i = order.size() - 1; i >= 0; i--) {
      String value = order.get(i);
      if (pairs.containsKey(value) || right.contains(value)) {
        right.add(value);
        right.addAll(file.sources().get(value));
      }
    }
    List<String> wrong =
        order.stream().filter(varying::contains).filter(value -> !right.contains(value)).toList();
    Set<String> behind = new HashSet<>(wrong);
    // What has none of its sources among them comes first.
    return wrong.stream()
        .sorted(
            Comparator.comparing(
                value -> file.sources().get(value).stream().anyMatch(behind::contains)))
        .toList();
  }

  /** Root mean square. */
  private static double size(float[] numbers) {
    double sum = 0;
    for (float number : numbers) {
      sum += (double) number * number;
    }
    return Math.sqrt(sum / numbers.length);
  }

  private static double mean(float[] numbers) {
    double sum = 0;
    for (float number : numbers) {
      sum += number;
    }
    return sum / numbers.length;
  }

  private double error(float[] numbers, float[] reference) {
    double error = distance(numbers, reference);
    if (error <= tolerance || !anyOrder) {
      return error;
    }
    float[] first = numbers.clone();
    float[] second = reference.clone();
    Arrays.sort(first);
    Arrays.sort(second);
    // Of wrong values the distance as they lie tells more.
    double sorted = distance(first, second);
    return sorted <= tolerance ? sorted : error;
  }

  private static double distance(float[] numbers, float[] reference) {
    double sum = 0;
    double whole = 0;
    for (int i = 0; i < numbers.length; i++) {
      if (Float.compare(numbers[i], reference[i]) != 0) {
        double difference = (double) numbers[i] - reference[i];
        sum += difference * difference;
      }
      if (Float.isFinite(reference[i])) {
        whole += (double) reference[i] * reference[i];
      }
    }
    double error = Math.sqrt(sum / Math.max(whole, Double.MIN_NORMAL));
    // What is no number in one of them alone agrees with nothing.
    return sum == 0 ? 0 : Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }
}
