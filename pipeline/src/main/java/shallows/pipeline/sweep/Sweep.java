package shallows.pipeline.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import shallows.pipeline.folder.TrainSettings;
import shallows.train.jobs.Job;
import shallows.train.jobs.JobChain;
import shallows.train.jobs.Jobs;

/**
 * A grid: every network with every schedule of survival from every seed, and each of them cut as
 * far as every limit of accuracy allows.
 *
 * @param base what all trainings have in common
 * @param networks names
 * @param survivals schedules, for example {@code linear:0.5}
 * @param seeds of weights, gates, order and splits
 * @param maxDrops in points of accuracy on held-out images
 */
public record Sweep(
    TrainSettings base,
    List<String> networks,
    List<String> survivals,
    List<Long> seeds,
    List<Double> maxDrops) {
  public Sweep {
    networks = List.copyOf(networks);
    survivals = List.copyOf(survivals);
    seeds = List.copyOf(seeds);
    maxDrops = List.copyOf(maxDrops);
  }

  /**
   * The trainings: one seed of everything first, so that the figure has its shape before its
   * spread.
   */
  List<TrainJob> trainings() {
    List<TrainJob> trainings = new ArrayList<>();
    for (long seed : seeds) {
      for (String network : networks) {
        for (String survival : survivals) {
          trainings.add(
              new TrainJob(base.withNetwork(network).withSurvival(survival).withSeed(seed)));
        }
      }
    }
    return trainings;
  }

  /** How many jobs there are. */
  public int size() {
    return networks.size() * survivals.size() * seeds.size() * (1 + maxDrops.size());
  }

  /** Each training with its cuts, which need nothing of the others. */
  public List<JobChain> chains() {
    List<JobChain> chains = new ArrayList<>();
    for (TrainJob training : trainings()) {
      List<Job<?>> chain = new ArrayList<>(List.of(training));
      maxDrops.forEach(maxDrop -> chain.add(new CutJob(training, maxDrop)));
      chains.add(new JobChain(chain));
    }
    return chains;
  }

  /** What has been found so far, in the order of the grid. */
  public SweepResult result(Jobs jobs) {
    List<SweepResult.Point> points = new ArrayList<>();
    for (TrainJob training : trainings()) {
      Optional<TrainJob.Trained> trained = jobs.finished(training);
      if (trained.isPresent()) {
        List<SweepResult.Cut> cuts = new ArrayList<>();
        for (double maxDrop : maxDrops) {
          jobs.finished(new CutJob(training, maxDrop))
              .ifPresent(cut -> cuts.add(new SweepResult.Cut(maxDrop, cut)));
        }
        points.add(SweepResult.Point.of(training.settings(), trained.get(), cuts));
      }
    }
    return new SweepResult(base.data(), base.epochs(), trainings().size(), points);
  }
}
