package shallows.train.loop;

/**
 * Has the last word on what the images of a batch are trained towards. Labels have been smoothed
 * and mixed by then; a teacher, for example, looks at the very pixels that the network will see and
 * puts its own answers in.
 */
@FunctionalInterface
public interface TargetRule {
  /** The labels as they are. */
  TargetRule LABELS = (pixels, count, targets) -> {};

  /**
   * @param pixels normalized, augmented and mixed, {@code (N, H, W, C)}; only read
   * @param count N; the arrays may be longer
   * @param targets a distribution over the classes for each image, {@code (N, classes)}; changed in
   *     place
   */
  void apply(float[] pixels, int count, float[] targets);
}
