package shallows.export;

import java.nio.file.Path;
import java.util.Optional;
import shallows.export.quantize.WeightScales;
import shallows.model.json.OrNull;

/**
 * A file of an export and what it holds: an element of {@code files} in {@code export.json}.
 * Whatever is to be known of the file stands here; its name is for people.
 *
 * @param file its name in the folder of the export
 * @param network which network it holds
 * @param member of the family whose network it holds; null of the full network, and where there is
 *     no family
 * @param scales the file beside it with the scales of its integers, by which it is verified; null
 *     of a file of floats
 * @param tuned the network that its integers were written of, from the folder of the export, where
 *     that was fine-tuned to be rounded, its weights were equalized, or how they are rounded was
 *     learned; else null
 * @param otherWeights which of these; null where {@code tuned} is
 * @param weightScales how many its weights of integers have; null of a file of floats
 * @param biasesCorrected whether its biases make good for what rounding shifts outputs by
 * @param bytes its size
 * @param sha256 of its content, 64 hexadecimal digits
 */
public record ExportedFile(
    String file,
    NetworkForm network,
    @OrNull String member,
    ExportFormat format,
    ExportPrecision precision,
    @OrNull String scales,
    @OrNull String tuned,
    @OrNull OtherWeights otherWeights,
    @OrNull WeightScales weightScales,
    boolean biasesCorrected,
    long bytes,
    String sha256) {
  public ExportedFile {
    if (precision.isInteger() != (scales != null)) {
      throw new IllegalArgumentException(file + " must have scales where it is of integers");
    }
    if ((tuned == null) != (otherWeights == null)) {
      throw new IllegalArgumentException(file + " must say why it has other weights, if it has");
    }
    if (network == NetworkForm.FULL && member != null) {
      throw new IllegalArgumentException(file + " cannot be of the full network and of a member");
    }
  }

  /** Where the file is. */
  public Path in(Path folder) {
    return folder.resolve(file);
  }

  /** Where its scales are; empty of a file of floats. */
  public Optional<Path> scalesIn(Path folder) {
    return Optional.ofNullable(scales).map(folder::resolve);
  }

  /** Where the network of other weights is that its integers were written of, if any. */
  public Optional<Path> tunedIn(Path folder) {
    return Optional.ofNullable(tuned).map(folder::resolve);
  }
}
