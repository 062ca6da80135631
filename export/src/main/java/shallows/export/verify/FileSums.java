package shallows.export.verify;

import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import shallows.data.LabelledImages;
import shallows.data.evaluation.AccuracyLoss;
import shallows.data.evaluation.Predictions;
import shallows.export.answers.AnswerSums;
import shallows.model.Expect;
import shallows.model.json.OrNull;

/**
 * What a file answers to some of the test images, added up. Parts are added in the order of the
 * images, so that the sum is the same to the bit whoever has made them.
 *
 * @param answers of the file; what was lost and won is against the reference, where there is one
 * @param reference how the file answers beside it; null where there is none
 * @param copies what it answers to copies of each image too; null where that was not asked for
 */
public record FileSums(
    AnswerSums answers, @OrNull BesideReference reference, @OrNull OfCopies copies) {
  /**
   * A file beside a reference. What is not finite is null, as JSON has it: a logit may be the
   * logarithm of nothing.
   *
   * @param right images that the reference gets right
   * @param agreed images on which both choose the same class
   * @param divergence sum of KL(softmax of the reference || softmax of the file), in nats
   * @param maxAbsDifference of the logits
   * @param smallest logit of the reference
   * @param largest logit of the reference
   */
  public record BesideReference(
      int right,
      int agreed,
      @OrNull Double divergence,
      @OrNull Double maxAbsDifference,
      @OrNull Double smallest,
      @OrNull Double largest) {
    private static BesideReference of(
        Predictions found, Predictions expected, LabelledImages truth) {
      return new BesideReference(
          rightOf(expected, truth),
          found.agreed(expected),
          finite(found.sumOfDivergences(expected)),
          finite(found.maxAbsDifference(expected)),
          finite(expected.smallest()),
          finite(expected.largest()));
    }

    private static Double finite(double value) {
      return Double.isFinite(value) ? value : null;
    }

    private static Double both(Double one, Double other, DoubleBinaryOperator of) {
      return one == null || other == null ? null : finite(of.applyAsDouble(one, other));
    }

    private BesideReference plus(BesideReference next) {
      return new BesideReference(
          right + next.right,
          agreed + next.agreed,
          both(divergence, next.divergence, Double::sum),
          both(maxAbsDifference, next.maxAbsDifference, Math::max),
          both(smallest, next.smallest, Math::min),
          both(largest, next.largest, Math::max));
    }
  }

  /**
   * Several copies of each image beside the image alone.
   *
   * @param right images whose mean of the probabilities is right
   * @param lost images that are right alone only
   * @param won images that are right with copies only
   */
  public record OfCopies(int right, int lost, int won) {
    static OfCopies of(Predictions found, Predictions with, LabelledImages truth) {
      AccuracyLoss loss = AccuracyLoss.between(found.right(truth), with.right(truth));
      return new OfCopies(rightOf(with, truth), loss.lost(), loss.won());
    }

    private OfCopies plus(OfCopies next) {
      return new OfCopies(right + next.right, lost + next.lost, won + next.won);
    }
  }

  public FileSums {
    Expect.present("answers", answers);
  }

  /**
   * @param first how many test images come before these
   */
  static FileSums of(
      Predictions found,
      Optional<Predictions> expected,
      Optional<Predictions> with,
      LabelledImages truth,
      int first) {
    return new FileSums(
        AnswerSums.of(found, expected, truth, first),
        expected.map(other -> BesideReference.of(found, other, truth)).orElse(null),
        with.map(other -> OfCopies.of(found, other, truth)).orElse(null));
  }

  /**
   * @param parts of the same file, in the order of their images; at least one
   */
  public static FileSums sum(List<FileSums> parts) {
    return parts.stream().reduce(FileSums::plus).orElseThrow();
  }

  private FileSums plus(FileSums next) {
    return new FileSums(
        answers.plus(next.answers),
        reference == null ? null : reference.plus(next.reference),
        copies == null ? null : copies.plus(next.copies));
  }

  /** How many of these. */
  public int images() {
    return answers.images();
  }

  private static int rightOf(Predictions predictions, LabelledImages truth) {
    int count = 0;
    for (boolean right : predictions.right(truth)) {
      count += right ? 1 : 0;
    }
    return count;
  }
}
