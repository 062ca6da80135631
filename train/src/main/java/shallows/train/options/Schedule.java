package shallows.train.options;

import com.google.gson.annotations.SerializedName;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import shallows.model.Expect;
import shallows.model.Setting;
import shallows.model.UnexpectedValueException;

/**
 * The learning rate of each step. It climbs straight to η, the largest, over the warm-up; what
 * comes then is the kind's. With T steps in all, of which w = warmUp·T, rounded and at most T − 1,
 * are the warm-up, and t the step counted from 0:
 *
 * <pre>
 *   t &lt; w:     η · (t + 1) / (w + 1)
 *   COSINE:    η · ½ · (1 + cos(π · (t − w) / (T − w)))
 *   STEP:      η · 10^−k     k = how many of the cuts c have c·T, rounded, ≤ t
 *   CONSTANT:  η
 * </pre>
 *
 * Cosine: Loshchilov and Hutter 2017, "SGDR", without restarts. Step: He et al. 2016 and Huang et
 * al. 2016, who cut the rate at half and at three quarters of the training.
 *
 * @param kind what follows the warm-up
 * @param learningRate η, positive
 * @param warmUp share of all steps, in [0, 1)
 * @param cuts shares of all steps at which {@link Kind#STEP} cuts the rate to a tenth, ascending,
 *     each in (0, 1); none for the other kinds
 */
public record Schedule(Kind kind, double learningRate, double warmUp, List<Double> cuts)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** A number with decimals that is neither signed nor in exponents, or several. */
  private static final Pattern CUTS = Pattern.compile("step:(0?\\.\\d+(?:,0?\\.\\d+)*)");

  /** Where He et al. 2016 and Huang et al. 2016 cut the rate. */
  public static final List<Double> HALF_AND_THREE_QUARTERS = List.of(0.5, 0.75);

  /** What a {@link Kind#STEP} leaves of the rate at each cut. */
  private static final double CUT_TO = 0.1;

  /** The shape behind the warm-up. */
  public enum Kind {
    @SerializedName("cosine")
    COSINE,
    @SerializedName("step")
    STEP,
    @SerializedName("constant")
    CONSTANT
  }

  public Schedule {
    Expect.positive(Setting.LEARNING_RATE, learningRate);
    Expect.require(
        warmUp >= 0 && warmUp < 1, Setting.WARM_UP, "a share of 0 to less than 1", warmUp);
    cuts = Expect.list("cuts", cuts);
    boolean ascend = cuts.isEmpty() != (kind == Kind.STEP);
    double last = 0;
    for (double cut : cuts) {
      ascend &= cut > last && cut < 1;
      last = cut;
    }
    Expect.require(
        ascend,
        Setting.SCHEDULE,
        "cosine, constant, step or step:S,S with ascending shares S of the training between 0 and 1",
        kind + " with " + cuts);
  }

  public static Schedule cosine(double learningRate, double warmUp) {
    return new Schedule(Kind.COSINE, learningRate, warmUp, List.of());
  }

  /** A tenth at half, a hundredth at three quarters. */
  public static Schedule halfAndThreeQuarters(double learningRate) {
    return new Schedule(Kind.STEP, learningRate, 0, HALF_AND_THREE_QUARTERS);
  }

  /**
   * The same rate and warm-up with another shape behind it.
   *
   * @param shape {@code cosine}, {@code constant}, {@code step} or {@code step:0.5,0.75}
   */
  public Schedule withShape(String shape) {
    Matcher given = CUTS.matcher(shape);
    if (given.matches()) {
      List<Double> shares = Stream.of(given.group(1).split(",")).map(Double::valueOf).toList();
      return new Schedule(Kind.STEP, learningRate, warmUp, shares);
    }
    for (Kind other : Kind.values()) {
      if (other.name().toLowerCase(Locale.ROOT).equals(shape)) {
        List<Double> shares = other == Kind.STEP ? HALF_AND_THREE_QUARTERS : List.of();
        return new Schedule(other, learningRate, warmUp, shares);
      }
    }
    throw new UnexpectedValueException(
        Setting.SCHEDULE, "cosine, constant, step or step:S,S", shape);
  }

  /** As {@link #withShape} takes it. */
  public String shape() {
    String cut =
        cuts.stream()
            .map(share -> BigDecimal.valueOf(share).stripTrailingZeros().toPlainString())
            .collect(Collectors.joining(","));
    return kind.name().toLowerCase(Locale.ROOT)
        + (cuts.isEmpty() || cuts.equals(HALF_AND_THREE_QUARTERS) ? "" : ":" + cut);
  }

  public Schedule withLearningRate(double other) {
    return new Schedule(kind, other, warmUp, cuts);
  }

  /**
   * @param step t, from 0
   * @param steps T, of the whole training, at least 1
   */
  public double at(long step, long steps) {
    // A training of one step has no warm-up.
    long warmUpSteps = Math.min(steps - 1, Math.round(warmUp * steps));
    if (step < warmUpSteps) {
      return learningRate * (step + 1) / (warmUpSteps + 1);
    }
    return switch (kind) {
      case COSINE -> {
        double share = (double) (step - warmUpSteps) / (steps - warmUpSteps);
        yield learningRate * 0.5 * (1 + Math.cos(Math.PI * share));
      }
      case STEP -> {
        long passed = cuts.stream().filter(cut -> Math.round(cut * steps) <= step).count();
        yield learningRate * Math.pow(CUT_TO, passed);
      }
      case CONSTANT -> learningRate;
    };
  }
}
