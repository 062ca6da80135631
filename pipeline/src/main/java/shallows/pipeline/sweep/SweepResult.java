package shallows.pipeline.sweep;

import java.nio.file.Path;
import java.util.List;
import shallows.model.json.JsonFormat;
import shallows.model.json.OrNull;
import shallows.pipeline.folder.TrainSettings;

/**
 * {@code sweep.json}: what a sweep has found.
 *
 * @param data the images
 * @param epochs of every training
 * @param trainings how many there are to be
 * @param points one for each training that is done
 */
public record SweepResult(String data, int epochs, int trainings, List<Point> points) {
  private static final JsonFormat<SweepResult> FORMAT =
      new JsonFormat<>(SweepResult.class, "the results of a sweep", "run the sweep again");

  public SweepResult {
    points = List.copyOf(points);
  }

  /**
   * One training.
   *
   * @param survival schedule
   * @param last p_L, the survival probability of the last block, in (0, 1]
   * @param error on test images at full depth, each branch scaled by its survival; in [0, 1]
   * @param rankCorrelation Spearman's, of the free statistics with leave-one-out; null where there
   *     are none
   * @param blocks how many
   * @param macs for one image at full depth
   * @param cuts one for each limit that is done
   */
  public record Point(
      String network,
      String survival,
      double last,
      long seed,
      double error,
      @OrNull Double rankCorrelation,
      int blocks,
      long macs,
      List<Cut> cuts) {
    static Point of(TrainSettings settings, TrainJob.Trained trained, List<Cut> cuts) {
      return new Point(
          settings.network(),
          settings.survival(),
          settings.schedule().last(),
          settings.seed(),
          1 - trained.testAccuracy(),
          trained.effectCorrelation(),
          trained.blocks(),
          trained.macs(),
          cuts);
    }
  }

  /**
   * How far it can be cut.
   *
   * @param maxDrop points that it may lose on held-out images
   * @param found what is left then
   */
  public record Cut(double maxDrop, CutJob.Cut found) {}

  /** Writes it, whole or not at all. */
  public void write(Path file) {
    FORMAT.write(this, file);
  }
}
