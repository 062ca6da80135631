package shallows.pipeline.convert;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import shallows.export.ExportFormat;
import shallows.export.convert.Agreement;
import shallows.export.convert.Conversion;
import shallows.export.convert.WrittenFile;
import shallows.export.onnx.QdqOnnxWriter;
import shallows.export.quantize.KeptIntegers;
import shallows.export.quantize.WeightScales;
import shallows.export.quantize.WeightStorage;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.file.AtomicFile;
import shallows.model.onnx.read.StoredIntegers;

/** A file of integers of one that is quantized already; the scales of others have to be found. */
final class QuantizedFile {
  private QuantizedFile() {}

  /**
   * Keeps the integers of the original, and compares the answers with its own.
   *
   * @throws BadInputException when it has none, or some that cannot be kept
   */
  static Converted converted(
      Path file, Conversion conversion, ConvertSettings settings, Path out, int threads) {
    StoredIntegers stored =
        conversion.network().integers().orElseThrow(() -> unknown("the scales of int8"));
    if (settings.sums() != ConvertSettings.STANDARD.sums()) {
      throw unknown("the scales of other sums");
    }
    KeptIntegers.Kept kept = kept(file, conversion, stored);
    if (settings.weightScales() == WeightScales.PER_TENSOR
        && kept.graph().weightScales() != WeightScales.PER_TENSOR) {
      throw unknown("one scale for each weight tensor, where the file has several,");
    }
    ExportFormat format = FileConversion.format(out);
    TfliteOptions tflite =
        new TfliteOptions(settings.batch(), settings.edges(), WeightStorage.AS_COMPUTED);
    byte[] content =
        format == ExportFormat.TFLITE
            ? TfliteWriter.bytes(kept.graph(), tflite)
            : QdqOnnxWriter.bytes(kept.graph());
    Agreement agreement =
        conversion.ofKept(WrittenFile.of(content, format), kept.graph().outputStep(), threads);
    if (agreement.holds()) {
      AtomicFile.write(out, stream -> stream.write(content));
    }
    List<String> notes = new ArrayList<>(conversion.network().notes());
    notes.add(
        "the integers of "
            + kept.layers()
            + " layers are kept"
            + (kept.inFloats() > 0 ? ", " + kept.inFloats() + " layers compute in floats" : "")
            + (kept.changed() > 0 ? ", " + kept.changed() + " weights of -128 become -127" : ""));
    return new Converted(
        out,
        agreement.holds(),
        content.length,
        notes,
        agreement,
        OptionalDouble.empty(),
        Optional.empty());
  }

  private static BadInputException unknown(String what) {
    return new BadInputException(
        Setting.DATA,
        "images, by which " + what + " are found",
        "none",
        "name some, or take fp16 or int8-weights, which need none");
  }

  private static KeptIntegers.Kept kept(Path file, Conversion conversion, StoredIntegers stored) {
    try {
      return KeptIntegers.of(conversion.graph(), stored);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(
          file,
          "integers of 8 bits from the image to the output, weights without zero points",
          e.getMessage(),
          Phrase.of(
              "let %s name images, by which scales are found anew, or take fp16 or int8-weights",
              Setting.DATA),
          e);
    }
  }
}
