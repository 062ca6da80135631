package shallows.pipeline.folder;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import shallows.model.Expect;
import shallows.model.Setting;
import shallows.model.graph.Extent;
import shallows.model.json.OrNull;
import shallows.model.onnx.read.ReadOptions;
import shallows.train.loop.Distillation;

/**
 * What is known of a network that was not trained here.
 *
 * @param file its ONNX file, absolute
 * @param sha256 of the file, hexadecimal
 * @param output which of several outputs is read, by its name; null where there is one
 * @param channels of the images that it takes
 * @param height of the images, in pixels
 * @param width of the images, in pixels
 * @param outputs how many classes it tells apart
 * @param labels the name of each output, as the class folders have it; null where the outputs are
 *     the class folders in the order of their names
 * @param normalization how pixels are scaled: {@code "file"}, {@code "auto"}, the name of a preset,
 *     or {@code "given"}
 * @param mean per channel, of pixels scaled to [0, 1]; null unless given
 * @param deviation per channel; null unless given
 * @param heldOutShare of the training images, which confirm what pruning has chosen, in (0, 1)
 * @param distill share of the targets of training on that come from the network as it came, in [0,
 *     1]; null for none
 * @param temperature that its answers are softened with; null for 1
 * @param unlabelled whether the images have no labels, so that what the network as it came answers
 *     counts as right; null where they have
 */
public record ImportSettings(
    String file,
    String sha256,
    @OrNull String output,
    int channels,
    int height,
    int width,
    int outputs,
    @OrNull List<String> labels,
    String normalization,
    @OrNull List<Float> mean,
    @OrNull List<Float> deviation,
    double heldOutShare,
    @OrNull Double distill,
    @OrNull Double temperature,
    @OrNull Boolean unlabelled) {
  /** By what the file says of itself. */
  public static final String OF_FILE = "file";

  /** By what gives the best accuracy. */
  public static final String AUTO = "auto";

  /** By mean and deviation. */
  public static final String GIVEN = "given";

  public ImportSettings {
    Expect.text("file", file);
    Expect.require(file.indexOf(0) < 0, "file", "a path", "one with a NUL in it");
    Expect.text("sha256", sha256);
    Expect.atLeast(1, "channels", channels);
    Expect.atLeast(1, "height", height);
    Expect.atLeast(1, "width", width);
    Expect.atLeast(1, "outputs", outputs);
    Expect.text("normalization", normalization);
    boolean given = normalization.equals(GIVEN);
    Expect.require(given == (mean != null), "mean", "where normalization is given", mean);
    Expect.require(given == (deviation != null), "deviation", "likewise", deviation);
    Expect.require(
        heldOutShare > 0 && heldOutShare < 1,
        "heldOutShare",
        "more than 0 and less than 1",
        heldOutShare);
    if (distill != null) {
      Expect.fraction(Setting.DISTILL, distill);
    }
    if (temperature != null) {
      Expect.positive(Setting.TEMPERATURE, temperature);
    }
    labels = labels == null ? null : List.copyOf(labels);
    Expect.require(
        unlabelled == null || !unlabelled || labels != null,
        "labels",
        "a name for each output",
        labels);
  }

  /** Whether the answers of the network stand in for labels. */
  public boolean isUnlabelled() {
    return unlabelled != null && unlabelled;
  }

  /** What may not change once the training has begun, besides the file. */
  public String words() {
    Distillation.Options learned = distillation();
    return String.join(
        ", ",
        String.valueOf(output),
        String.valueOf(labels),
        normalization,
        mean + " " + deviation,
        String.valueOf(learned.weight()),
        String.valueOf(learned.temperature()),
        heldOutShare + " held out",
        isUnlabelled() ? "images without labels" : "images with labels");
  }

  /** How the file is read, with all that it might leave open. */
  public ReadOptions reading() {
    return new ReadOptions(
        Optional.ofNullable(output),
        Optional.of(new Extent(height, width)),
        OptionalInt.of(channels));
  }

  /** What training on learns from the network as it came. */
  public Distillation.Options distillation() {
    return new Distillation.Options(
        distill == null ? 0 : distill, temperature == null ? 1 : temperature);
  }
}
