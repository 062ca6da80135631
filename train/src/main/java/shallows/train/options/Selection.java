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
 * @param patience the training ends once so many epochs brought nothing better on the held-out
 *     images, of which the best is kept then; 0 for all epochs
 */
public record Selection(double averageDecay, Keep keep, int patience) implements Serializable {
  private static final long serialVersionUID = 1;
  public static final Selection LAST = new Selection(0, Keep.LAST, 0);

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
    Expect.atLeast(0, Setting.PATIENCE, patience);
    Expect.require(
        patience == 0 || keep == Keep.BEST, Setting.KEEP, "best beside a patience", keep);
  }

  public Selection withKeep(Keep other) {
    return new Selection(averageDecay, other, patience);
  }

  public Selection withPatience(int other) {
    return new Selection(averageDecay, keep, other);
  }

  /** The last epoch's, after all of them. */
  public Selection atTheEnd() {
    return withPatience(0).withKeep(Keep.LAST);
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
