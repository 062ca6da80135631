package shallows.train.loop;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import shallows.data.HeldOutSplit;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.train.checkpoint.Restorable;
import shallows.train.engine.Pace;
import shallows.train.engine.StepRates;
import shallows.train.engine.TorchTraining;
import shallows.train.evidence.StepLog;
import shallows.train.evidence.SurvivalGates;
import shallows.train.inference.DropoutShift;
import shallows.train.inference.TorchClassifier;
import shallows.train.options.Compute;
import shallows.train.options.Selection;
import shallows.train.options.TrainingOptions;

/** One training from its first epoch, or its checkpoint, to its last. */
final class TrainingRun {
  private final Trainee trainee;
  private final Graph graph;
  private final LabelledImages train;
  private final LabelledImages heldOut;
  private final TrainingOptions options;
  private final Compute compute;

  /** Null where nothing is written. */
  private final Path folder;

  private final Progress progress;
  private final SurvivalGates gates;
  private final BestEpoch bestEpoch;
  private final int batchSize;
  private final int stepsAnEpoch;
  private final long totalSteps;
  private final Map<String, String> identity;
  private final LastLosses lastLosses;
  private final StepLog steps;
  private final History history;
  private final EpochTally tally = new EpochTally();
  private final Rollbacks rollbacks = new Rollbacks();
  private final Safeguards safeguards;

  /** Null where nothing is written. */
  private Checkpoints checkpoints;

  private TrainingEvents events;
  private StepGroups groups;

  /** Null for the one that suits the device. */
  private Pace pace;

  TrainingRun(
      Trainee trainee,
      HeldOutSplit images,
      TrainingOptions options,
      Compute compute,
      Path folder,
      Safeguards safeguards,
      Progress progress) {
    this.trainee = trainee;
    this.graph = trainee.graph();
    this.train = images.train();
    this.heldOut = images.heldOut();
    this.options = options;
    this.compute = compute;
    this.folder = folder;
    this.safeguards = safeguards;
    this.progress = progress;
    batchSize = Math.min(options.batching().batch(), train.size());
    stepsAnEpoch = train.size() / batchSize;
    totalSteps = (long) options.epochs() * stepsAnEpoch;
    gates = new SurvivalGates(graph, trainee.depth());
    bestEpoch = new BestEpoch(graph);
    history = new History(trainee.earlier());
    lastLosses = new LastLosses(train.size());
    steps = new StepLog(graph.blocks().stream().map(Block::name).toList());
    identity = folder == null ? Map.of() : TrainingIdentity.of(trainee, train, options, compute);
  }

  /** Keeps a pace whatever suits the device. */
  TrainingRun atPace(Pace other) {
    pace = other;
    return this;
  }

  TrainedNetwork run() {
    try (TorchTraining network =
        new TorchTraining(
            graph,
            trainee.quantization(),
            trainee.rates(),
            options.batching().withSize(batchSize),
            compute)) {
      start(network);
      Pace kept = pace == null ? network.pace(batchSize) : pace;
      groups =
          new StepGroups(
              network,
              new StepFeed(train, graph, options, trainee.rule(), gates, batchSize, kept.steps()),
              kept.ahead(),
              options.selection(),
              step -> new StepRates(rate(step), options.optimizer()));
      events = TrainingEvents.begin(folder, steps.size());
      // What an interrupted training did already took none of this one's time.
      long stepsToGo = (long) options.epochs() * stepsAnEpoch - steps.size();
      progress.start(trainee.depth().isOn() ? "train" : "fine-tune", Math.max(1, stepsToGo));
      while (history.size() == 0 || history.last().ended() == TrainingEnd.NO) {
        try {
          epoch(network);
        } catch (Divergence divergence) {
          recover(divergence);
        }
      }
      boolean best = keepsBest();
      return new TrainedNetwork(
          best ? bestEpoch.graph() : asItIsUsed(network),
          best ? bestEpoch.epoch() : history.last().epoch(),
          steps,
          history.epochs(),
          rollbacks.list(),
          gates.updates());
    } finally {
      progress.finish();
      if (events != null) {
        events.close();
      }
    }
  }

  /** Goes on from a checkpoint if that is wanted and there is one. */
  private void start(TorchTraining network) {
    if (folder == null) {
      return;
    }
    Map<String, Restorable> components = new LinkedHashMap<>();
    components.put("network", network);
    components.put("last losses", lastLosses);
    components.put("steps", steps);
    components.put("survival", gates);
    if (keepsBest()) {
      components.put("best", bestEpoch);
    }
    components.put("epoch", tally);
    components.put("history", history);
    components.put("rollbacks", rollbacks);
    checkpoints =
        new Checkpoints(
            Trainer.checkpoints(folder),
            stepsAnEpoch,
            identity,
            components,
            safeguards,
            progress::remark);
    if (!safeguards.resume()) {
      Trainer.clear(folder);
    }
    if (safeguards.resume() && checkpoints.resume()) {
      if (history.size() > 0 && safeguards.haveTimeAfter(history.epochs())) {
        history.reopen();
      }
      history.write(folder);
    } else {
      checkpoints.save(0);
    }
  }

  /** One epoch, or what is left of it. */
  private void epoch(TorchTraining network) throws Divergence {
    int epoch = history.size();
    groups.begin(epoch, tally.steps());
    while (tally.steps() < stepsAnEpoch) {
      for (StepGroups.Done done : groups.next(tally.steps(), steps.size())) {
        record(done);
      }
      saveIfDue(network);
    }
    long begin = System.nanoTime();
    Graph trained = asItIsUsed(network);
    Predictions answers = answers(trained);
    Epoch done =
        new Epoch(
            history.next(),
            stepsAnEpoch,
            rate(steps.size() - 1),
            tally.loss(),
            tally.accuracy(batchSize),
            answers.meanLoss(heldOut),
            answers.accuracy(heldOut),
            tally.activeBlocks(),
            tally.imagesPerSecond(batchSize),
            history.seconds() + tally.seconds() + (System.nanoTime() - begin) / 1e9,
            rollbacks.count(),
            tally.waiting(),
            TrainingPhase.NETWORK,
            TrainingEnd.NO);
    if (keepsBest()) {
      bestEpoch.offer(trained, done);
    }
    history.add(done);
    end();
    tally.clear();
    events.epoch(steps, history.last(), gates.probabilities());
    progress.report(
        History.figures(
            history.last(), trainee.earlier().size() + options.epochs(), graph.blocks().size()));
    if (checkpoints != null) {
      checkpoints.save(steps.size());
      history.write(folder);
    }
  }

  private Graph asItIsUsed(TorchTraining network) {
    return DropoutShift.removed(gates.applyTo(network.graph()), train, compute);
  }

  /** Ends the training where it has come to its end. */
  private void end() {
    history.endIfDue(options, bestEpoch.age(history.last()), safeguards);
    if (history.last().ended() != TrainingEnd.NO && history.size() < options.epochs()) {
      progress.remark(history.last().endInWords());
    }
  }

  private boolean keepsBest() {
    return options.selection().keep() == Selection.Keep.BEST;
  }

  private void saveIfDue(TorchTraining network) {
    // The end of an epoch has a checkpoint of its own. Weights that the last update spoiled must
    // not replace good ones; the next loss tells of them.
    if (checkpoints != null
        && tally.steps() < stepsAnEpoch
        && checkpoints.isDue()
        && network.isFinite()) {
      checkpoints.save(steps.size());
    }
  }

  /** Of a step of the whole training, from 0. */
  private double rate(long step) {
    return options.schedule().at(step, totalSteps) * rollbacks.rateFactor();
  }

  /** Takes down what came of a step; the next ones may have been done by now. */
  private void record(StepGroups.Done done) throws Divergence {
    float loss = done.outcome().loss();
    if (!Float.isFinite(loss)) {
      String where = "step " + (tally.steps() + 1);
      throw new Divergence(history.size(), steps.size() + 1L, loss, where, rate(steps.size()));
    }
    int[] images = done.step().indices();
    steps.append(done.step().on(), loss, lastLosses.difficulty(images));
    lastLosses.replace(images, done.outcome().losses());
    gates.learn(steps);
    tally.add(done);
    progress.advance(1, note());
    events.step(steps, rate(steps.size() - 1));
  }

  private Predictions answers(Graph trained) throws Divergence {
    Predictions answers =
        TorchClassifier.answers(trained, trainee.quantization(), heldOut, compute);
    // The last update of an epoch can spoil the weights after the last loss was looked at.
    double loss = answers.meanLoss(heldOut);
    if (!Double.isFinite(loss)) {
      throw new Divergence(
          history.size(), steps.size(), loss, "the held-out images", rate(steps.size() - 1));
    }
    return answers;
  }

  private void recover(Divergence divergence) {
    boolean rollBack = safeguards.onDivergence() == Safeguards.OnDivergence.ROLLBACK;
    if (checkpoints == null || !rollBack || rollbacks.count() == Rollbacks.MOST) {
      // A fine-tuning is short and starts again; its checkpoint is not kept for anyone.
      boolean kept = checkpoints != null && trainee.depth().isOn();
      throw divergence.end(
          graph.name(), rollbacks.count(), Divergence.wayOut(kept, rollBack, history.size()));
    }
    long done = steps.size();
    Rollback rollback = checkpoints.rollBack(divergence, rollbacks);
    events.restart(rollback.backTo());
    history.write(folder);
    progress.advance(steps.size() - done, note());
    progress.remark(rollback.inWords(rollbacks.count()));
  }

  private String note() {
    String epoch =
        "epoch " + Math.min(history.size() + 1, options.epochs()) + "/" + options.epochs();
    return tally.steps() == 0
        ? epoch
        : epoch + ", " + tally.words(batchSize, graph.blocks().size());
  }
}
