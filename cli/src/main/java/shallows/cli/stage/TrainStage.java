package shallows.cli.stage;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import shallows.cli.folder.OpenRun;
import shallows.cli.folder.Stage;
import shallows.cli.folder.TrainSettings;
import shallows.cli.terminal.Console;
import shallows.cli.terminal.Words;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.images.LabelledImages;
import shallows.model.images.Normalization;
import shallows.model.network.Networks;
import shallows.model.network.SurvivalSchedule;
import shallows.model.onnx.OnnxWriter;
import shallows.model.progress.Progress;
import shallows.train.Compute;
import shallows.train.TrainedNetwork;
import shallows.train.Trainer;
import shallows.train.TrainingOptions;
import shallows.train.statistics.LeaveOneOut;
import shallows.train.statistics.SurvivalStatistics;

/**
 * From images to {@code train/model.onnx}, the trained network with a scale at the end of each
 * branch, and {@code train/survival.json}, what each block is worth.
 */
public final class TrainStage {
  /** As many images tell the mean of an activation to three per cent of its deviation. */
  private static final int SAMPLE = 1000;

  private TrainStage() {}

  /**
   * The network as training begins with it.
   *
   * @throws shallows.model.BadInputException for a network or schedule that is not known
   */
  public static Graph freshNetwork(TrainSettings settings, RunImages images) {
    LabelledImages train = images.train();
    Normalization pixels = Normalization.measure(train);
    Task task = new Task(train.classes(), pixels.mean(), pixels.deviation());
    Shape image = Shape.of(train.channels(), train.height(), train.width());
    SurvivalSchedule survival = SurvivalSchedule.parse(settings.survival());
    return survival.applyTo(Networks.create(settings.network(), image, task, settings.seed()));
  }

  /**
   * @param fresh the network to train
   * @param goOn whether to go on from the last finished epoch, if there is one
   */
  public static void run(
      OpenRun run,
      RunImages images,
      Graph fresh,
      boolean goOn,
      Compute compute,
      Console console,
      Progress progress) {
    TrainSettings settings = run.record().train();
    TrainingOptions options =
        TrainingOptions.standard(settings.seed())
            .withEpochs(settings.epochs())
            .withBatchSize(settings.batch())
            .withLearningRate(settings.learningRate());
    List<HistoryFile.Row> before = goOn ? HistoryFile.read(run.folder().history()) : List.of();
    double earlier = before.isEmpty() ? 0 : before.get(before.size() - 1).seconds();
    StageWork.run(
        run,
        Stage.TRAIN,
        goOn,
        earlier,
        console,
        () -> {
          TrainedNetwork trained =
              Trainer.train(
                  fresh,
                  images.train(),
                  images.heldOut(),
                  options,
                  compute,
                  run.folder().train(),
                  goOn,
                  progress);
          LabelledImages sample = sample(images.train(), settings.seed());
          Map<String, Double> leaveOneOut =
              LeaveOneOut.measure(trained.graph(), sample, images.heldOut(), compute, progress);
          SurvivalStatistics.of(trained.graph(), trained.steps(), leaveOneOut)
              .write(run.folder().survival());
          OnnxWriter.write(trained.graph(), run.folder().fullModel());
          double accuracy = trained.history().get(trained.history().size() - 1).heldOutAccuracy();
          return String.format(
              Locale.ROOT,
              "%s  %d blocks  %s on %s held-out images",
              settings.network(),
              trained.graph().blocks().size(),
              Words.percent(accuracy),
              Words.count(images.heldOut().size()));
        });
  }

  /** Training images to measure batch norm on. */
  private static LabelledImages sample(LabelledImages train, long seed) {
    return train.size() <= SAMPLE
        ? train
        : train.split((double) SAMPLE / train.size(), seed).heldOut();
  }
}
