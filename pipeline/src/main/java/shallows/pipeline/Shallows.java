package shallows.pipeline;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import shallows.export.convert.Agreement;
import shallows.export.convert.Conversion;
import shallows.export.verify.FileVerification;
import shallows.model.BadInputException;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.onnx.read.OnnxCoverage;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.read.ReadOptions;
import shallows.model.progress.Progress;
import shallows.pipeline.measure.AskedTask;
import shallows.pipeline.measure.Classification;
import shallows.pipeline.measure.ModelFileCheck;

/** Where a Java program begins: with a run, or with a single step. */
public final class Shallows {
  private static final String TFLITE = ".tflite";

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
    int threads = Runtime.getRuntime().availableProcessors();
    Conversion conversion = Conversion.of(onnx, options, 1, threads);
    boolean tflite = out.toString().endsWith(TFLITE);
    byte[] content = tflite ? conversion.tflite() : conversion.onnx();
    Agreement agreement =
        tflite ? conversion.ofTflite(content, threads) : conversion.ofOnnx(content, threads);
    if (!agreement.holds()) {
      throw new BadInputException(
          onnx,
          "outputs as ONNX Runtime gives for it",
          "a file that " + agreement.words("it"),
          "take another export of the network");
    }
    Conversion.write(content, out);
    return agreement.difference();
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
        .run(set, 1, Runtime.getRuntime().availableProcessors(), Progress.SILENT)
        .found();
  }

  /** What a model file sees in images, one answer each, the likeliest classes first. */
  public static List<Classification.Answer> classify(Path file, List<Path> images) {
    return Classification.of(file, images, Integer.MAX_VALUE);
  }
}
