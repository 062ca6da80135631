package shallows.pipeline.convert;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicReference;
import shallows.export.ExportFormat;
import shallows.export.ExportManifest;
import shallows.export.ExportPrecision;
import shallows.export.ExportSettings;
import shallows.export.ExportedFile;
import shallows.export.ExportedNetwork;
import shallows.export.Exporter;
import shallows.export.FileForm;
import shallows.export.Int8Bound;
import shallows.export.Int8Tuning;
import shallows.export.NetworkFiles;
import shallows.export.NetworkForm;
import shallows.export.convert.Agreement;
import shallows.export.convert.Conversion;
import shallows.export.convert.TemporaryFolder;
import shallows.export.convert.WrittenFile;
import shallows.export.quantize.WeightStorage;
import shallows.export.quantize.calibrate.Calibrated;
import shallows.export.runtime.ModelFile;
import shallows.export.tflite.TfliteOptions;
import shallows.export.verify.AccuracyStamp;
import shallows.export.verify.FileCheck;
import shallows.export.verify.Verification;
import shallows.export.verify.Verifier;
import shallows.export.verify.VerifierOptions;
import shallows.model.BadInputException;
import shallows.model.Setting;
import shallows.model.file.AtomicFile;
import shallows.model.graph.Cost;
import shallows.model.progress.Progress;

/**
 * One ONNX file written anew. On random images it must compute what the original does, but for what
 * is rounded on purpose; where there are images to look at, it is verified on them as the files of
 * an export are. Nothing is written that does not pass.
 */
public final class FileConversion {
  private static final String TFLITE = ".tflite";
  private static final String ONNX = ".onnx";

  private final Conversion conversion;
  private final ConvertSettings settings;
  private final Path out;
  private final ExportFormat format;
  private final int threads;

  private FileConversion(Conversion conversion, ConvertSettings settings, Path out, int threads) {
    this.conversion = conversion;
    this.settings = settings;
    this.out = out;
    this.format = format(out);
    this.threads = threads;
  }

  /**
   * @param file {@code .onnx}
   * @param out that ends in {@code .tflite} or {@code .onnx}
   * @return what came of it, and whether it was written
   * @throws BadInputException when the file cannot be read, images do not fit it, or it has no form
   *     of that precision
   */
  public static Converted of(
      Path file, ConvertSettings settings, Path out, int threads, Progress progress) {
    requireForm(settings, format(out));
    Conversion conversion = Conversion.of(file, settings.reading(), settings.seed(), threads);
    FileConversion converting = new FileConversion(conversion, settings, out, threads);
    return settings.images().isPresent()
        ? converting.onImages(file, settings.images().get(), progress)
        : settings.precision() == ExportPrecision.INT8
            ? QuantizedFile.converted(file, conversion, settings, out, threads)
            : converting.onRandomImages();
  }

  static ExportFormat format(Path out) {
    String name = out.toString();
    if (!name.endsWith(TFLITE) && !name.endsWith(ONNX)) {
      throw new BadInputException(
          Setting.OUT, "a file that ends in .tflite or .onnx", out, "choose another name");
    }
    return name.endsWith(TFLITE) ? ExportFormat.TFLITE : ExportFormat.ONNX;
  }

  private static void requireForm(ConvertSettings settings, ExportFormat format) {
    if (!settings.precision().existsAs(format)) {
      throw new BadInputException(
          Setting.PRECISION,
          "one that exists as " + format,
          settings.precision(),
          format == ExportFormat.ONNX ? "name a .tflite file" : "name an .onnx file");
    }
    ConvertSettings plain = ConvertSettings.STANDARD;
    boolean ofTflite =
        settings.batch() != plain.batch()
            || settings.edges() != plain.edges()
            || settings.sums() != plain.sums();
    if (format != ExportFormat.TFLITE && ofTflite) {
      throw new BadInputException(
          Setting.OUT,
          "a .tflite file for another batch, other inputs and outputs or other sums",
          "a ." + format + " file",
          "name one, or leave those out");
    }
  }

  private Converted onRandomImages() {
    return AtomicFile.make(out, this::compared, Converted::isWritten);
  }

  private Converted compared(Path unfinished) {
    write(unfinished);
    WrittenFile written = WrittenFile.of(unfinished, format);
    WeightStorage storage = settings.precision().storage();
    Agreement agreement =
        storage.isRounded()
            ? conversion.ofRounded(written, storage, threads)
            : conversion.of(written, threads);
    return new Converted(
        out,
        agreement.holds(),
        unfinished.toFile().length(),
        conversion.network().notes(),
        agreement,
        storage.isRounded()
            ? OptionalDouble.of(conversion.distance(written, threads))
            : OptionalDouble.empty(),
        Optional.empty());
  }

  private void write(Path unfinished) {
    if (settings.precision() == ExportPrecision.FP32) {
      conversion.write(
          format,
          new TfliteOptions(settings.batch(), settings.edges(), WeightStorage.AS_COMPUTED),
          unfinished);
    } else {
      NetworkFiles files = NetworkFiles.of(conversion.graph(), written());
      files.write(form(files), Optional.empty(), Optional.empty(), unfinished);
    }
  }

  private ExportSettings written() {
    return new ExportSettings(
        List.of(format),
        List.of(settings.precision()),
        settings.batch(),
        settings.edges(),
        settings.sums(),
        settings.weightScales(),
        null);
  }

  /**
   * @throws BadInputException when the network has no such form
   */
  private FileForm form(NetworkFiles files) {
    if (files.forms().isEmpty()) {
      throw new BadInputException(
          Setting.PRECISION,
          "fp32, fp16, int8-weights or int8 of a network without binary convolutions",
          settings.precision(),
          "ask for one of these");
    }
    return files.forms().get(0);
  }

  private Converted onImages(Path file, ConvertSettings.Images asked, Progress progress) {
    // All that follows is held against the graph, so the graph must be what the file is.
    Agreement agreement = conversion.ofOnnx(conversion.graph(), threads);
    List<String> notes = conversion.network().notes();
    if (!agreement.holds()) {
      return new Converted(
          out, false, 0, notes, agreement, OptionalDouble.empty(), Optional.empty());
    }
    form(NetworkFiles.of(conversion.graph(), written()));
    ConversionImages images =
        ConversionImages.of(file, conversion.graph(), asked, settings.seed(), threads, progress);
    List<ExportedNetwork> networks =
        List.of(new ExportedNetwork(NetworkForm.FULL, null, images.network()));
    AtomicReference<Calibrated> integers = new AtomicReference<>();
    Int8Bound bound =
        new Int8Bound(
            asked.bound(images.labelled()), (name, form, found, tuned) -> integers.set(found));
    try (TemporaryFolder folder = TemporaryFolder.create()) {
      ExportManifest manifest =
          new Exporter(
                  "network", folder.path(), written(), images::calibration, Int8Tuning.NONE, bound)
              .export(networks);
      Verification found =
          new Verifier(verifying(images, asked), images.judged(), progress)
              .verify(Optional.empty(), networks, folder.path(), manifest.files());
      ExportedFile written = manifest.files().get(0);
      FileCheck check = found.file(written.file());
      byte[] content = ModelFile.read(written.in(folder.path()));
      if (check.passed()) {
        // What the network itself answered is no measure of its accuracy.
        if (images.labelled()) {
          content = AccuracyStamp.stamped(content, format, check, found.images());
        }
        byte[] passed = content;
        AtomicFile.write(out, stream -> stream.write(passed));
      }
      return new Converted(
          out,
          check.passed(),
          content.length,
          notes,
          agreement,
          OptionalDouble.empty(),
          Optional.of(
              new Converted.OnImages(
                  check,
                  found,
                  images.labelled(),
                  settings.precision().isInteger() || written.tuned() != null
                      ? images.calibration().ranges().size()
                      : 0,
                  Optional.ofNullable(integers.get()),
                  images.normalization())));
    }
  }

  private VerifierOptions verifying(ConversionImages images, ConvertSettings.Images asked) {
    return VerifierOptions.defaults(threads)
        .withMaxDrop(asked.bound(images.labelled()))
        .forNetworkOf(Cost.of(images.network()).macs());
  }
}
