package shallows.train.loop;

import java.util.ArrayList;
import java.util.List;
import shallows.data.LabelledImages;
import shallows.model.BadInputException;
import shallows.model.progress.Progress;
import shallows.train.engine.StepRates;
import shallows.train.engine.TorchTraining;
import shallows.train.evidence.SurvivalGates;
import shallows.train.options.Compute;
import shallows.train.options.TrainingOptions;

/**
 * A short training from the beginning whose learning rate grows from step to step by the same
 * factor, to see where it begins to help and where it is too much (Smith 2017, "Cyclical learning
 * rates for training neural networks", section 3.3). Nothing of it is kept but the losses. Step i
 * of N has
 *
 * <pre>
 *   η_i = η_0·(η_N / η_0)^(i / (N − 1)),   η_0 = 1e-5, η_N = 10
 *   s_i = β·s_{i−1} + (1 − β)·loss_i,      smoothed: s_i / (1 − β^(i+1)),  β = 0.95
 * </pre>
 *
 * It ends where the smoothed loss is four times the least that it was, or the loss is no number.
 */
public final class LearningRateFinder {
  public static final int STEPS = 200;
  static final double LEAST = 1e-5;
  static final double MOST = 10;
  private static final double SMOOTHING = 0.95;
  private static final double TOO_MUCH = 4;

  private LearningRateFinder() {}

  /**
   * @param options of the training to come; its schedule and epochs do not matter
   * @throws BadInputException where the loss is no number from the first step on
   */
  public static LearningRateCurve find(
      Trainee trainee,
      LabelledImages train,
      TrainingOptions options,
      Compute compute,
      Progress progress) {
    int batch = Math.min(options.batching().batch(), train.size());
    int stepsAnEpoch = train.size() / batch;
    LossCurve curve = new LossCurve();
    progress.start("learning rates", STEPS);
    try (TorchTraining network =
        new TorchTraining(
            trainee.graph(),
            trainee.quantization(),
            trainee.rates(),
            options.batching().withSize(batch),
            compute)) {
      SurvivalGates gates = new SurvivalGates(trainee.graph(), trainee.depth());
      StepFeed feed =
          new StepFeed(train, trainee.graph(), options, trainee.rule(), gates, batch, 1);
      StepGroups groups =
          new StepGroups(
              network,
              feed,
              false,
              options.selection(),
              step -> new StepRates(rate(step), options.optimizer()));
      for (int step = 0; step < STEPS && curve.goesOn(); step++) {
        if (step % stepsAnEpoch == 0) {
          groups.begin(step / stepsAnEpoch, 0);
        }
        float loss = groups.next(step % stepsAnEpoch, step).get(0).outcome().loss();
        curve.add(rate(step), loss);
        progress.advance(1, "");
      }
    } finally {
      progress.finish();
    }
    return curve.found(trainee.graph().name());
  }

  /**
   * @param step from 0
   */
  static double rate(long step) {
    return LEAST * Math.pow(MOST / LEAST, step / (STEPS - 1.0));
  }

  /** The losses so far. */
  static final class LossCurve {
    private final List<LearningRateCurve.Point> points = new ArrayList<>();
    private double sum;
    private double least = Double.POSITIVE_INFINITY;
    private boolean ended;

    boolean goesOn() {
      return !ended;
    }

    void add(double rate, double loss) {
      if (!Double.isFinite(loss)) {
        ended = true;
        return;
      }
      sum = SMOOTHING * sum + (1 - SMOOTHING) * loss;
      double smoothed = sum / (1 - Math.pow(SMOOTHING, points.size() + 1));
      points.add(new LearningRateCurve.Point(rate, loss, smoothed));
      least = Math.min(least, smoothed);
      ended = smoothed > TOO_MUCH * least;
    }

    LearningRateCurve found(String network) {
      if (points.isEmpty()) {
        throw new BadInputException(
            "learning rates of " + network,
            "a finite loss",
            "none at the first step",
            "train with another seed or normalization");
      }
      return new LearningRateCurve(points);
    }
  }
}
