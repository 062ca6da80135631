package shallows.export.quantize.calibrate;

import com.google.gson.annotations.SerializedName;
import shallows.export.quantize.Range;

/** Ways to choose the range of a value from what was seen of it. */
public enum Calibrator {
  /** All that was seen. */
  @SerializedName("min-max")
  MIN_MAX("min-max") {
    @Override
    Range range(Histogram histogram) {
      return histogram.seen();
    }
  },
  /** Without 0.005 % of the values on either side. */
  @SerializedName("percentile 99.99")
  PERCENTILE_99_99("percentile 99.99") {
    @Override
    Range range(Histogram histogram) {
      return histogram.percentile(0.00005);
    }
  },
  /** Without 0.05 % of the values on either side. */
  @SerializedName("percentile 99.9")
  PERCENTILE_99_9("percentile 99.9") {
    @Override
    Range range(Histogram histogram) {
      return histogram.percentile(0.0005);
    }
  },
  /** Of the magnitudes that lose least information, see {@link EntropyThreshold}. */
  @SerializedName("entropy")
  ENTROPY("entropy") {
    @Override
    Range range(Histogram histogram) {
      Range seen = histogram.seen();
      // Values on one side of zero have all levels for it, others half of them.
      int levels = seen.low() >= 0 || seen.high() <= 0 ? 256 : 128;
      int bins = EntropyThreshold.bins(histogram.magnitudes(), levels);
      double threshold = bins * histogram.binWidth();
      double high = Math.min(seen.high(), threshold);
      return new Range(Math.min(high, Math.max(seen.low(), -threshold)), high);
    }
  };

  private final String label;

  Calibrator(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }

  abstract Range range(Histogram histogram);
}
