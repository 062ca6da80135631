package shallows.train.evidence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.stat.regression.OLSMultipleLinearRegression;

/**
 * Estimates from the log of a training what each block is worth. Every step is a randomized
 * experiment: gates are drawn independently of everything else, and the loss answers. With y_t the
 * loss of step t, x_tb = 1 where block b was off and 0 where it was on, c_t the difficulty of the
 * batch and τ(t) the level of the loss, which falls slowly,
 *
 * <pre>
 *   y_t = τ(t)·(1 + Σ_b β_b·x_tb + γ·c_t + ε_t)
 * </pre>
 *
 * and β_b = (loss(off) − loss(on)) / level, averaged over what the other blocks do: positive where
 * dropping the block hurts. All blocks stand in one regression, so that a block does not borrow the
 * effect of one that happened to be off with it.
 *
 * <p><b>Level.</b> What a block is worth shrinks as the loss does, and so does the noise. So y_t is
 * divided by m_t, the mean of y over the window of {@value #WINDOW} steps around t (fewer at the
 * ends), which is least squares with the weight 1 / m_t². The effect is told in nats at the level ȳ
 * of the last {@value #WINDOW} steps: β_b·ȳ. What is uncertain in ȳ moves all blocks alike and is
 * left out of the standard errors.
 *
 * <p><b>Trend.</b> Let D subtract from each value of a series the mean over its window. D is
 * linear, and takes out a trend that is nearly straight within a window, so D(y / m) = Σ β_b·D x_b
 * + γ·D c + D ε: the same coefficients, without the trend. As Frisch and Waugh (1933) have it, D
 * must act on <em>every</em> column: with the mask left as it is, β would come out too small by the
 * share 1 / {@value #WINDOW} of each value that is in its own mean.
 *
 * <p><b>Difficulty.</b> How hard the images of a batch are moves its loss as much as a block does.
 * The loss those images had when they were last seen, by the level of that, foretells it; as a
 * covariate it takes that part out of ε and so out of the standard errors. It cannot bias β: the
 * gates know nothing of it.
 *
 * <p><b>Standard errors.</b> Those of ordinary least squares, σ̂²·(XᵀX)⁻¹ with X = D x. For white ε
 * of variance σ², D ε has the variance σ²·(1 − 1/w_t), w_t being the window's length, so the
 * expected residual sum of squares is σ²·(Σ_t (1 − 1/w_t) − k) for k columns, and that sum, not n −
 * k, divides it.
 *
 * <p><b>Which steps.</b> All but those of the first epoch, which have no difficulty and see a
 * network that is nowhere near the trained one. Relative to the level, effects change little after
 * that, and the more steps, the smaller the errors; {@code docs/results.md} has the comparison that
 * decided it.
 */
public final class BlockEffects {
  /** Steps in the moving mean. */
  static final int WINDOW = 101;

  /** Below this many steps a column the estimates are left out: their errors would be guesses. */
  private static final int STEPS_A_COLUMN = 5;

  private BlockEffects() {}

  /**
   * @param name of the block
   * @param effect β in nats, positive where dropping the block hurts; null where the block never
   *     changed in the steps used, there are too few of them, or their loss is 0
   * @param standardError of the effect in nats; null with it
   */
  public record Effect(String name, Double effect, Double standardError) {}

  /**
   * The effect of every block, from all steps whose difficulty is known; from the last half where
   * none is.
   */
  public static List<Effect> estimate(StepLog log) {
    int from =
        IntStream.range(0, log.size())
            .filter(step -> Double.isFinite(log.difficulty(step)))
            .findFirst()
            .orElse(log.size() / 2);
    return estimate(log, from, log.size(), true);
  }

  /**
   * The effect of every block from steps so few that the level of the loss moves little among them:
   * all of them count alike, with m = ȳ = 1 in the class comment.
   *
   * @param from first step
   * @param to the step behind the last
   */
  public static List<Effect> estimate(StepLog log, int from, int to) {
    return estimate(log, from, to, false);
  }

  private static List<Effect> estimate(StepLog log, int from, int to, boolean byLevel) {
    int[] varied =
        IntStream.range(0, log.blocks().size()).filter(b -> varies(log, b, from, to)).toArray();
    List<double[]> columns = new ArrayList<>();
    for (int b : varied) {
      columns.add(
          IntStream.range(from, to).mapToDouble(step -> log.isOn(step, b) ? 0 : 1).toArray());
    }
    double[] difficulty = IntStream.range(from, to).mapToDouble(log::difficulty).toArray();
    // The first epoch has none; an estimate that reaches back into it does without.
    if (IntStream.range(0, difficulty.length).allMatch(i -> Double.isFinite(difficulty[i]))) {
      columns.add(byLevel ? byLevel(difficulty) : difficulty);
    }
    double[] loss = IntStream.range(from, to).mapToDouble(log::loss).toArray();
    return byLevel
        ? effects(log.blocks(), varied, columns, byLevel(loss), lastLevel(loss))
        : effects(log.blocks(), varied, columns, loss, 1);
  }

  private static boolean varies(StepLog log, int block, int from, int to) {
    long on = IntStream.range(from, to).filter(step -> log.isOn(step, block)).count();
    return on > 0 && on < to - from;
  }

  private static List<Effect> effects(
      List<String> blocks, int[] varied, List<double[]> columns, double[] loss, double level) {
    Double[] effects = new Double[blocks.size()];
    Double[] errors = new Double[blocks.size()];
    if (varied.length > 0 && loss.length >= STEPS_A_COLUMN * columns.size()) {
      try {
        OLSMultipleLinearRegression regression = regression(columns, loss);
        double[] beta = regression.estimateRegressionParameters();
        double[] error = regression.estimateRegressionParametersStandardErrors();
        double correction = correction(loss.length, columns.size());
        for (int i = 0; i < varied.length; i++) {
          double uncertain = error[i] * level * correction;
          // Not so where the loss was 0 over a whole window, by which nothing can be divided.
          if (Double.isFinite(beta[i]) && Double.isFinite(uncertain)) {
            effects[varied[i]] = beta[i] * level;
            errors[varied[i]] = uncertain;
          }
        }
      } catch (MathRuntimeException e) {
        // Two blocks that were on and off together cannot be told apart: no estimate is the answer.
        return effects(blocks, new int[0], columns, loss, level);
      }
    }
    return IntStream.range(0, blocks.size())
        .mapToObj(b -> new Effect(blocks.get(b), effects[b], errors[b]))
        .toList();
  }

  private static OLSMultipleLinearRegression regression(List<double[]> columns, double[] loss) {
    double[][] rows = new double[loss.length][columns.size()];
    for (int c = 0; c < columns.size(); c++) {
      double[] detrended = withoutTrend(columns.get(c));
      for (int i = 0; i < rows.length; i++) {
        rows[i][c] = detrended[i];
      }
    }
    // Columns that are combinations of others show as a pivot of this size.
    OLSMultipleLinearRegression regression = new OLSMultipleLinearRegression(1e-9);
    regression.setNoIntercept(true);
    regression.newSampleData(withoutTrend(loss), rows);
    return regression;
  }

  /** From the library's n − k degrees of freedom to those of the class comment. */
  private static double correction(int steps, int columns) {
    double freedom = -columns;
    for (int i = 0; i < steps; i++) {
      freedom += 1 - 1.0 / (end(i, steps) - start(i));
    }
    return Math.sqrt((steps - columns) / freedom);
  }

  /** The mean over the last {@value #WINDOW} values. */
  private static double lastLevel(double[] values) {
    return Arrays.stream(values).skip(Math.max(0, values.length - WINDOW)).average().orElse(0);
  }

  /** Each value by the mean over its window. */
  private static double[] byLevel(double[] values) {
    double[] level = level(values);
    return IntStream.range(0, values.length).mapToDouble(i -> values[i] / level[i]).toArray();
  }

  /** D of the class comment. */
  static double[] withoutTrend(double[] values) {
    double[] level = level(values);
    return IntStream.range(0, values.length).mapToDouble(i -> values[i] - level[i]).toArray();
  }

  /** The mean over the window around each value. */
  private static double[] level(double[] values) {
    double[] sums = new double[values.length + 1];
    for (int i = 0; i < values.length; i++) {
      sums[i + 1] = sums[i] + values[i];
    }
    double[] level = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      int start = start(i);
      int end = end(i, values.length);
      level[i] = (sums[end] - sums[start]) / (end - start);
    }
    return level;
  }

  private static int start(int step) {
    return Math.max(0, step - WINDOW / 2);
  }

  private static int end(int step, int steps) {
    return Math.min(steps, step + WINDOW / 2 + 1);
  }
}
