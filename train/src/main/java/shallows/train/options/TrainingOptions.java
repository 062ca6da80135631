package shallows.train.options;

import java.io.Serializable;
import shallows.data.Augmentation;
import shallows.model.Expect;
import shallows.model.Setting;

/**
 * How to train. Two runs of the same options, graph and images on one machine give the same
 * weights, bit for bit, however many threads there are.
 *
 * @param epochs how often every image is seen; 0 only where a network is trained already
 * @param seed of shuffling, augmentation and gates; not of the first weights, which the graph
 *     brings
 * @param batching how many images a step takes
 * @param schedule the learning rate of each step
 * @param optimizer what a step does with the gradient
 * @param regularization label smoothing, mixup, CutMix
 * @param augmentation what is done to an image before a step sees it
 * @param selection which weights are handed on
 */
public record TrainingOptions(
    int epochs,
    long seed,
    Batching batching,
    Schedule schedule,
    Optimizer optimizer,
    Regularization regularization,
    Augmentation augmentation,
    Selection selection)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /**
   * A fifth of what trainings begin with: enough to move on, too little to lose what was learned.
   */
  private static final double FINE_TUNING_RATE = 0.02;

  /**
   * Of the epochs of the training. A fine-tuning as long as this is a training of its own: it has
   * the time to get down from the training's rate, and a network that had few epochs learns more.
   */
  private static final double LONG_FINE_TUNING = 0.5;

  /** Share of the steps of a fine-tuning. */
  private static final double WARM_UP = 0.1;

  public TrainingOptions {
    Expect.atLeast(0, Setting.EPOCHS, epochs);
    Expect.present("batching", batching);
    Expect.present("schedule", schedule);
    Expect.present("optimizer", optimizer);
    Expect.present("regularization", regularization);
    Expect.present("augmentation", augmentation);
    Expect.present("selection", selection);
    Expect.require(
        selection.patience() == 0 || selection.patience() < epochs,
        Setting.PATIENCE,
        "fewer than the " + epochs + " epochs",
        selection.patience());
  }

  /**
   * What {@code shallows run} uses: 15 epochs of 11,000 images. Chosen from seven settings, one run
   * of one seed each, by the accuracy on 10,000 training images of Fashion-MNIST that are not among
   * the embedded ones: shifts of 2, 1 and 0 pixels 0.876, 0.889 and 0.893; without shifts, a weight
   * decay of 5e-4 or 1e-3 instead of the paper's 1e-4 0.900 and 0.899, batches of 128 0.885. A
   * difference below 0.005 is within chance. Longer trainings want shifts.
   */
  public static TrainingOptions standard(long seed) {
    return new TrainingOptions(
        15,
        seed,
        Batching.inParts(64),
        Schedule.cosine(0.1, 0.05),
        Optimizer.of(0.9, 5e-4),
        Regularization.NONE,
        new Augmentation(true, 0),
        Selection.LAST);
  }

  /**
   * The recipe of Huang et al. 2016, section 4, for CIFAR: 500 epochs of SGD with Nesterov momentum
   * 0.9, weight decay 1e-4 on everything, batches of 128 that batch norm sees as a whole, a
   * learning rate of 0.1 cut to a tenth at half and again at three quarters, flips and shifts of up
   * to 4 pixels; of all epochs, the one that is best on the validation images. The blocks that are
   * off in a step decay and coast, since they do so in the paper's code.
   */
  public static TrainingOptions paper(long seed) {
    return new TrainingOptions(
        500,
        seed,
        Batching.whole(128),
        Schedule.halfAndThreeQuarters(0.1),
        Optimizer.of(0.9, 1e-4).withOffBlocks(Optimizer.OffBlocks.COAST),
        Regularization.NONE,
        new Augmentation(true, 4),
        Selection.LAST.withKeep(Selection.Keep.BEST));
  }

  /**
   * What a network that was trained so needs after it was pruned: a few epochs at a low rate that
   * falls like a cosine after a warm-up, and is never higher than in the training. From half as
   * many epochs as the training had, it begins at the training's rate, since short fine-tunings
   * want a low one and long ones do not ({@code docs/results.md}). That is a coarse form of
   * learning-rate rewinding: Renda et al. 2020, "Comparing rewinding and fine-tuning in neural
   * network pruning", go back in the schedule by as many epochs as they fine-tune.
   *
   * <p>All else is as it was there: batches, momentum, weight decay, regularization, augmentation,
   * average of the weights. Always the last epoch counts: held-out images confirm what pruning has
   * chosen, so they must not choose the epoch.
   */
  public TrainingOptions toFineTune(int passes) {
    double peak = schedule.learningRate();
    double rate = passes < LONG_FINE_TUNING * epochs ? Math.min(FINE_TUNING_RATE, peak) : peak;
    return withSelection(selection.atTheEnd())
        .withEpochs(passes)
        .withSchedule(Schedule.cosine(rate, WARM_UP));
  }

  public TrainingOptions withEpochs(int other) {
    return new TrainingOptions(
        other, seed, batching, schedule, optimizer, regularization, augmentation, selection);
  }

  public TrainingOptions withSeed(long other) {
    return new TrainingOptions(
        epochs, other, batching, schedule, optimizer, regularization, augmentation, selection);
  }

  public TrainingOptions withBatching(Batching other) {
    return new TrainingOptions(
        epochs, seed, other, schedule, optimizer, regularization, augmentation, selection);
  }

  public TrainingOptions withSchedule(Schedule other) {
    return new TrainingOptions(
        epochs, seed, batching, other, optimizer, regularization, augmentation, selection);
  }

  public TrainingOptions withOptimizer(Optimizer other) {
    return new TrainingOptions(
        epochs, seed, batching, schedule, other, regularization, augmentation, selection);
  }

  public TrainingOptions withAugmentation(Augmentation other) {
    return new TrainingOptions(
        epochs, seed, batching, schedule, optimizer, regularization, other, selection);
  }

  public TrainingOptions withSelection(Selection other) {
    return new TrainingOptions(
        epochs, seed, batching, schedule, optimizer, regularization, augmentation, other);
  }

  public TrainingOptions withLearningRate(double other) {
    return withSchedule(schedule.withLearningRate(other));
  }
}
