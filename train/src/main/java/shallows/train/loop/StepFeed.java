package shallows.train.loop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import shallows.data.LabelledImages;
import shallows.model.graph.Graph;
import shallows.train.engine.Gates;
import shallows.train.engine.Randomness;
import shallows.train.engine.StepInput;
import shallows.train.evidence.SurvivalGates;
import shallows.train.options.TrainingOptions;

/** Makes what the steps of an epoch read: draws gates, and loads and changes images. */
final class StepFeed {
  private final LabelledImages images;
  private final TrainingOptions options;
  private final SurvivalGates gates;
  private final ClassBalance balance;
  private final int batchSize;
  private final int stepsAnEpoch;

  /** One for each step that is made at a time. */
  private final List<Batch> batches = new ArrayList<>();

  private int epoch;
  private int[] order;

  /**
   * A step that can be done.
   *
   * @param indices of its images in the training set
   * @param on block by block whether it will run
   * @param input its arrays are used again for the next steps that are made
   * @param waiting seconds until the images came from their files
   */
  record Step(int[] indices, boolean[] on, StepInput input, double waiting) {}

  /**
   * @param together how many steps are made at a time at most
   */
  StepFeed(
      LabelledImages images,
      Graph graph,
      TrainingOptions options,
      TargetRule rule,
      SurvivalGates gates,
      int batchSize,
      int together) {
    this.images = images;
    this.options = options;
    this.gates = gates;
    this.batchSize = batchSize;
    stepsAnEpoch = images.size() / batchSize;
    balance = new ClassBalance(images, options.batching().balance());
    for (int i = 0; i < together; i++) {
      batches.add(new Batch(images, graph, batchSize, options.regularization(), balance, rule));
    }
  }

  /**
   * @param number of the epoch, from 0
   * @param done how many of its steps were done before
   */
  void begin(int number, int done) {
    epoch = number;
    order = balance.order(options.seed(), epoch);
    images.readAhead(Arrays.copyOfRange(order, done * batchSize, stepsAnEpoch * batchSize));
  }

  /**
   * The next steps of the epoch: as many as are made at a time, but none behind its end, and none
   * whose gates hang on what these steps tell.
   *
   * @param first of them, from 0 in the epoch
   * @param before how many steps of the whole training come before it
   */
  List<Step> make(int first, long before) {
    List<Step> steps = new ArrayList<>();
    do {
      steps.add(step(first + steps.size(), batches.get(steps.size())));
    } while (steps.size() < batches.size()
        && first + steps.size() < stepsAnEpoch
        && !gates.learnsAfter(before + steps.size()));
    return steps;
  }

  /**
   * The same, before the steps in front of them have been looked at; empty where that cannot be.
   */
  List<Step> makeAhead(int first, long before) {
    return first < stepsAnEpoch && !gates.learnsAfter(before) ? make(first, before) : List.of();
  }

  private Step step(int number, Batch batch) {
    long waited = images.waitedNanos();
    Random random = Randomness.of(options.seed(), epoch, number);
    Gates drawn = gates.draw(random, batchSize);
    int[] indices = Arrays.copyOfRange(order, number * batchSize, (number + 1) * batchSize);
    batch.load(
        indices,
        options.augmentation(),
        random,
        place -> Randomness.of(options.seed(), epoch, number, place));
    // Last, so that a network with dropout sees the gates and images of one without.
    long dropoutSeed = random.nextLong();
    return new Step(
        indices,
        gates.ran(drawn),
        new StepInput(batch.pixels(), batch.targets(), batchSize, drawn, dropoutSeed),
        (images.waitedNanos() - waited) / 1e9);
  }
}
