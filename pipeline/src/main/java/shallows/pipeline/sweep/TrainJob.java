package shallows.pipeline.sweep;

import java.util.List;
import java.util.Locale;
import shallows.data.LabelledImages;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.json.OrNull;
import shallows.pipeline.Inspection;
import shallows.pipeline.Run;
import shallows.pipeline.Shallows;
import shallows.pipeline.event.Listener;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.TrainSettings;
import shallows.pipeline.stage.RunImages;
import shallows.train.evidence.Evidence;
import shallows.train.evidence.SurvivalStatistics;
import shallows.train.inference.TorchClassifier;
import shallows.train.jobs.Job;
import shallows.train.jobs.Jobs;
import shallows.train.loop.Epoch;
import shallows.train.loop.History;
import shallows.train.loop.Trainer;
import shallows.train.options.Compute;

/**
 * One training, as a run of its own in the job's folder. Interrupted, it goes on from its last
 * checkpoint.
 *
 * @param settings all that the network depends on
 */
public record TrainJob(TrainSettings settings) implements Job<TrainJob.Trained> {
  private static final long serialVersionUID = 1;

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
    return String.format(
        Locale.ROOT,
        "train-%s-%s-seed%d",
        settings.network(),
        settings.survival().replace(':', '-'),
        settings.seed());
  }

  @Override
  public Class<Trained> resultType() {
    return Trained.class;
  }

  @Override
  public Trained run(Jobs jobs) {
    Run run = in(jobs).train(settings);
    RunImages images = RunImages.open(settings, Listener.of(jobs.progress()));
    Inspection trained = run.inspect();
    SurvivalStatistics statistics = trained.survival().orElseThrow();
    List<Epoch> history = History.read(new RunFolder(run.folder()).history());
    Trained result =
        new Trained(
            trained.graph().blocks().size(),
            Cost.of(trained.graph()).macs(),
            accuracy(trained.graph(), images.test(), jobs.compute()),
            accuracy(trained.graph(), images.heldOut(), jobs.compute()),
            history.get(history.size() - 1).seconds(),
            correlation(Evidence.EFFECT, statistics),
            correlation(Evidence.TAYLOR, statistics),
            correlation(Evidence.L1, statistics),
            correlation(Evidence.DEPTH, statistics),
            statistics.attainableCorrelation().isPresent()
                ? statistics.attainableCorrelation().getAsDouble()
                : null);
    Trainer.clear(new RunFolder(run.folder()).train());
    return result;
  }

  /** The run that the training is, in the folder of the job. */
  private Run in(Jobs jobs) {
    return Shallows.run(jobs.folder(this))
        .on(jobs.compute())
        .heardBy(Listener.of(jobs.progress()))
        .begunBy("a sweep");
  }

  private static Double correlation(Evidence evidence, SurvivalStatistics statistics) {
    var found = evidence.rankCorrelation(statistics);
    return found.isPresent() ? found.getAsDouble() : null;
  }

  /** The trained network; trains it where that has not been done. */
  public Graph network(Jobs jobs) {
    jobs.result(this);
    return in(jobs).inspect().graph();
  }

  /** What its training says of its blocks; trains it where that has not been done. */
  public SurvivalStatistics statistics(Jobs jobs) {
    jobs.result(this);
    return in(jobs).inspect().survival().orElseThrow();
  }

  /** The share of images that a network gets right, in [0, 1]. */
  public static double accuracy(Graph network, LabelledImages images, Compute compute) {
    return TorchClassifier.answers(network, images, compute).accuracy(images);
  }
}
