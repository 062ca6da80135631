package shallows.train.engine;

import shallows.model.graph.FakeQuantization;
import shallows.train.options.MixedPrecision;

/**
 * What numbers a step computes in.
 *
 * @param quantization what is rounded to the levels of integers on the way
 * @param mixedPrecision whether what is not is computed in fewer bits; then nothing may be rounded
 *     to levels, which are nearer to one another than numbers of so few bits
 */
record Numbers(FakeQuantization quantization, MixedPrecision mixedPrecision) {
  static final Numbers FLOATS = new Numbers(FakeQuantization.NONE, MixedPrecision.NONE);

  /** In floats where something is rounded to levels. */
  static Numbers of(FakeQuantization quantization, MixedPrecision mixedPrecision) {
    return new Numbers(
        quantization,
        quantization.equals(FakeQuantization.NONE) ? mixedPrecision : MixedPrecision.NONE);
  }

  boolean isMixed() {
    return mixedPrecision == MixedPrecision.BF16;
  }
}
