package shallows.pipeline.convert;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import shallows.export.ExportPrecision;
import shallows.export.ExportSettings;
import shallows.export.quantize.Int8Sums;
import shallows.export.quantize.WeightScales;
import shallows.export.tflite.TfliteBatch;
import shallows.export.tflite.TfliteEdges;
import shallows.model.Expect;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.UnexpectedValueException;
import shallows.model.onnx.read.ReadOptions;
import shallows.pipeline.measure.AskedTask;

/**
 * What a foreign file is to become.
 *
 * @param precision how its numbers are stored
 * @param batch of a TFLite file; one image or any number
 * @param edges of a TFLite file of integers; floats or bytes
 * @param sums of a file of integers; how it adds
 * @param weightScales of a file of integers; how many a weight has
 * @param images of the kind that the network sees; needed where values are rounded, but to the
 *     integers that the file has, and of no use where nothing is
 * @param reading what the file leaves open
 * @param seed of the random images that files are compared on, and of the parting of a folder that
 *     has no test images of its own
 */
public record ConvertSettings(
    ExportPrecision precision,
    TfliteBatch batch,
    TfliteEdges edges,
    Int8Sums sums,
    WeightScales weightScales,
    Optional<Images> images,
    ReadOptions reading,
    long seed) {
  /** Floats of one image, by what the file says. */
  public static final ConvertSettings STANDARD =
      new ConvertSettings(
          ExportPrecision.FP32,
          TfliteBatch.ONE,
          TfliteEdges.FLOATS,
          Int8Sums.ADD,
          WeightScales.PER_CHANNEL,
          Optional.empty(),
          ReadOptions.OF_FILE,
          1);

  /**
   * The images that a conversion looks at.
   *
   * @param data what a training takes; or pictures without labels, in a folder without folders or
   *     in a list ({@code .txt})
   * @param asked what the network's file does not say of classes and pixels
   * @param maxDrop points of accuracy that the file may lose on some of the images, chance
   *     considered, or of answers that may change where there are no labels; empty for {@value
   *     #MAX_DROP}, without labels {@value #MAX_CHANGED}, as answers change more often than they
   *     become wrong
   */
  public record Images(String data, AskedTask asked, Optional<Double> maxDrop) {
    /** Points, with labels. */
    public static final double MAX_DROP = 1;

    /** Points, without labels. */
    public static final double MAX_CHANGED = 5;

    public Images {
      Expect.text("data", data);
      Expect.require(
          maxDrop.isEmpty() || maxDrop.get() >= 0 && maxDrop.get() <= 100,
          Setting.MAX_DROP,
          "0 to 100 points",
          maxDrop.orElse(null));
    }

    /** By what the network's file says, with the usual bound. */
    public static Images of(Path data) {
      return new Images(data.toString(), AskedTask.NOTHING, Optional.empty());
    }

    /** With another bound, in points. */
    public Images withMaxDrop(double points) {
      return new Images(data, asked, Optional.of(points));
    }

    /** Points that may be lost. */
    double bound(boolean labelled) {
      return maxDrop.orElse(labelled ? MAX_DROP : MAX_CHANGED);
    }
  }

  public ConvertSettings {
    Expect.present("precision", precision);
    Expect.present("batch", batch);
    Expect.present("edges", edges);
    Expect.present("sums", sums);
    Expect.present("weightScales", weightScales);
    if (weightScales != WeightScales.PER_CHANNEL) {
      ExportSettings.requirePerTensor(List.of(precision));
    }
    // int8 needs none of a file that is quantized already.
    if (precision.isInteger() && precision != ExportPrecision.INT8 && images.isEmpty()) {
      throw new UnexpectedValueException(
          Setting.DATA,
          "images, by which the scales of " + precision + " are found",
          "none",
          "name some, or take fp16 or int8-weights, which need none");
    }
    if (precision == ExportPrecision.FP32 && images.isPresent()) {
      throw new UnexpectedValueException(
          Setting.PRECISION,
          "one that rounds numbers beside images, which show what that costs",
          precision,
          Phrase.of("ask for %s int8, or leave %s out", Setting.PRECISION, Setting.DATA));
    }
    if (!precision.isInteger() && (edges != TfliteEdges.FLOATS || sums != Int8Sums.ADD)) {
      throw new UnexpectedValueException(
          Setting.PRECISION,
          "int8, mixed or binary-fast for inputs, outputs and sums of integers",
          precision,
          "ask for one, or leave those out");
    }
  }

  /** A file of a precision that images are looked at for. */
  public static ConvertSettings of(ExportPrecision precision, Images images) {
    return new ConvertSettings(
        precision,
        STANDARD.batch,
        STANDARD.edges,
        STANDARD.sums,
        STANDARD.weightScales,
        Optional.of(images),
        STANDARD.reading,
        STANDARD.seed);
  }

  /** The same of a file that leaves something else open. */
  public ConvertSettings withReading(ReadOptions other) {
    return new ConvertSettings(precision, batch, edges, sums, weightScales, images, other, seed);
  }
}
