package shallows.prune.plan;

import shallows.data.evaluation.AccuracyLoss;
import shallows.model.json.OrNull;

/**
 * Why a block is as the plan has it, in numbers; whoever shows it makes the words. A block has one
 * for each time that something was decided over it, in that order.
 *
 * <p>Losses of accuracy are against the network that the plan is compared with: {@code loss} on the
 * training images that choose, {@code heldOut} on the held-out images that confirm.
 */
public sealed interface Reason {
  /** Which of them it is. */
  <T> T in(Cases<T> cases);

  /** One answer for each kind of reason. */
  interface Cases<T> {
    T dropped(Dropped reason);

    T refused(Refused reason);

    T formed(Formed reason);

    T binarized(Binarized reason);

    T confirmed(Confirmed reason);

    T notConfirmed(NotConfirmed reason);

    T otherwise(Otherwise reason);

    T spared(Spared reason);

    T given(Given reason);

    T rejected(Rejected reason);
  }

  /**
   * What taking one block, or the precision of its weights, does to the network as it was then.
   *
   * @param loss rise of the mean cross-entropy on the images that choose, in nats
   * @param standardError of that
   * @param bytes saved
   * @param macs saved, for one image
   */
  record Effect(double loss, double standardError, long bytes, long macs) {}

  /**
   * The block was the best to go.
   *
   * @param order 1 for the first to go
   * @param loss of the network without it and all that went before
   */
  record Dropped(int order, AccuracyLoss loss, Effect effect) implements Reason {
    @Override
    public <T> T in(Cases<T> cases) {
      return cases.dropped(this);
    }
  }

  /**
   * The block stays: without it more would be lost than may be.
   *
   * @param order that it would have had
   * @param maxLoss in points
   */
  record Refused(int order, AccuracyLoss loss, double maxLoss, Effect effect) implements Reason {
    @Override
    public <T> T in(Cases<T> cases) {
      return cases.refused(this);
    }
  }

  /**
   * The form was among the best for their price.
   *
   * @param width of a narrow block, else null
   * @param round in which it was taken
   * @param rise of the mean Kullback-Leibler divergence of the answers from those of the original,
   *     by this form alone, on the images that choose, in nats
   * @param bytes saved
   * @param macs saved, for one image
   * @param ms saved, for one image, by the block timed alone; null where time was not limited
   */
  record Formed(
      Decision decision,
      @OrNull Double width,
      int round,
      double rise,
      long bytes,
      long macs,
      @OrNull Double ms)
      implements Reason {
    @Override
    public <T> T in(Cases<T> cases) {
      return cases.formed(this);
    }
  }

  /** Its weights have one bit each, for what that saves and costs by itself before fine-tuning. */
  record Binarized(Effect effect) implements Reason {
    @Override
    public <T> T in(Cases<T> cases) {
      return cases.binarized(this);
    }
  }

  /** Held-out images confirmed the fine-tuned network with this block smaller, or gone. */
  record Confirmed(AccuracyLoss heldOut) implements Reason {
    @Override
    public <T> T in(Cases<T> cases) {
      return cases.confirmed(this);
    }
  }

  /**
   * The block stays as it is: held-out images did not confirm a network where it is smaller, or
   * gone.
   *
   * @param dropped how many blocks that network lacked
   * @param fitted how many had another form
   * @param tuned whether it was fine-tuned
   * @param maxDrop in points
   */
  record NotConfirmed(int dropped, int fitted, boolean tuned, AccuracyLoss heldOut, double maxDrop)
      implements Reason {
    @Override
    public <T> T in(Cases<T> cases) {
      return cases.notConfirmed(this);
    }
  }

  /**
   * In another network of the same size this block fared otherwise.
   *
   * @param decision over it there
   * @param width of a narrow block there, else null
   * @param dropped blocks there
   * @param fitted blocks of another form there, but for those that are binary too
   * @param binarized blocks there
   * @param macs of that network, for one image
   * @param loss of that network against this one, as they would ship
   */
  record Otherwise(
      Decision decision,
      @OrNull Double width,
      int dropped,
      int fitted,
      int binarized,
      long macs,
      AccuracyLoss loss)
      implements Reason {
    @Override
    public <T> T in(Cases<T> cases) {
      return cases.otherwise(this);
    }
  }

  /** The block stays: pruning ended before it came to it. */
  record Spared() implements Reason {
    @Override
    public <T> T in(Cases<T> cases) {
      return cases.spared(this);
    }
  }

  /**
   * In a smaller network this block fared otherwise, and test images rejected that one.
   *
   * @param decision over it there
   * @param test what the best of its files lost on test images; null where none ran
   */
  record Rejected(Decision decision, @OrNull AccuracyLoss test) implements Reason {
    @Override
    public <T> T in(Cases<T> cases) {
      return cases.rejected(this);
    }
  }

  /**
   * The plan that was given decides.
   *
   * @param named whether it names the block; what it does not name stays
   */
  record Given(boolean named) implements Reason {
    @Override
    public <T> T in(Cases<T> cases) {
      return cases.given(this);
    }
  }
}
