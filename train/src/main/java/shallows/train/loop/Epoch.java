package shallows.train.loop;

import shallows.model.Expect;
import shallows.model.json.Changes;

/**
 * One line of {@code history.csv}.
 *
 * @param epoch from 1
 * @param steps of this epoch
 * @param learningRate of its last step
 * @param trainLoss mean over its steps, in nats, with the blocks that were on
 * @param trainAccuracy the same, a fraction in [0, 1]
 * @param heldOutLoss mean over the held-out images at full depth, in nats
 * @param heldOutAccuracy fraction in [0, 1]
 * @param activeBlocks mean number of blocks that were on in a step
 * @param imagesPerSecond while training, evaluation not counted
 * @param seconds since the training began, those of interrupted runs included
 * @param rollbacks how often the training went back so far, each time to half the learning rate
 * @param waiting share of its steps' time in which they waited for images to come from their files,
 *     in [0, 1]
 * @param phase what was trained
 * @param ended whether the training, or this phase of it, ended with the epoch, and why
 */
public record Epoch(
    int epoch,
    int steps,
    double learningRate,
    double trainLoss,
    double trainAccuracy,
    double heldOutLoss,
    double heldOutAccuracy,
    double activeBlocks,
    double imagesPerSecond,
    double seconds,
    int rollbacks,
    double waiting,
    TrainingPhase phase,
    TrainingEnd ended) {
  public Epoch {
    Expect.atLeast(1, "epoch", epoch);
    Expect.atLeast(1, "steps", steps);
    Expect.atLeast(0, "rollbacks", rollbacks);
    Expect.present("phase", phase);
    Expect.present("ended", ended);
  }

  Epoch ending(TrainingEnd other) {
    return Changes.in(this, "ended", other);
  }

  /** To a person who watches, where the training ended before its last epoch. */
  String endInWords() {
    return ended == TrainingEnd.PATIENCE
        ? "the training ends with epoch " + epoch + ", as nothing better came for too many"
        : "the training ends with epoch " + epoch + ", as another would not end in time";
  }
}
