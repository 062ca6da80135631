package shallows.train.loop;

import java.util.Locale;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;

/** The loss of a training is no longer a finite number. */
final class Divergence extends Exception {
  private static final long serialVersionUID = 1L;

  private final int epoch;
  private final long step;
  private final double loss;
  private final String where;
  private final double learningRate;

  /**
   * @param epoch from 0
   * @param step of the whole training, from 1
   * @param where for the message, for example {@code "step 3"}
   * @param learningRate of the step, or the last one before
   */
  Divergence(int epoch, long step, double loss, String where, double learningRate) {
    super("loss " + loss + " at " + where);
    this.epoch = epoch;
    this.step = step;
    this.loss = loss;
    this.where = where;
    this.learningRate = learningRate;
  }

  /**
   * @param backTo how many steps the training has done again after going back
   */
  Rollback rollback(long backTo) {
    return new Rollback(epoch + 1, step, String.valueOf(loss), learningRate, backTo);
  }

  /**
   * What to tell a person when the training ends here.
   *
   * @param network its name
   * @param rollbacks how often it went back before
   * @param wayOut what can be done now
   */
  BadInputException end(String network, int rollbacks, Phrase wayOut) {
    return new BadInputException(
        "training of " + network,
        "a finite loss",
        String.format(
            Locale.ROOT,
            "%s at %s of epoch %d with learning rate %.4g%s",
            loss,
            where,
            epoch + 1,
            learningRate,
            rollbacks == 0 ? "" : ", after going back " + rollbacks + " times"),
        wayOut,
        this);
  }

  /**
   * What can be done where a training ends so.
   *
   * @param kept whether its checkpoints are
   * @param rollBack whether it was to go back then
   * @param epochs that it had finished
   */
  static Phrase wayOut(boolean kept, boolean rollBack, int epochs) {
    Phrase wayOut = Phrase.of("train with a smaller learning rate");
    if (!kept) {
      return wayOut;
    }
    if (!rollBack) {
      wayOut = Phrase.of("%s, or go on with %s rollback", wayOut, Setting.ON_DIVERGENCE);
    }
    return epochs == 0
        ? wayOut
        : Phrase.of("%s; the checkpoint of epoch %s is kept", wayOut, epochs);
  }
}
