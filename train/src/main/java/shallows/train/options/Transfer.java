package shallows.train.options;

import java.io.Serializable;
import shallows.model.Expect;
import shallows.model.Setting;

/**
 * How a network that was trained for other classes learns new ones: its classifier is replaced and
 * trained alone, on features that are computed once; then everything is trained, the classifier at
 * the learning rate of the training, all before it (the trunk) at a share of that.
 *
 * @param headEpochs passes over the features, at least 1
 * @param trunkRate the share, in (0, 1]
 */
public record Transfer(int headEpochs, double trunkRate) implements Serializable {
  private static final long serialVersionUID = 1;

  // Constants, not code, since the help of the options names them.
  public static final int HEAD_EPOCHS = 30;
  public static final double TRUNK_RATE = 0.1;
  public static final Transfer STANDARD = new Transfer(HEAD_EPOCHS, TRUNK_RATE);

  public Transfer {
    Expect.atLeast(1, Setting.HEAD_EPOCHS, headEpochs);
    Expect.require(
        trunkRate > 0 && trunkRate <= 1,
        Setting.TRUNK_RATE,
        "more than 0 and at most 1",
        trunkRate);
  }
}
