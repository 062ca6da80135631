package shallows.pipeline.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import shallows.data.LabelledImages;
import shallows.data.PixelStatistics;
import shallows.model.BadInputException;
import shallows.model.Setting;
import shallows.model.file.IoReason;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Normalization;
import shallows.model.graph.Operation;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.model.onnx.write.OnnxWriter;
import shallows.pipeline.event.Event;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.Stage;
import shallows.pipeline.folder.TrainSettings;
import shallows.train.evidence.BlockScores;
import shallows.train.evidence.SurvivalStatistics;
import shallows.train.loop.Distillation;
import shallows.train.loop.Epoch;
import shallows.train.loop.History;
import shallows.train.loop.Rollback;
import shallows.train.loop.Safeguards;
import shallows.train.loop.TrainedNetwork;
import shallows.train.loop.Trainee;
import shallows.train.loop.Trainer;
import shallows.train.loop.TrainingEnd;
import shallows.train.options.Compute;
import shallows.train.options.StochasticDepth;

/**
 * From images to {@code train/model.onnx}, the trained network with a scale at the end of each
 * branch, and {@code train/survival.json}, what each block is worth.
 */
public final class TrainStage {
  private TrainStage() {}

  /**
   * The network as training begins with it.
   *
   * @throws shallows.model.BadInputException for a network or schedule that is not known, and where
   *     it would not be trained
   */
  public static Graph freshNetwork(TrainSettings settings, RunImages images) {
    if (settings.epochs() < 1) {
      throw new BadInputException(Setting.EPOCHS, "at least 1", settings.epochs(), null);
    }
    LabelledImages train = images.train();
    Normalization pixels = PixelStatistics.normalization(train);
    Task task = new Task(train.classes(), pixels);
    Shape image = Shape.of(train.channels(), train.height(), train.width());
    Graph network = Networks.create(settings.network(), image, task, settings.seed());
    return settings.schedule().applyTo(withDropout(network, settings.dropout()));
  }

  /**
   * @param rate null keeps those of the network
   */
  private static Graph withDropout(Graph network, Double rate) {
    if (rate == null) {
      return network;
    }
    Map<String, Operation> dropouts = new HashMap<>();
    for (Node node : network.nodes()) {
      if (node.operation() instanceof Operation.Dropout) {
        dropouts.put(node.name(), new Operation.Dropout(rate.floatValue()));
      }
    }
    if (dropouts.isEmpty()) {
      throw new BadInputException(
          Setting.DROPOUT,
          "a network with dropout, for example wrn-28-10-d0.3",
          network.name(),
          "leave it out");
    }
    return Rewrites.withOperations(network, dropouts);
  }

  /** A network whose blocks are switched off as the settings say. */
  public static Trainee trainee(Graph network, TrainSettings settings) {
    return Trainee.of(network, StochasticDepth.of(settings.schedule()));
  }

  /**
   * Whether a training that ended for want of time is given the time for another epoch: by a limit
   * that allows it, or where it is to go on and there is none. A run that is given again without a
   * limit, to be cut otherwise, say, trains no more.
   */
  public static boolean hasMoreTime(RunFolder folder, Safeguards safeguards) {
    if (safeguards.timeLimit().isEmpty() && !safeguards.resume()) {
      return false;
    }
    try {
      List<Epoch> epochs = History.read(folder.history());
      return !epochs.isEmpty()
          && epochs.get(epochs.size() - 1).ended() == TrainingEnd.TIME
          && safeguards.haveTimeAfter(epochs);
    } catch (BadInputException e) {
      // Damaged, which a training that goes on mends.
      return false;
    }
  }

  /** Trains a network of ours. */
  public static void run(Work work, Safeguards safeguards) {
    Graph fresh = freshNetwork(work.record().train(), work.images());
    work.tellImages();
    Networks.remark(work.record().train().network())
        .ifPresent(
            remark ->
                work.progress().remark(fresh.name() + ": a network for small images; " + remark));
    if (fresh.blocks().isEmpty()) {
      work.tell(new Event.NoBlocks(fresh.name()));
    }
    run(work, trainee(fresh, work.record().train()), Optional.empty(), safeguards);
  }

  /**
   * @param begun the network to train
   * @param original what it was made from, if somebody else has trained that
   * @param safeguards what keeps the training alive, and whether it goes on with an earlier one
   */
  public static void run(
      Work work, Trainee begun, Optional<OriginalNetwork> original, Safeguards safeguards) {
    RunFolder folder = work.folder();
    RunImages images = work.images();
    Compute compute = work.compute();
    TrainSettings settings = work.record().train();
    List<Rollback> rollbacks = new ArrayList<>();
    work.run(
        Stage.TRAIN,
        record -> record.withImages(images.parts()).withRollbacks(rollbacks),
        fresh -> {
          TrainedNetwork trained =
              Distillation.during(
                  original.map(OriginalNetwork::network).orElse(begun.graph()),
                  original.map(OriginalNetwork::distillation).orElse(Distillation.Options.none()),
                  compute,
                  rule ->
                      Trainer.train(
                          begun.towards(rule),
                          images.split(),
                          settings.training(),
                          compute,
                          folder.train(),
                          safeguards,
                          work.progress()));
          rollbacks.addAll(trained.rollbacks());
          long trainedAt = System.nanoTime();
          Graph network = trained.graph();
          statistics(trained, work).write(fresh.resolve(folder.survival().getFileName()));
          copy(folder.history(), fresh);
          if (work.record().from() != null) {
            copy(folder.classifierModel(), fresh);
          }
          original.ifPresent(theirs -> theirs.write(folder, fresh));
          OnnxWriter.write(trained.graph(), fresh.resolve(folder.fullModel().getFileName()));
          Epoch last = trained.history().get(trained.history().size() - 1);
          return new Work.Done(
              seconds ->
                  new Event.Trained(
                      settings.network(),
                      network.blocks().size(),
                      trained.chosen().heldOutAccuracy(),
                      images.heldOut().size(),
                      seconds),
              last.seconds() + (System.nanoTime() - trainedAt) / 1e9);
        });
  }

  /** What a training says of its blocks, beside leave-one-out and other scores. */
  private static SurvivalStatistics statistics(TrainedNetwork trained, Work work) {
    Graph network = trained.graph();
    return SurvivalStatistics.of(
            network,
            trained.steps(),
            LeaveOneOutJob.measure(work, network),
            BlockScores.measure(network, work.images().heldOut(), work.compute()))
        .withHistory(trained.survival());
  }

  /** What grows beside the checkpoint, such as the history; its last state is an output. */
  static void copy(Path file, Path fresh) {
    try {
      Files.copy(file, fresh.resolve(file.getFileName()));
    } catch (IOException e) {
      throw new BadInputException(
          file,
          null,
          "cannot be copied (" + IoReason.of(e) + ")",
          "free space and run the same command again",
          e);
    }
  }
}
