package shallows.export.convert;

import java.util.Locale;
import java.util.Optional;

/**
 * How a file that was written compares with the one that was read, on the same images.
 *
 * @param difference the largest of two outputs, as a share of the range of the original's
 * @param allowed the largest that counts as rounding, likewise
 * @param departs the first operation of the original whose value is another in the file that was
 *     written; empty where the files agree, or none could be found
 */
public record Agreement(double difference, double allowed, Optional<String> departs) {
  /** Whether the files differ by rounding alone; a difference that is no number does not count. */
  public boolean holds() {
    return difference <= allowed;
  }

  /** For example {@code differs from theirs.onnx by 1.2e-07 of the range of its outputs}. */
  public String words(Object original) {
    return String.format(
            Locale.ROOT,
            "differs from %s by %.1e of the range of its outputs",
            original,
            difference)
        + (holds()
            ? allowed > Conversion.TOLERANCE
                ? String.format(
                    Locale.ROOT, ", where its own rounding explains up to %.1e", allowed)
                : ""
            : String.format(Locale.ROOT, ", expected at most %.0e", allowed)
                + departs.map(first -> "; the first that departs is " + first).orElse(""));
  }
}
