package shallows.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import shallows.model.BadInputException;
import shallows.model.evaluation.Predictions;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.images.LabelledImages;
import shallows.model.progress.Progress;
import shallows.train.checkpoint.Checkpoint;
import shallows.train.statistics.StepLog;
import shallows.train.torch.StepRates;
import shallows.train.torch.TorchTraining;

/** One training from its first epoch, or its checkpoint, to its last. */
final class TrainingRun {
  private static final int EVALUATION_BATCH = 250;

  private final Graph graph;
  private final LabelledImages train;
  private final LabelledImages heldOut;
  private final TrainingOptions options;
  private final Compute compute;

  /** Null where nothing is written. */
  private final Path folder;

  private final Progress progress;
  private final float[] survival;
  private final int batchSize;
  private final int stepsAnEpoch;
  private final long totalSteps;
  private final Map<String, String> identity;

  private final float[] lastLosses;
  private StepLog steps;
  private final List<Epoch> history = new ArrayList<>();

  TrainingRun(
      Graph graph,
      LabelledImages train,
      LabelledImages heldOut,
      TrainingOptions options,
      Compute compute,
      Path folder,
      Progress progress) {
    this.graph = graph;
    this.train = train;
    this.heldOut = heldOut;
    this.options = options;
    this.compute = compute;
    this.folder = folder;
    this.progress = progress;
    batchSize = Math.min(options.batching().size(), train.size());
    stepsAnEpoch = train.size() / batchSize;
    totalSteps = (long) options.epochs() * stepsAnEpoch;
    survival = new float[graph.blocks().size()];
    for (int b = 0; b < survival.length; b++) {
      survival[b] = graph.survival(graph.blocks().get(b));
    }
    lastLosses = new float[train.size()];
    Arrays.fill(lastLosses, Float.NaN);
    steps = new StepLog(graph.blocks().stream().map(Block::name).toList());
    identity = folder == null ? Map.of() : TrainingIdentity.of(graph, train, options);
  }

  TrainedNetwork run(boolean resume) {
    try (TorchTraining network = start(resume)) {
      // What an interrupted training did already took none of this one's time.
      long stepsToGo = (long) (options.epochs() - history.size()) * stepsAnEpoch;
      progress.start(options.stochasticDepth() ? "train" : "fine-tune", Math.max(1, stepsToGo));
      while (history.size() < options.epochs()) {
        history.add(epoch(network, history.size()));
        if (folder != null) {
          new Checkpoint(
                  identity, network.parameters(), network.velocities(), lastLosses, steps, history)
              .write(folder.resolve(Trainer.CHECKPOINT));
          History.write(history, folder);
        }
      }
      return new TrainedNetwork(network.graph(), steps, history);
    } finally {
      progress.finish();
    }
  }

  private TorchTraining start(boolean resume) {
    int parts = options.batching().parts(batchSize);
    Path file = folder == null ? null : folder.resolve(Trainer.CHECKPOINT);
    if (file == null || !resume || !Files.exists(file)) {
      delete(file);
      return new TorchTraining(graph, graph.parameters(), Map.of(), parts, compute);
    }
    Checkpoint checkpoint = Checkpoint.read(file);
    checkpoint.requireIdentity(file, identity);
    System.arraycopy(checkpoint.lastLosses(), 0, lastLosses, 0, lastLosses.length);
    steps = checkpoint.steps();
    history.addAll(checkpoint.history());
    History.write(history, folder);
    return new TorchTraining(
        graph, checkpoint.parameters(), checkpoint.velocities(), parts, compute);
  }

  private static void delete(Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new BadInputException(
          file + ": cannot be deleted (" + e.getMessage() + "); delete it, or choose another --out",
          e);
    }
  }

  /**
   * @param epoch from 0
   */
  private Epoch epoch(TorchTraining network, int epoch) {
    int[] order = Randomness.order(train.size(), options.seed(), epoch);
    Batch batch = new Batch(train, graph, batchSize);
    double loss = 0;
    long right = 0;
    long active = 0;
    long begin = System.nanoTime();
    for (int step = 0; step < stepsAnEpoch; step++) {
      Random random = Randomness.of(options.seed(), epoch, step);
      boolean[] on = gates(random);
      int[] indices = Arrays.copyOfRange(order, step * batchSize, (step + 1) * batchSize);
      batch.load(indices, options.augmentation(), random);
      float difficulty = batch.difficulty(lastLosses);
      Batch.Outcome outcome = step(network, batch, on, epoch, step);
      steps.append(on, outcome.loss(), difficulty);
      loss += outcome.loss();
      right += outcome.right();
      active += count(on);
      progress.advance(1, note(epoch, loss / (step + 1)));
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    Predictions answers = answers(network, epoch);
    return new Epoch(
        epoch + 1,
        stepsAnEpoch,
        learningRate(epoch, stepsAnEpoch - 1),
        loss / stepsAnEpoch,
        (double) right / stepsAnEpoch / batchSize,
        answers.meanLoss(heldOut),
        answers.accuracy(heldOut),
        (double) active / stepsAnEpoch,
        stepsAnEpoch * batchSize / seconds,
        secondsSoFar() + (System.nanoTime() - begin) / 1e9);
  }

  private boolean[] gates(Random random) {
    boolean[] on = new boolean[survival.length];
    Arrays.fill(on, true);
    return options.stochasticDepth() ? Randomness.gates(survival, random) : on;
  }

  private Batch.Outcome step(
      TorchTraining network, Batch batch, boolean[] on, int epoch, int step) {
    double rate = learningRate(epoch, step);
    float[] logits =
        network.step(
            batch.pixels(),
            batch.targets(),
            batch.size(),
            options.stochasticDepth() ? on : null,
            new StepRates(rate, options.optimizer().momentum(), options.optimizer().weightDecay()));
    Batch.Outcome outcome = batch.outcome(logits, lastLosses);
    if (!Float.isFinite(outcome.loss())) {
      throw diverged(outcome.loss(), "step " + (step + 1), epoch, rate);
    }
    return outcome;
  }

  private double learningRate(int epoch, int step) {
    return options.schedule().at((long) epoch * stepsAnEpoch + step, totalSteps);
  }

  private Predictions answers(TorchTraining network, int epoch) {
    try (TorchClassifier classifier = new TorchClassifier(network.graph(), compute)) {
      Predictions answers =
          Predictions.of(classifier, heldOut, graph.task(), EVALUATION_BATCH, Progress.SILENT);
      // The last update of an epoch can spoil the weights after the last loss was looked at.
      if (!Double.isFinite(answers.meanLoss(heldOut))) {
        throw diverged(
            answers.meanLoss(heldOut),
            "the held-out images",
            epoch,
            learningRate(epoch, stepsAnEpoch - 1));
      }
      return answers;
    }
  }

  private BadInputException diverged(double loss, String where, int epoch, double rate) {
    // A fine-tuning is short and starts again; its checkpoint is not kept for anyone.
    String left =
        folder == null || history.isEmpty() || !options.stochasticDepth()
            ? ""
            : "; the checkpoint of epoch " + history.size() + " is kept";
    return new BadInputException(
        String.format(
            Locale.ROOT,
            "training of %s: expected a finite loss, found %s at %s of epoch %d with learning rate"
                + " %.4g; train with a smaller learning rate%s",
            graph.name(),
            loss,
            where,
            epoch + 1,
            rate,
            left));
  }

  private String note(int epoch, double loss) {
    return String.format(Locale.ROOT, "epoch %d/%d loss %.3f", epoch + 1, options.epochs(), loss);
  }

  private double secondsSoFar() {
    return history.isEmpty() ? 0 : history.get(history.size() - 1).seconds();
  }

  private static int count(boolean[] on) {
    int count = 0;
    for (boolean each : on) {
      count += each ? 1 : 0;
    }
    return count;
  }
}
