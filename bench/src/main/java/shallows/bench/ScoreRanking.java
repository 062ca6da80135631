package shallows.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import shallows.data.LabelledImages;
import shallows.model.graph.Graph;
import shallows.pipeline.event.Listener;
import shallows.pipeline.folder.TrainSettings;
import shallows.pipeline.stage.RunImages;
import shallows.pipeline.sweep.TrainJob;
import shallows.train.evidence.BlockScores;
import shallows.train.evidence.Evidence;
import shallows.train.evidence.LeaveOneOut;
import shallows.train.evidence.RankCorrelation;
import shallows.train.evidence.SurvivalStatistics;
import shallows.train.evidence.SurvivalStatistics.BlockStatistics;
import shallows.train.jobs.Job;
import shallows.train.jobs.Jobs;

/**
 * How well does each score rank the blocks? The yardstick is leave-one-out on many images that the
 * network never saw, since on a thousand held-out images leave-one-out is mostly noise itself.
 * Nothing is pruned by it. The trainings are those of a {@link Comparison}; what is missing is
 * trained first.
 */
public final class ScoreRanking {
  /** In place of a data set: the images that the network was trained on. */
  private static final String SEEN = "seen";

  private ScoreRanking() {}

  /**
   * @param arguments the comparison's folder; seeds with commas between; its data; the data whose
   *     test images are the yardstick, or {@value #SEEN}; network; epochs; threads (0 for all);
   *     each but the first may be left out from the right
   */
  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    String seeds = Arguments.text(arguments, 1, "1,2,3");
    String data = Arguments.text(arguments, 2, TrainSettings.DATA);
    String yardstick = Arguments.text(arguments, 3, "fashion-mnist");
    String network = Arguments.text(arguments, 4, "resnet-56-s2");
    int epochs = Arguments.number(arguments, 5, 15);
    int threads = Arguments.number(arguments, 6, 0);
    Jobs jobs = JobArguments.jobs(folder, threads);
    List<SurvivalStatistics> measured = new ArrayList<>();
    List<OptionalDouble> onHeldOut = new ArrayList<>();
    for (String seed : seeds.split(",")) {
      TrainSettings settings =
          TrainSettings.STANDARD
              .withData(data, null)
              .withNetwork(network)
              .withSurvival("linear:0.5")
              .withEpochs(epochs)
              .withSeed(Long.parseLong(seed));
      TrainJob training = new TrainJob(settings);
      RankingJob job = new RankingJob(training, yardstick);
      SurvivalStatistics statistics = training.statistics(jobs);
      SurvivalStatistics held = against(statistics, jobs.result(job), job.scores(jobs));
      measured.add(held);
      onHeldOut.add(
          RankCorrelation.of(
              statistics.blocks().stream().mapToDouble(BlockStatistics::leaveOneOut).toArray(),
              held.blocks().stream().mapToDouble(BlockStatistics::leaveOneOut).toArray()));
    }
    print(measured, onHeldOut);
  }

  private static void print(List<SurvivalStatistics> measured, List<OptionalDouble> onHeldOut) {
    System.out.println("| rank correlation with leave-one-out | mean | each seed |");
    System.out.println("| --- | ---: | --- |");
    for (Evidence evidence : Evidence.values()) {
      row(evidence.inWords(), measured.stream().map(evidence::rankCorrelation).toList());
    }
    row("leave-one-out on the held-out images", onHeldOut);
    row(
        "the truth itself",
        measured.stream().map(SurvivalStatistics::attainableCorrelation).toList());
  }

  private static void row(String words, List<OptionalDouble> correlations) {
    double[] each = correlations.stream().mapToDouble(c -> c.orElse(Double.NaN)).toArray();
    System.out.printf(
        Locale.ROOT,
        "| %s | %.2f | %s |%n",
        words,
        Arrays.stream(each).average().orElseThrow(),
        String.join(
            ", ",
            Arrays.stream(each).mapToObj(c -> String.format(Locale.ROOT, "%.2f", c)).toList()));
  }

  /**
   * Leave-one-out on images that were neither trained on nor held out.
   *
   * @param data whose test images it is measured on
   */
  private record RankingJob(TrainJob training, String data) implements Job<RankingJob.Yardstick> {
    private static final long serialVersionUID = 1;

    /**
     * @param blocks by name
     */
    record Yardstick(Map<String, LeaveOneOut.Difference> blocks) {}

    @Override
    public String name() {
      return training.name().replaceFirst("train", "ranking-" + Path.of(data).getFileName());
    }

    @Override
    public Class<Yardstick> resultType() {
      return Yardstick.class;
    }

    @Override
    public Yardstick run(Jobs jobs) {
      Graph network = training.network(jobs);
      RunImages trained = RunImages.open(training.settings(), Listener.SILENT);
      LabelledImages unseen =
          data.equals(SEEN)
              ? trained.train()
              : RunImages.open(training.settings().withData(data, null), Listener.SILENT).test();
      return new Yardstick(
          LeaveOneOut.measure(network, trained.train(), unseen, jobs.compute(), jobs.progress()));
    }

    /** On the held-out images, by the program of now, whichever trained the network. */
    Map<String, BlockScores.Score> scores(Jobs jobs) {
      RunImages images = RunImages.open(training.settings(), Listener.SILENT);
      return BlockScores.measure(training.network(jobs), images.heldOut(), jobs.compute());
    }
  }

  /** The same statistics with these scores, held against these measurements. */
  private static SurvivalStatistics against(
      SurvivalStatistics statistics,
      RankingJob.Yardstick yardstick,
      Map<String, BlockScores.Score> scores) {
    List<BlockStatistics> blocks = new ArrayList<>();
    for (BlockStatistics block : statistics.blocks()) {
      LeaveOneOut.Difference without = yardstick.blocks().get(block.name());
      BlockScores.Score score = scores.get(block.name());
      blocks.add(
          new BlockStatistics(
              block.name(),
              block.survival(),
              block.on(),
              block.off(),
              block.effect(),
              block.standardError(),
              without.mean(),
              without.standardError(),
              score.taylor(),
              score.secondOrder(),
              score.l1(),
              score.gamma()));
    }
    return new SurvivalStatistics(statistics.steps(), blocks);
  }
}
