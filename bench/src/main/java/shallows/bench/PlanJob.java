package shallows.bench;

import java.util.Map;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.pipeline.event.Listener;
import shallows.pipeline.stage.RunImages;
import shallows.pipeline.sweep.TrainJob;
import shallows.prune.PruneOptions;
import shallows.prune.Pruner;
import shallows.prune.plan.Budget;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Plan;
import shallows.prune.plan.PrunedNetwork;
import shallows.train.jobs.Job;
import shallows.train.jobs.Jobs;

/**
 * Which blocks {@code shallows prune} drops to remove a share of the multiply-accumulates (MACs),
 * whatever it costs, without fine-tuning.
 *
 * @param training whose network is cut
 * @param removedPercent of its MACs
 */
record PlanJob(TrainJob training, int removedPercent) implements Job<PlanJob.Planned> {
  private static final long serialVersionUID = 1;

  /**
   * @param dropped how many blocks
   */
  record Planned(long dropped) {}

  @Override
  public String name() {
    return training.name().replaceFirst("train", "plan") + "-removed" + removedPercent;
  }

  @Override
  public Class<Planned> resultType() {
    return Planned.class;
  }

  @Override
  public Planned run(Jobs jobs) {
    Graph full = training.network(jobs);
    RunImages images = RunImages.open(training.settings(), Listener.of(jobs.progress()));
    Budget budget = Budget.ofDrop(100).withMaxMacs(limit(full, removedPercent));
    PruneOptions options =
        new PruneOptions(budget, 0, false, training.settings().seed(), jobs.compute());
    PrunedNetwork cut =
        new Pruner(full, training.statistics(jobs), images.train(), images.heldOut(), options)
            .prune(jobs.folder(this), jobs.progress());
    return new Planned(cut.plan().count(Decision.DROP));
  }

  /** What the plan decides; makes it where that has not been done. */
  Map<String, Decision> decisions(Jobs jobs) {
    jobs.result(this);
    return Plan.read(jobs.folder(this).resolve("plan.json")).decisions();
  }

  /** The MACs that may be left. */
  static long limit(Graph full, int removedPercent) {
    return Cost.of(full).macs() * (100 - removedPercent) / 100;
  }
}
