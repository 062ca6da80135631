package shallows.export.convert;

import java.nio.file.Path;
import java.util.List;
import shallows.model.BadInputException;
import shallows.model.onnx.read.ImportedNetwork;

/**
 * What an ONNX file gives for images, with which other files are compared.
 *
 * @param expected for each image
 * @param exact the same in single precision; the same array where the file computes in it itself
 * @param roundoff of the file, see {@link ImportedNetwork.Source}
 * @param logits whether these outputs come before what the file ends in
 */
record OriginalAnswers(float[][] expected, float[][] exact, double roundoff, boolean logits) {
  /** Half of the distance of two neighbours around 1 in single precision, which our files have. */
  private static final double OURS = 0x1p-24;

  /** Of a network of ours. */
  static OriginalAnswers ofFloats(float[][] logits) {
    return new OriginalAnswers(logits, logits, OURS, true);
  }

  /**
   * @param images each {@code (H, W, C)}, normalized
   * @param value of the file that is compared
   * @throws BadInputException when the file cannot be run
   */
  static OriginalAnswers of(
      Path file, ImportedNetwork network, float[][] images, String value, int threads) {
    float[][] expected =
        run(file, network, images, value, OriginalModel.Precision.UNROUNDED, threads);
    float[][] exact = expected;
    if (network.source().roundoff() > OURS) {
      try {
        exact = run(file, network, images, value, OriginalModel.Precision.FLOATS, threads);
      } catch (BadInputException e) {
        // It insists on its own precision, so that is what is compared.
      }
    }
    boolean logits = !value.equals(network.source().output());
    return new OriginalAnswers(expected, exact, network.source().roundoff(), logits);
  }

  /** One value of the file, image by image. */
  static float[][] run(
      Path file,
      ImportedNetwork network,
      float[][] images,
      String value,
      OriginalModel.Precision precision,
      int threads) {
    float[][] outputs = new float[images.length][];
    try (OriginalModel original =
        new OriginalModel(file, network, List.of(value), precision, threads)) {
      for (int i = 0; i < images.length; i++) {
        outputs[i] = original.values(images[i]).getOrDefault(value, new float[0]);
      }
    }
    return outputs;
  }

  /** Whether the file computes in another precision than it was run in to be exact. */
  boolean isOfAnotherPrecision() {
    return exact != expected;
  }

  /** What a number of ours may be off by rounding. */
  double rounding() {
    return isOfAnotherPrecision() ? OURS : Math.max(OURS, roundoff);
  }
}
