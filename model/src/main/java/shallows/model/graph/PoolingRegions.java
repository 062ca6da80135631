package shallows.model.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Regions of fractional max-pooling along one axis (Graham 2014, "Fractional max-pooling", section
 * 2): with boundaries 0 = a₀ &lt; a₁ &lt; … &lt; aₙ = N, each step 1 or 2, region i goes from aᵢ₋₁
 * to aᵢ − 1. The factor by which an image shrinks, α = N / n, is so any between 1 and 2.
 *
 * <p>These are the paper's disjoint regions, but for the last row and column, which its own leave
 * out. Its overlapping ones go from aᵢ₋₁ to aᵢ: that is the same behind a {@link Operation.MaxPool}
 * of 2x2 pixels and stride 1.
 */
public enum PoolingRegions {
  /** Those that are there; nothing is drawn. */
  FIXED(""),
  /** The steps of 1 and 2 in any order. */
  RANDOM("random_"),
  /** aᵢ = ⌈α·(i + u)⌉ − ⌈α·u⌉ with u in (0, 1): steps of 1 and 2 are as evenly mixed as can be. */
  PSEUDORANDOM("pseudorandom_");

  private static final long GOLDEN_RATIO = 0x9e3779b97f4a7c15L;

  private final String prefix;

  PoolingRegions(String prefix) {
    this.prefix = prefix;
  }

  /**
   * How the name of a constant begins that holds rows or columns in a file, behind the node's: so
   * whoever reads the file knows how they are drawn.
   */
  public String prefix() {
    return prefix;
  }

  /** What the name of a constant says; those of other people's files are fixed. */
  public static PoolingRegions ofConstant(String name) {
    String own = name.substring(name.lastIndexOf('/') + 1);
    return own.startsWith(RANDOM.prefix)
        ? RANDOM
        : own.startsWith(PSEUDORANDOM.prefix) ? PSEUDORANDOM : FIXED;
  }

  /**
   * Draws regions.
   *
   * @param size N, how many rows or columns there are
   * @param regions n, from half of N to N
   * @param seed of the draw; on one machine as on another
   * @return first and last of each region, 2n numbers
   * @throws IllegalArgumentException when steps of 1 and 2 do not lead there, or nothing is drawn
   */
  public List<Integer> draw(int size, int regions, long seed) {
    if (this == FIXED || regions < 1 || regions > size || size > 2 * regions) {
      throw new IllegalArgumentException(
          "cannot draw " + regions + " " + this + " regions of one or two of " + size);
    }
    SplittableRandom random = new SplittableRandom(seed);
    return ends(
        this == RANDOM
            ? shuffled(size, regions, random)
            : even(size, regions, random.nextDouble()));
  }

  private static List<Integer> shuffled(int size, int regions, SplittableRandom random) {
    List<Integer> steps = new ArrayList<>(Collections.nCopies(size - regions, 2));
    steps.addAll(Collections.nCopies(2 * regions - size, 1));
    for (int i = regions - 1; i > 0; i--) {
      Collections.swap(steps, i, random.nextInt(i + 1));
    }
    return steps;
  }

  /**
   * With α·u = (N·u)/n; in whole numbers, so that no rounding decides: ⌈(N·i + N·u)/n⌉, of which
   * the whole part of N·u is all that counts as long as N·u is no whole number itself.
   */
  private static List<Integer> even(int size, int regions, double u) {
    long shift = (long) (size * u);
    List<Integer> steps = new ArrayList<>();
    for (int i = 0; i < regions; i++) {
      long from = ((long) size * i + shift) / regions;
      steps.add((int) (((long) size * (i + 1) + shift) / regions - from));
    }
    return steps;
  }

  private static List<Integer> ends(List<Integer> steps) {
    List<Integer> ends = new ArrayList<>();
    int from = 0;
    for (int step : steps) {
      ends.add(from);
      from += step;
      ends.add(from - 1);
    }
    return Collections.unmodifiableList(ends);
  }

  /**
   * Other regions, as many.
   *
   * @param ends first and last of each region
   * @param seed of all draws
   * @param name of the axis of a node; each has its own draw
   */
  List<Integer> redrawn(List<Integer> ends, long seed, String name) {
    long own = seed * GOLDEN_RATIO + name.hashCode();
    return draw(ends.get(ends.size() - 1) + 1, ends.size() / 2, own);
  }

  /**
   * What a constant of a file holds when the graph was {@link #redrawn(Graph, long)}.
   *
   * @param constant its name
   * @param values that it holds
   * @return empty where the name does not say that regions are drawn, or these are none
   */
  public static Optional<List<Integer>> redrawn(String constant, List<Integer> values, long seed) {
    PoolingRegions regions = ofConstant(constant);
    if (regions == FIXED || !areRegions(values)) {
      return Optional.empty();
    }
    int own = constant.lastIndexOf('/') + 1;
    String axis = constant.startsWith("rows", own + regions.prefix.length()) ? "rows" : "columns";
    return Optional.of(regions.redrawn(values, seed, constant.substring(0, own) + axis));
  }

  /** Whether these are first and last of each region, without a gap from the first row on. */
  public static boolean areRegions(List<Integer> ends) {
    int from = 0;
    for (int i = 0; i + 1 < ends.size(); i += 2) {
      int last = ends.get(i + 1);
      if (ends.get(i) != from || last < from || last > from + 1) {
        return false;
      }
      from = last + 1;
    }
    return ends.size() > 1 && ends.size() % 2 == 0;
  }

  /** Whether there is a fractional pool whose regions are drawn. */
  public static boolean areDrawn(Graph graph) {
    return graph.nodes().stream().anyMatch(PoolingRegions::isDrawn);
  }

  private static boolean isDrawn(Node node) {
    return node.operation() instanceof Operation.SelectPixels pixels && pixels.regions() != FIXED;
  }

  /**
   * The graph with other regions in each fractional pool whose regions are drawn.
   *
   * @param seed of all draws; each node has its own by its name
   */
  public static Graph redrawn(Graph graph, long seed) {
    Map<String, Operation> drawn = new HashMap<>();
    for (Node node : graph.nodes()) {
      if (isDrawn(node)) {
        Operation.SelectPixels pixels = (Operation.SelectPixels) node.operation();
        drawn.put(node.name(), pixels.redrawn(seed, node.name()));
      }
    }
    return Rewrites.withOperations(graph, drawn);
  }
}
