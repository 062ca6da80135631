package shallows.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.json.OrNull;
import shallows.pipeline.event.Listener;
import shallows.pipeline.folder.TrainSettings;
import shallows.pipeline.stage.RunImages;
import shallows.pipeline.stage.TrainStage;
import shallows.pipeline.sweep.TrainJob;
import shallows.prune.PruneOptions;
import shallows.prune.Pruner;
import shallows.prune.form.ChannelPruning;
import shallows.prune.form.PlanApplication;
import shallows.prune.plan.Budget;
import shallows.prune.plan.Decision;
import shallows.prune.tune.FineTuning;
import shallows.train.inference.BatchNormStatistics;
import shallows.train.jobs.Job;
import shallows.train.jobs.Jobs;
import shallows.train.loop.Distillation;
import shallows.train.loop.Safeguards;
import shallows.train.loop.Trainer;

/**
 * One method, one share of the multiply-accumulates (MACs), one seed: the network before
 * fine-tuning, with batch-norm statistics re-estimated, and after it.
 *
 * @param settings of the training whose network is cut, with stochastic depth
 * @param removedPercent of the MACs; 0 for what removes none
 * @param fineTuneEpochs passes over the same images for every method
 * @param fineTuneRate as in {@code prune}; null for its default
 * @param scratchEpochs of {@link Method#SCRATCH}; null for as many as cost what the full training
 *     and fine-tuning cost
 */
record RowJob(
    TrainSettings settings,
    Method method,
    int removedPercent,
    int fineTuneEpochs,
    @OrNull Double fineTuneRate,
    @OrNull Integer scratchEpochs)
    implements Job<Row> {
  private static final long serialVersionUID = 1;

  @Override
  public String name() {
    return String.format(
        Locale.ROOT,
        "row-%s-removed%d-%s-seed%d",
        settings.network(),
        removedPercent,
        method.name().toLowerCase(Locale.ROOT).replace('_', '-'),
        settings.seed());
  }

  @Override
  public Class<Row> resultType() {
    return Row.class;
  }

  @Override
  public Row run(Jobs jobs) {
    long begin = System.nanoTime();
    RunImages images = RunImages.open(settings, Listener.of(jobs.progress()));
    Graph full = new TrainJob(settings).network(jobs);
    Path folder = jobs.folder(this);
    if (method == Method.SCRATCH) {
      return scratch(full, images, folder, jobs, begin);
    }
    Graph cut = cut(full, images, folder, jobs);
    // Cut as it is: neither a weight nor a statistic of it is new, but those of batch norm.
    Graph before = BatchNormStatistics.reestimate(cut, images.train(), jobs.compute());
    FineTuning tuning =
        new FineTuning(
            images.train(),
            images.heldOut(),
            fineTuneEpochs,
            fineTuneRate,
            settings.training(),
            full,
            Distillation.Options.none(),
            jobs.compute());
    Graph after = tuning.run(before, folder, jobs.progress());
    return Row.of(
        this,
        full,
        Row.Accuracy.of(before, images, jobs.compute()),
        after,
        Row.Accuracy.of(after, images, jobs.compute()),
        (long) fineTuneEpochs * images.train().size(),
        begin);
  }

  private Graph cut(Graph full, RunImages images, Path folder, Jobs jobs) {
    long limit = PlanJob.limit(full, removedPercent);
    return switch (method) {
      case OURS, OURS_WITHOUT_STOCHASTIC_DEPTH ->
          PlanApplication.apply(network(full, jobs), plan().decisions(jobs));
      case DEEP_END -> dropped(full, deepestFirst(full), limit);
      case RANDOM -> dropped(full, shuffled(full), limit);
      case CHANNELS, CHANNELS_WITHOUT_STOCHASTIC_DEPTH ->
          ChannelPruning.toMacs(network(full, jobs), limit);
      case BINARIZE_HALF -> halfBinary(full, images, folder, jobs);
      case SCRATCH -> throw new IllegalStateException("nothing is cut for a training from scratch");
    };
  }

  private Graph network(Graph full, Jobs jobs) {
    return method.isWithoutStochasticDepth()
        ? new TrainJob(settings.withSurvival("none")).network(jobs)
        : full;
  }

  private PlanJob plan() {
    return new PlanJob(new TrainJob(settings), removedPercent);
  }

  private Graph halfBinary(Graph full, RunImages images, Path folder, Jobs jobs) {
    PruneOptions options =
        new PruneOptions(Budget.ofDrop(100), 0, true, settings.seed(), jobs.compute());
    Map<String, Decision> decisions =
        new Pruner(
                full,
                new TrainJob(settings).statistics(jobs),
                images.train(),
                images.heldOut(),
                options)
            .binarize(0.5, folder, jobs.progress())
            .plan()
            .decisions();
    // With the weights that training left, for fine-tuning to go on from.
    return PlanApplication.apply(full, decisions);
  }

  /** The pruned shape, trained from fresh weights. */
  private Row scratch(Graph full, RunImages images, Path folder, Jobs jobs, long begin) {
    TrainSettings plain = settings.withSurvival("none");
    Graph fresh =
        PlanApplication.apply(TrainStage.freshNetwork(plain, images), plan().decisions(jobs));
    int epochs = scratchEpochs == null ? affordable(full, fresh) : scratchEpochs;
    Graph trained =
        Trainer.train(
                TrainStage.trainee(fresh, plain),
                images.split(),
                plain.withEpochs(epochs).training(),
                jobs.compute(),
                folder,
                Safeguards.standard().withResume(true),
                jobs.progress())
            .graph();
    Trainer.clear(folder);
    return Row.of(
        this,
        full,
        null,
        trained,
        Row.Accuracy.of(trained, images, jobs.compute()),
        (long) epochs * images.train().size(),
        begin);
  }

  /**
   * As many epochs as the compute of the full training and of the fine-tuning buys: E' = (E·Σ_l
   * p_l·M_l + F·M') / M' with E and F epochs, M_l and p_l the MACs and survival of the full
   * network's parts, and M' the MACs of the pruned one.
   */
  private int affordable(Graph full, Graph pruned) {
    double expected = Cost.of(full).macs();
    for (Block block : full.blocks()) {
      expected -= (1 - full.survival(block)) * Cost.of(full, block).macs();
    }
    double left = Cost.of(pruned).macs();
    return (int) Math.max(1, (settings.epochs() * expected + fineTuneEpochs * left) / left);
  }

  private static Graph dropped(Graph full, List<String> order, long limit) {
    Map<String, Decision> decisions = new HashMap<>();
    Graph graph = full;
    for (String block : order) {
      if (Cost.of(graph).macs() <= limit) {
        break;
      }
      decisions.put(block, Decision.DROP);
      graph = PlanApplication.apply(full, decisions);
    }
    return graph;
  }

  private static List<String> deepestFirst(Graph full) {
    List<String> names = new ArrayList<>(full.blocks().stream().map(Block::name).toList());
    Collections.reverse(names);
    return names;
  }

  private List<String> shuffled(Graph full) {
    List<String> names = new ArrayList<>(full.blocks().stream().map(Block::name).toList());
    Collections.shuffle(names, new Random(settings.seed()));
    return names;
  }
}
