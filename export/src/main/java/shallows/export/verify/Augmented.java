package shallows.export.verify;

import java.nio.file.Path;
import shallows.data.evaluation.Classifier;
import shallows.data.evaluation.TestTimeAugmentation;
import shallows.export.runtime.RedrawnRegions;
import shallows.export.runtime.RuntimeClassifier;
import shallows.model.Expect;
import shallows.model.graph.Normalization;

/**
 * What a file answers when it is asked about several copies of each image.
 *
 * @param copies which, for example {@code "flip"}
 * @param accuracy of the mean of their probabilities, in [0, 1]
 * @param lost images that the file gets right without copies and wrong with them
 * @param won the other way round
 * @param latencyMs for one image, all its copies together
 */
public record Augmented(String copies, double accuracy, int lost, int won, Latency latencyMs) {
  public Augmented {
    Expect.text("copies", copies);
    Expect.fraction("accuracy", accuracy);
    Expect.atLeast(0, "lost", lost);
    Expect.atLeast(0, "won", won);
    Expect.present("latencyMs", latencyMs);
  }

  /**
   * A file that is asked about copies of what it is asked about, or with other regions in its
   * fractional pools. Closing it closes what it opened, and not the file.
   *
   * @param path of the file
   * @param threads as of {@link RuntimeClassifier#open}
   */
  public static Classifier around(
      TestTimeAugmentation copies,
      RuntimeClassifier file,
      Path path,
      int threads,
      Normalization normalization) {
    if (copies.draws() > 1) {
      return RedrawnRegions.mean(path, copies.draws(), threads);
    }
    return copies.around(
        file,
        file.image().dimension(0),
        file.image().dimension(1),
        file.image().dimension(2),
        normalization);
  }

  /**
   * @param images of which that was found
   */
  static Augmented of(
      TestTimeAugmentation copies, FileSums.OfCopies found, int images, Latency latency) {
    double accuracy = (double) found.right() / images;
    return new Augmented(copies.inWords(), accuracy, found.lost(), found.won(), latency);
  }
}
