package shallows.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import shallows.bench.SurvivalResult.Dropped;
import shallows.data.LabelledImages;
import shallows.model.graph.Graph;
import shallows.model.graph.Rewrites;
import shallows.pipeline.event.Listener;
import shallows.pipeline.folder.TrainSettings;
import shallows.pipeline.stage.RunImages;
import shallows.pipeline.sweep.TrainJob;
import shallows.train.evidence.LeaveOneOut;
import shallows.train.evidence.SurvivalStatistics;
import shallows.train.evidence.SurvivalStatistics.BlockStatistics;
import shallows.train.inference.BatchNormStatistics;
import shallows.train.jobs.Job;
import shallows.train.jobs.Jobs;

/**
 * What a trained network is worth with fewer and fewer blocks.
 *
 * @param settings of its training
 */
record SurvivalJob(TrainSettings settings) implements Job<SurvivalResult> {
  private static final long serialVersionUID = 1;

  /** Blocks are chosen on so many held-out images: their loss differs less than blocks do. */
  private static final int CHOOSING = 1000;

  @Override
  public String name() {
    return String.format(
        Locale.ROOT,
        "survival-%s-%s-seed%d",
        settings.network(),
        settings.survival().replace(':', '-'),
        settings.seed());
  }

  @Override
  public Class<SurvivalResult> resultType() {
    return SurvivalResult.class;
  }

  @Override
  public SurvivalResult run(Jobs jobs) {
    TrainJob training = new TrainJob(settings);
    Graph network = training.network(jobs);
    SurvivalStatistics statistics = training.statistics(jobs);
    List<Float> survivals = network.blocks().stream().map(network::survival).toList();
    double on = statistics.blocks().stream().mapToInt(BlockStatistics::on).average().orElseThrow();
    return new SurvivalResult(
        survivals.stream().mapToDouble(p -> p).average().orElseThrow(),
        on / statistics.steps(),
        jobs.result(training).seconds(),
        survivals,
        dropped(network, jobs));
  }

  /** Drops, again and again, the block that the held-out images miss least, down to a third. */
  private List<Dropped> dropped(Graph full, Jobs jobs) {
    RunImages images = RunImages.open(settings, Listener.of(jobs.progress()));
    LabelledImages heldOut = images.heldOut();
    LabelledImages choosing =
        heldOut.size() <= CHOOSING
            ? heldOut
            : heldOut.split((double) CHOOSING / heldOut.size(), settings.seed()).heldOut();
    List<Dropped> dropped = new ArrayList<>();
    dropped.add(accuracy(null, full, choosing, images, jobs));
    Graph graph = full;
    while (dropped.size() <= 2 * full.blocks().size() / 3) {
      String worst =
          LeaveOneOut.measure(graph, images.train(), choosing, jobs.compute(), jobs.progress())
              .entrySet()
              .stream()
              .min(Comparator.comparingDouble(entry -> entry.getValue().mean()))
              .map(Map.Entry::getKey)
              .orElseThrow();
      graph =
          BatchNormStatistics.reestimate(
              Rewrites.drop(graph, Set.of(worst)), images.train(), jobs.compute());
      dropped.add(accuracy(worst, graph, choosing, images, jobs));
    }
    return dropped;
  }

  private static Dropped accuracy(
      String block, Graph graph, LabelledImages choosing, RunImages images, Jobs jobs) {
    return new Dropped(
        block,
        TrainJob.accuracy(graph, choosing, jobs.compute()),
        TrainJob.accuracy(graph, images.test(), jobs.compute()));
  }
}
