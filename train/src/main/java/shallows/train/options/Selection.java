package shallows.train.options;

import com.google.gson.annotations.SerializedName;
import java.io.Serializable;
import java.util.Locale;
import shallows.model.Expect;
import shallows.model.Setting;

/**
 * Which weights a training hands on.
 *
 * @param averageDecay δ of an exponential moving average of the weights (and of batch norm's
 *     statistics), which is then what is evaluated and handed on; in [0, 1), 0 for the weights
 *     themselves
 * @param keep of which epoch they are
 */
public record Selection(double averageDecay, Keep keep) implements Serializable {
  private static final long serialVersionUID = 1;
  public static final Selection LAST = new Selection(0, Keep.LAST);

  /** Of which epoch the weights are. */
  public enum Keep {
    @SerializedName("last")
    LAST,
    /** The one most accurate on the held-out images, the first of those that are equally so. */
    @SerializedName("best")
    BEST;

    /** As a command and a file have it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Selection {
    Expect.require(
        averageDecay >= 0 && averageDecay < 1, Setting.EMA, "0 to less than 1", averageDecay);
    Expect.present(Setting.KEEP, keep);
  }

  public Selection withKeep(Keep other) {
    return new Selection(averageDecay, other);
  }

  public boolean averages() {
    return averageDecay > 0;
  }

  /**
   * The decay of one step, min(δ, (1 + t) / (10 + t)): at the beginning the average follows fast,
   * so that it does not hold on to weights nobody has trained.
   *
   * @param step t, from 0
   */
  public double decayAt(long step) {
    return Math.min(averageDecay, (1.0 + step) / (10.0 + step));
  }
}
