package shallows.pipeline.convert;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import shallows.export.convert.Agreement;
import shallows.export.quantize.calibrate.Calibrated;
import shallows.export.quantize.calibrate.LayerCost;
import shallows.export.verify.FileCheck;
import shallows.export.verify.Verification;
import shallows.pipeline.event.Event;

/**
 * What came of a conversion.
 *
 * @param file where it was to be written
 * @param isWritten whether it was: else what was there before is there still
 * @param bytes its size, also where it was not written
 * @param notes what reading the original left out, in lines
 * @param agreement how it computes, on random images: of a file of floats how it compares with the
 *     original, where its weights are rounded with the original whose weights are, and where images
 *     decide how the network that was read compares with its file
 * @param moved how far rounding moves outputs on random images, as a share of their range; empty
 *     where nothing is rounded, or images tell
 * @param onImages what images told, where there are some
 */
public record Converted(
    Path file,
    boolean isWritten,
    long bytes,
    List<String> notes,
    Agreement agreement,
    OptionalDouble moved,
    Optional<OnImages> onImages) {
  public Converted {
    notes = List.copyOf(notes);
  }

  /**
   * What images told of a file that is rounded.
   *
   * @param check of the file
   * @param verification that it is from; where there are no labels, the answers of the network that
   *     was read count as right
   * @param labelled whether there are labels
   * @param calibrated how many images scales were found on, or how to round was learned; 0 of files
   *     without
   * @param integers how they were found; empty of a file of floats
   * @param normalization how pixels are scaled, where that was found by trying or asked for; empty
   *     also where there are no labels to try by
   */
  public record OnImages(
      FileCheck check,
      Verification verification,
      boolean labelled,
      int calibrated,
      Optional<Calibrated> integers,
      Optional<Event.NormalizationChosen> normalization) {
    /**
     * What 8 bits cost in each layer, and which compute in floats for that; empty where 8 bits in
     * all of them cost no more than they may.
     */
    public List<LayerCost> layers() {
      return integers.map(Calibrated::layers).orElse(List.of());
    }
  }
}
