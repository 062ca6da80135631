package shallows.export.verify;

import java.util.Optional;
import java.util.OptionalLong;
import shallows.export.answers.Answers;
import shallows.export.answers.ClassAnswers;

/**
 * What was measured of one model file, whoever made it.
 *
 * @param bytes its size
 * @param runtime name and version
 * @param answers to all of them; what was lost and won is against the reference, where there is one
 * @param latencyMs for one image
 * @param latency how that was measured
 * @param peakMemoryBytes what loading it and running one image adds to a process, the runtime's
 *     library included; empty where the system does not tell
 * @param comparison with another file, where one was given
 * @param augmented what it answers to several copies of each image, where that was asked for
 */
public record FileVerification(
    long bytes,
    String runtime,
    Answers answers,
    Latency latencyMs,
    Verification.LatencySettings latency,
    OptionalLong peakMemoryBytes,
    Optional<Comparison> comparison,
    Optional<Augmented> augmented) {

  /** How many test images. */
  public int images() {
    return answers.classes().stream().mapToInt(ClassAnswers::images).sum();
  }

  /** On all test images, in [0, 1]. */
  public double accuracy() {
    return answers.accuracy();
  }

  /**
   * How the file answers beside a reference, both on the same images. Where a logit is infinite,
   * what is computed of it is infinity.
   *
   * @param accuracy of the reference, in [0, 1]
   * @param agreement the share of images on which both choose the same class
   * @param klDivergence mean of KL(softmax of the reference || softmax of the file), in nats
   * @param maxAbsDifference of the logits
   * @param range of the reference's logits, which that is to be seen against
   */
  public record Comparison(
      double accuracy,
      double agreement,
      double klDivergence,
      double maxAbsDifference,
      double range) {}
}
