package shallows.train.loop;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import shallows.model.Expect;
import shallows.model.file.AtomicFile;

/**
 * The loss of a training whose learning rate grew: see {@link LearningRateFinder}.
 *
 * @param points in the order of their rates, at least one
 */
public record LearningRateCurve(List<Point> points) {
  private static final String HEADER = "learningRate,loss,smoothedLoss\n";

  /** The suggestion, of the rate with the least smoothed loss. */
  private static final double BELOW_THE_LEAST_LOSS = 0.1;

  /**
   * A step.
   *
   * @param learningRate of it
   * @param loss of its batch before it, in nats
   * @param smoothed over the steps so far
   */
  public record Point(double learningRate, double loss, double smoothed) {}

  public LearningRateCurve {
    points = Expect.list("points", points);
    Expect.require(!points.isEmpty(), "points", "at least one", "none");
  }

  /** The point with the least smoothed loss. */
  public Point least() {
    Point least = points.get(0);
    for (Point point : points) {
      least = point.smoothed() < least.smoothed() ? point : least;
    }
    return least;
  }

  /**
   * A tenth of the rate with the least smoothed loss, to two digits: there the loss still falls,
   * and there is room above it for steps that happen to be long.
   */
  public double suggestion() {
    return Double.parseDouble(
        String.format(Locale.ROOT, "%.1e", BELOW_THE_LEAST_LOSS * least().learningRate()));
  }

  /**
   * Writes it for spreadsheets: a line a step.
   *
   * @throws shallows.model.BadInputException when the file cannot be written
   */
  public void write(Path csv) {
    StringBuilder text = new StringBuilder(HEADER);
    for (Point point : points) {
      text.append(
          String.format(
              Locale.ROOT,
              "%.6g,%.6g,%.6g\n",
              point.learningRate(),
              point.loss(),
              point.smoothed()));
    }
    AtomicFile.writeText(csv, text.toString());
  }
}
