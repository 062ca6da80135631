package shallows.export.convert;

import java.util.Optional;
import java.util.function.Supplier;
import shallows.export.verify.FileInside;
import shallows.export.verify.PairedValues;
import shallows.model.BadInputException;
import shallows.model.graph.Shape;

/**
 * Where a file that was written first computes something else than the one that it was written of.
 *
 * @param original what that computes of an image
 * @param image {@code (C, H, W)}
 * @param pixels of it, {@code (1, H, W, C)}
 */
record Departure(Supplier<FileInside> original, Shape image, float[] pixels) {
  /** The operation of the original and its value, if one is found. */
  Optional<String> of(WrittenFile written) {
    try {
      FileInside found = written.inside(image, pixels);
      return PairedValues.of(original.get(), found, PairedValues.EXACT)
          .parting()
          .map(first -> first.operation() + " '" + first.value() + "'");
    } catch (BadInputException e) {
      // Values that a runtime does not hand out, or a file too large to be changed.
      return Optional.empty();
    }
  }
}
