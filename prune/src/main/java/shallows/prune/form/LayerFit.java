package shallows.prune.form;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import shallows.train.inference.LayerMoments;

/**
 * Fits a layer anew by ridge regression, and takes inputs from it, those first that the others can
 * best stand in for.
 *
 * <p>Let z be what the layer reads at a position, with a 1 for the bias, W₀ its weights as they
 * are, and r what the network lacks there, the original's value less its own. The new weights W
 * minimize
 *
 * <pre>  Σ |Wᵀz − (W₀ᵀz + r)|² + λ·|W − W₀|²  =  tr (W − W*)ᵀ G (W − W*) + constant
 *  with G = Σ z·zᵀ + λ·I, P = G⁻¹ and W* = W₀ + P·Σ z·rᵀ</pre>
 *
 * The ridge pulls towards the weights that are there, so where nothing is lacking, W is W₀, and
 * what the images do not show, as of ten images or of one colour, stays as it was. λ is a small
 * share of the mean of Σ zᵢ², so that it has no unit; the bias is not pulled.
 *
 * <p>To take the inputs J of the layer is to demand W_J = 0. The minimum of the same form over the
 * others, S, is
 *
 * <pre>  W_S = W*_S − P_SJ·P_JJ⁻¹·W*_J,    which costs tr W*_Jᵀ·P_JJ⁻¹·W*_J more,
 *  and (G_SS)⁻¹ = P_SS − P_SJ·P_JJ⁻¹·P_JS</pre>
 *
 * (the partitioned inverse; Hassibi and Stork 1993, "Second order derivatives for network pruning",
 * for single weights). So what goes is not what is small but what the refit can do without, and one
 * elimination has the weights of every width on its way.
 */
final class LayerFit {
  /** λ over the mean of Σ zᵢ². */
  static final double RIDGE = 1e-3;

  /** Of so many inputs that are left, one goes before their prices are told anew. */
  private static final int STEP = 64;

  /** Inputs that are taken at a time at most, for the memory, but for those of one unit. */
  private static final int AT_ONCE = 256;

  private final int size;
  private final int outputs;

  /** Entries of z that belong to each unit, a channel or some that go together. */
  private final int[][] entries;

  /** P of the entries that are left. */
  private final SymmetricMatrix inverse;

  /** By entry, its row there; -1 where it is gone. */
  private final int[] place;

  private final double[] weights;
  private final boolean[] gone;
  private int left;

  /**
   * @param moments of the layer
   * @param weights W₀ in the order of the moments, {@code (size, outputs)}, as they act on what is
   *     compared
   * @param units into how many equal runs of channels the layer's inputs fall
   */
  LayerFit(LayerMoments moments, double[] weights, int units) {
    size = moments.size();
    outputs = moments.outputs();
    entries = entries(moments, units);
    left = units;
    gone = new boolean[units];
    place = IntStream.range(0, size).toArray();
    inverse = SymmetricMatrix.of(moments.gram().clone(), size);
    double ridge = ridge(moments);
    for (int i = 0; i < size - 1; i++) {
      inverse.addToDiagonal(i, ridge);
    }
    inverse.invert();
    this.weights = weights.clone();
    inverse.addProduct(moments.cross(), outputs, this.weights);
  }

  /** λ, positive. */
  static double ridge(LayerMoments moments) {
    double trace = 0;
    for (int i = 0; i < moments.size() - 1; i++) {
      trace += moments.gram(i, i);
    }
    return trace > 0 ? RIDGE * trace / (moments.size() - 1) : 1;
  }

  private static int[][] entries(LayerMoments moments, int units) {
    int each = moments.channels() / units;
    int[][] entries = new int[units][each * moments.positions()];
    for (int unit = 0; unit < units; unit++) {
      int next = 0;
      for (int p = 0; p < moments.positions(); p++) {
        for (int c = unit * each; c < (unit + 1) * each; c++) {
          entries[unit][next++] = p * moments.channels() + c;
        }
      }
    }
    return entries;
  }

  /** The weights as they are now, {@code (size, outputs)}; 0 where inputs are gone. */
  double[] weights() {
    return weights.clone();
  }

  /** The units that are left, ascending. */
  int[] kept() {
    return IntStream.range(0, gone.length).filter(unit -> !gone[unit]).toArray();
  }

  /** Takes units until so many are left. */
  void eliminateTo(int count) {
    while (left > count) {
      int[] kept = kept();
      double[] prices = new double[gone.length];
      IntStream.of(kept).parallel().forEach(unit -> prices[unit] = price(unit));
      List<Integer> cheapest =
          IntStream.of(kept)
              .boxed()
              .sorted(Comparator.comparingDouble((Integer unit) -> prices[unit]))
              .limit(Math.min(left - count, Math.max(1, left / STEP)))
              .toList();
      take(cheapest.stream().mapToInt(Integer::intValue).toArray());
    }
  }

  /** Takes all units but these. */
  void keep(int[] units) {
    take(IntStream.of(kept()).filter(u -> Arrays.binarySearch(units, u) < 0).toArray());
  }

  /** What taking a unit costs: tr W*_Jᵀ·P_JJ⁻¹·W*_J. */
  private double price(int unit) {
    int[] taken = entries[unit];
    SymmetricMatrix block = invertedBlock(taken);
    double price = 0;
    for (int i = 0; i < taken.length; i++) {
      for (int j = 0; j < taken.length; j++) {
        double dot = 0;
        for (int o = 0; o < outputs; o++) {
          dot += weights[taken[i] * outputs + o] * weights[taken[j] * outputs + o];
        }
        price += dot * block.at(i, j);
      }
    }
    return price;
  }

  /** P_JJ⁻¹. */
  private SymmetricMatrix invertedBlock(int[] taken) {
    SymmetricMatrix block = inverse.part(IntStream.of(taken).map(entry -> place[entry]).toArray());
    block.invert();
    return block;
  }

  /** A few at a time, which comes to the same. */
  private void take(int[] units) {
    int each = Math.max(1, AT_ONCE / entries[0].length);
    for (int first = 0; first < units.length; first += each) {
      takeAtOnce(Arrays.copyOfRange(units, first, Math.min(first + each, units.length)));
    }
  }

  private void takeAtOnce(int[] units) {
    int[] taken = IntStream.of(units).flatMap(unit -> IntStream.of(entries[unit])).toArray();
    Arrays.sort(taken);
    int[] rows = IntStream.of(taken).map(entry -> place[entry]).toArray();
    int count = taken.length;
    int all = inverse.size();
    SymmetricMatrix block = invertedBlock(taken);
    // P_J·, P_JJ⁻¹·P_J· and P_JJ⁻¹·W*_J, as they are before anything changes.
    double[] before = inverse.rows(rows);
    double[] lowered = new double[count * all];
    block.addProduct(before, all, lowered);
    double[] own = new double[count * outputs];
    for (int i = 0; i < count; i++) {
      System.arraycopy(weights, taken[i] * outputs, own, i * outputs, outputs);
    }
    double[] values = new double[count * outputs];
    block.addProduct(own, outputs, values);
    double[] factors = new double[all * count];
    for (int i = 0; i < count; i++) {
      for (int s = 0; s < all; s++) {
        factors[s * count + i] = -before[i * all + s];
      }
    }
    inverse.add(factors, lowered, count);
    IntStream.range(0, size)
        .parallel()
        .filter(entry -> place[entry] >= 0)
        .forEach(entry -> addProduct(factors, place[entry] * count, count, values, entry));
    inverse.remove(rows);
    for (int entry : taken) {
      place[entry] = -1;
      Arrays.fill(weights, entry * outputs, (entry + 1) * outputs, 0);
    }
    for (int entry = 0, row = 0; entry < size; entry++) {
      if (place[entry] >= 0) {
        place[entry] = row++;
      }
    }
    IntStream.of(units).forEach(unit -> gone[unit] = true);
    left -= units.length;
  }

  /** Adds to the weights of an entry rows of values, each times a factor. */
  private void addProduct(double[] factors, int first, int count, double[] values, int entry) {
    for (int i = 0; i < count; i++) {
      double factor = factors[first + i];
      for (int o = 0; o < outputs; o++) {
        weights[entry * outputs + o] += factor * values[i * outputs + o];
      }
    }
  }
}
