package shallows.pipeline;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import shallows.export.verify.FileVerification;
import shallows.model.BadInputException;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.onnx.read.OnnxCoverage;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.read.ReadOptions;
import shallows.model.progress.Progress;
import shallows.pipeline.convert.ConvertSettings;
import shallows.pipeline.convert.Converted;
import shallows.pipeline.convert.FileConversion;
import shallows.pipeline.convert.Sensitivity;
import shallows.pipeline.measure.AskedTask;
import shallows.pipeline.measure.Classification;
import shallows.pipeline.measure.ModelFileCheck;

/** Where a Java program begins: with a run, or with a single step. */
public final class Shallows {
  private Shallows() {}

  /**
   * A run in a folder, to begin or to go on with. Nothing is read or written before its first
   * stage.
   */
  public static Run run(Path folder) {
    return Run.in(folder);
  }

  /**
   * The network of an ONNX file, of ours or of others.
   *
   * @throws BadInputException when the file is none, or has operators that are not known
   */
  public static Graph read(Path onnx) {
    return OnnxReader.read(onnx);
  }

  /**
   * The same, with what the file leaves open: which output, which size.
   *
   * @throws BadInputException as above
   */
  public static Graph read(Path onnx, ReadOptions options) {
    return OnnxReader.imported(onnx, options).graph();
  }

  /**
   * What becomes of the nodes of a foreign file, operator by operator, also where some are refused.
   *
   * @throws BadInputException when the file is no ONNX file of one image
   */
  public static OnnxCoverage coverage(Path onnx, ReadOptions options) {
    return OnnxReader.coverage(onnx, options);
  }

  /** The residual blocks of a network, shallowest first: what pruning can drop. */
  public static List<Block> blocks(Graph network) {
    return network.blocks();
  }

  /**
   * Writes an ONNX file as another one: a TFLite file where its name ends so, else an ONNX file of
   * ours. Its outputs are compared with those of the original in ONNX Runtime, on random images.
   *
   * @return the largest difference, of the range of the outputs
   * @throws BadInputException when it is more than rounding makes of it; then nothing is written
   */
  public static double convert(Path onnx, Path out) {
    return convert(onnx, ReadOptions.OF_FILE, out);
  }

  /**
   * The same, with what the file leaves open: which output, which size.
   *
   * @throws BadInputException as above
   */
  public static double convert(Path onnx, ReadOptions options, Path out) {
    Converted converted = convert(onnx, ConvertSettings.STANDARD.withReading(options), out);
    if (!converted.isWritten()) {
      throw new BadInputException(
          onnx,
          "outputs as ONNX Runtime gives for it",
          "a file that " + converted.agreement().words("it"),
          "take another export of the network");
    }
    return converted.agreement().difference();
  }

  /**
   * Writes an ONNX file as a file of another precision, by images where that takes some, if it
   * passes its check: in 8 bits, by scales that are found on some of the images, verified on
   * others.
   *
   * @param out that ends in {@code .tflite} or {@code .onnx}
   * @return what came of it, and whether it was written
   * @throws BadInputException when the file cannot be read, or images do not fit it
   */
  public static Converted convert(Path onnx, ConvertSettings settings, Path out) {
    int threads = Runtime.getRuntime().availableProcessors();
    return FileConversion.of(onnx, settings, out, threads, Progress.SILENT);
  }

  /**
   * What 8 bits would cost an ONNX file, in all layers and in each alone; nothing is written.
   *
   * @throws BadInputException when the file cannot be read, or images do not fit it
   */
  public static Sensitivity sensitivity(Path onnx, ConvertSettings.Images images) {
    int threads = Runtime.getRuntime().availableProcessors();
    return Sensitivity.of(onnx, ReadOptions.OF_FILE, images, 1, threads, Progress.SILENT);
  }

  /**
   * Accuracy, latency and size of a model file, of ours or of others.
   *
   * @param file {@code .onnx} or {@code .tflite}
   * @param images a folder as {@link Run#images(Path)} has it; its test images are brought to the
   *     file's size
   */
  public static FileVerification measure(Path file, Path images) {
    return measure(file, images.toString());
  }

  /**
   * The same on the test images of a data set.
   *
   * @param set its name, for example {@code "fashion-mnist"}
   */
  public static FileVerification measure(Path file, String set) {
    return new ModelFileCheck(file, Optional.empty(), false, Optional.empty(), AskedTask.NOTHING)
        .run(List.of(set), 1, Runtime.getRuntime().availableProcessors(), Progress.SILENT)
        .found();
  }

  /** What a model file sees in images, one answer each, the likeliest classes first. */
  public static List<Classification.Answer> classify(Path file, List<Path> images) {
    return Classification.of(file, images, Integer.MAX_VALUE);
  }
}
