package shallows.pipeline.sweep;

import java.nio.file.Path;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.json.OrNull;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;
import shallows.model.progress.Progress;
import shallows.pipeline.event.Listener;
import shallows.pipeline.folder.TrainSettings;
import shallows.pipeline.stage.RunImages;
import shallows.pipeline.stage.TrainStage;
import shallows.train.evidence.Evidence;
import shallows.train.evidence.SurvivalStatistics;
import shallows.train.inference.TorchClassifier;
import shallows.train.jobs.Job;
import shallows.train.jobs.Jobs;
import shallows.train.loop.Safeguards;
import shallows.train.loop.TrainedNetwork;
import shallows.train.loop.Trainer;
import shallows.train.options.Compute;

/**
 * One training, to {@code model.onnx} and {@code survival.json} in the job's folder. Interrupted,
 * it goes on from its last checkpoint.
 *
 * @param settings all that the network depends on
 */
public record TrainJob(TrainSettings settings) implements Job<TrainJob.Trained> {
  private static final long serialVersionUID = 1;
  private static final int BATCH = 250;

  /**
   * What came of it.
   *
   * @param blocks how many
   * @param macs for one image at full depth
   * @param testAccuracy of the expectation, every branch scaled by its survival probability
   * @param heldOutAccuracy likewise, on the held-out images
   * @param seconds of the training
   * @param effectCorrelation Spearman's, of the free statistics with leave-one-out; null where
   *     there is none, as for the three below
   * @param taylorCorrelation of the Taylor score
   * @param l1Correlation of the mean |weight|
   * @param depthCorrelation of depth alone
   * @param attainableCorrelation of the truth itself
   */
  public record Trained(
      int blocks,
      long macs,
      double testAccuracy,
      double heldOutAccuracy,
      double seconds,
      @OrNull Double effectCorrelation,
      @OrNull Double taylorCorrelation,
      @OrNull Double l1Correlation,
      @OrNull Double depthCorrelation,
      @OrNull Double attainableCorrelation) {}

  @Override
  public String name() {
    return "train-%s-%s-seed%d"
        .formatted(settings.network(), settings.survival().replace(':', '-'), settings.seed());
  }

  @Override
  public Class<Trained> resultType() {
    return Trained.class;
  }

  @Override
  public Trained run(Jobs jobs) {
    RunImages images = RunImages.open(settings, Listener.of(jobs.progress()));
    Path folder = jobs.folder(this);
    TrainedNetwork trained =
        Trainer.train(
            TrainStage.trainee(TrainStage.freshNetwork(settings, images), settings),
            images.split(),
            settings.training(),
            jobs.compute(),
            folder,
            Safeguards.standard().withResume(true),
            jobs.progress());
    Graph network = trained.graph();
    SurvivalStatistics statistics =
        TrainStage.statistics(trained, images, jobs.compute(), jobs.progress());
    statistics.write(folder.resolve("survival.json"));
    OnnxWriter.write(network, folder.resolve("model.onnx"));
    Trained result =
        new Trained(
            network.blocks().size(),
            Cost.of(network).macs(),
            accuracy(network, images.test(), jobs.compute()),
            accuracy(network, images.heldOut(), jobs.compute()),
            trained.history().get(trained.history().size() - 1).seconds(),
            correlation(Evidence.EFFECT, statistics),
            correlation(Evidence.TAYLOR, statistics),
            correlation(Evidence.L1, statistics),
            correlation(Evidence.DEPTH, statistics),
            statistics.attainableCorrelation().isPresent()
                ? statistics.attainableCorrelation().getAsDouble()
                : null);
    Trainer.clear(folder);
    return result;
  }

  private static Double correlation(Evidence evidence, SurvivalStatistics statistics) {
    var found = evidence.rankCorrelation(statistics);
    return found.isPresent() ? found.getAsDouble() : null;
  }

  /** The trained network; trains it where that has not been done. */
  public Graph network(Jobs jobs) {
    jobs.result(this);
    return OnnxReader.read(jobs.folder(this).resolve("model.onnx"));
  }

  /** What its training says of its blocks; trains it where that has not been done. */
  public SurvivalStatistics statistics(Jobs jobs) {
    jobs.result(this);
    return SurvivalStatistics.read(jobs.folder(this).resolve("survival.json"));
  }

  /** The share of images that a network gets right, in [0, 1]. */
  public static double accuracy(Graph network, LabelledImages images, Compute compute) {
    try (TorchClassifier classifier = new TorchClassifier(network, compute)) {
      return Predictions.of(classifier, images, network.task(), BATCH, Progress.SILENT)
          .accuracy(images);
    }
  }
}
