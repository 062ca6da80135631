package shallows.pipeline.folder;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import shallows.model.Expect;
import shallows.model.graph.Extent;
import shallows.model.json.OrNull;
import shallows.model.onnx.read.ReadOptions;
import shallows.train.options.Transfer;

/**
 * What is known of a network that was trained elsewhere for other classes, and that a training
 * begins with.
 *
 * @param file its ONNX file, absolute
 * @param sha256 of the file, hexadecimal
 * @param output which of several outputs is read, by its name; null where there is one
 * @param channels of the images that it takes
 * @param height of the images, in pixels; null where it takes any, and those of the images are kept
 * @param width of the images, likewise
 * @param normalization how pixels are scaled, as {@link ImportSettings} has it
 * @param mean per channel, of pixels scaled to [0, 1]; null unless given
 * @param deviation per channel; null unless given
 * @param transfer how it learns the new classes
 */
public record TransferSettings(
    String file,
    String sha256,
    @OrNull String output,
    int channels,
    @OrNull Integer height,
    @OrNull Integer width,
    String normalization,
    @OrNull List<Float> mean,
    @OrNull List<Float> deviation,
    Transfer transfer) {
  public TransferSettings {
    Expect.text("file", file);
    Expect.require(file.indexOf(0) < 0, "file", "a path", "one with a NUL in it");
    Expect.text("sha256", sha256);
    Expect.atLeast(1, "channels", channels);
    Expect.require((height == null) == (width == null), "width", "where there is a height", width);
    if (height != null) {
      Expect.atLeast(1, "height", height);
      Expect.atLeast(1, "width", width);
    }
    Expect.text("normalization", normalization);
    boolean given = normalization.equals(ImportSettings.GIVEN);
    Expect.require(given == (mean != null), "mean", "where normalization is given", mean);
    Expect.require(given == (deviation != null), "deviation", "likewise", deviation);
    Expect.present("transfer", transfer);
  }

  /**
   * How the file is read for images of a size, with all that it might leave open.
   *
   * @param images height and width
   */
  public ReadOptions reading(Extent images) {
    return new ReadOptions(
        Optional.ofNullable(output), Optional.of(images), OptionalInt.of(channels));
  }

  /** What may not change once the training has begun, besides the file. */
  public String words() {
    return String.join(
        ", ",
        String.valueOf(output),
        normalization,
        mean + " " + deviation,
        String.valueOf(transfer.headEpochs()),
        String.valueOf(transfer.trunkRate()));
  }
}
