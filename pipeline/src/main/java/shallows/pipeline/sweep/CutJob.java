package shallows.pipeline.sweep;

import java.util.Locale;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.pipeline.event.Listener;
import shallows.pipeline.stage.RunImages;
import shallows.prune.PruneOptions;
import shallows.prune.Pruner;
import shallows.prune.plan.Budget;
import shallows.prune.plan.Decision;
import shallows.prune.plan.PrunedNetwork;
import shallows.train.jobs.Job;
import shallows.train.jobs.Jobs;

/**
 * How far a trained network can be cut by dropping blocks, without any fine-tuning, before it loses
 * more than {@code maxDrop} points on held-out images.
 *
 * @param training that the network comes from
 * @param maxDrop in points
 */
public record CutJob(TrainJob training, double maxDrop) implements Job<CutJob.Cut> {
  private static final long serialVersionUID = 1;

  /**
   * What came of it.
   *
   * @param dropped how many blocks
   * @param macs that are left, for one image
   * @param bytes of the weights that are left
   * @param testAccuracy of what is left
   * @param heldOutAccuracy likewise
   */
  public record Cut(
      int dropped, long macs, long bytes, double testAccuracy, double heldOutAccuracy) {}

  @Override
  public String name() {
    return training.name().replaceFirst("train", "cut")
        + String.format(Locale.ROOT, "-drop%s", maxDrop);
  }

  @Override
  public Class<Cut> resultType() {
    return Cut.class;
  }

  @Override
  public Cut run(Jobs jobs) {
    Graph full = training.network(jobs);
    RunImages images = RunImages.open(training.settings(), Listener.of(jobs.progress()));
    PruneOptions options =
        new PruneOptions(
            Budget.ofDrop(maxDrop), 0, false, training.settings().seed(), jobs.compute());
    PrunedNetwork cut =
        new Pruner(full, training.statistics(jobs), images.train(), images.heldOut(), options)
            .prune(jobs.folder(this), jobs.progress());
    Cost cost = Cost.of(cut.graph());
    return new Cut(
        (int) cut.plan().count(Decision.DROP),
        cost.macs(),
        cost.bytes(),
        TrainJob.accuracy(cut.graph(), images.test(), jobs.compute()),
        cut.plan().summary().heldOutAccuracy());
  }
}
