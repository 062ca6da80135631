package shallows.export.runtime;

import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterAllocateTensors;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterCreate;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterDelete;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterGetInputTensor;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterGetInputTensorCount;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterGetOutputTensor;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterGetOutputTensorCount;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterInvoke;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterOptionsCreate;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterOptionsDelete;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterOptionsSetErrorReporter;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterOptionsSetNumThreads;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteModelCreateWithErrorReporter;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteModelDelete;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteVersion;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.kTfLiteOk;

import java.nio.file.Path;
import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.tensorflowlite.TfLiteInterpreter;
import org.bytedeco.tensorflowlite.TfLiteInterpreterOptions;
import org.bytedeco.tensorflowlite.TfLiteModel;
import shallows.export.tflite.Layout;
import shallows.model.BadInputException;
import shallows.model.graph.Shape;

/**
 * A TFLite file in TFLite on the processor, with XNNPACK, which the runtime uses of itself. Images
 * go in channels first, as everywhere, and are turned here; where a file takes or gives 8-bit
 * integers they are rounded here too. Not for use by several threads at once.
 */
public final class TfliteClassifier implements RuntimeClassifier {
  private static final String EXPECTED =
      "a TFLite model of one image (1, H, W, C) and one (1, classes)";

  private final String where;
  private final BytePointer bytes;
  private final SilentReporter reporter;
  private TfLiteModel model;
  private TfLiteInterpreter interpreter;
  private TfliteEdge input;
  private TfliteEdge output;
  private Shape image;
  private int classes;

  private TfliteClassifier(byte[] content, String where) {
    this.where = where;
    this.reporter = new SilentReporter();
    // TFLite reads the file where it lies, so this lives as long as the interpreter.
    this.bytes = new BytePointer(content);
  }

  /**
   * @param threads for one operation, at least 1
   * @throws BadInputException naming the file, when it is not such a model
   */
  public static TfliteClassifier open(Path file, int threads) {
    return open(ModelFile.read(file), file.toString(), threads);
  }

  /**
   * @param where what to call the model in messages
   * @throws BadInputException as above
   */
  public static TfliteClassifier open(byte[] content, String where, int threads) {
    TfliteClassifier classifier = new TfliteClassifier(content, where);
    try {
      classifier.verify(content);
      classifier.start(threads);
      return classifier;
    } catch (RuntimeException e) {
      classifier.close();
      throw e;
    }
  }

  private void verify(byte[] content) {
    // Verifies the file's offsets before anything follows them.
    model = TfLiteModelCreateWithErrorReporter(bytes, bytes.capacity(), reporter, null);
    if (model == null) {
      throw ModelFile.refused(where, EXPECTED, "no valid flatbuffer of one");
    }
    TfliteInspection.check(content, where);
  }

  private void start(int threads) {
    TfLiteInterpreterOptions options = TfLiteInterpreterOptionsCreate();
    TfLiteInterpreterOptionsSetNumThreads(options, threads);
    TfLiteInterpreterOptionsSetErrorReporter(options, reporter, null);
    interpreter = TfLiteInterpreterCreate(model, options);
    TfLiteInterpreterOptionsDelete(options);
    if (interpreter == null || TfLiteInterpreterAllocateTensors(interpreter) != kTfLiteOk) {
      throw ModelFile.refused(where, EXPECTED, "one that TFLite refuses");
    }
    if (TfLiteInterpreterGetInputTensorCount(interpreter) != 1
        || TfLiteInterpreterGetOutputTensorCount(interpreter) != 1) {
      throw ModelFile.refused(where, EXPECTED, "several inputs or outputs");
    }
    input = new TfliteEdge(() -> TfLiteInterpreterGetInputTensor(interpreter, 0));
    output = new TfliteEdge(() -> TfLiteInterpreterGetOutputTensor(interpreter, 0));
    requireOne(input, 4);
    requireOne(output, 2);
    image = Shape.of(input.shape()[3], input.shape()[1], input.shape()[2]);
    classes = output.shape()[1];
  }

  private void requireOne(TfliteEdge edge, int axes) {
    int[] shape = edge.shape();
    if (shape.length != axes || shape[0] != 1 || !edge.holdsNumbers()) {
      throw ModelFile.refused(
          where, EXPECTED, "a tensor of another type or shape, " + Arrays.toString(shape));
    }
  }

  @Override
  public String runtime() {
    return "TFLite " + TfLiteVersion().getString();
  }

  @Override
  public Shape image() {
    return image;
  }

  @Override
  public int classes() {
    return classes;
  }

  @Override
  public float[][] logits(float[] images, int count) {
    ModelFile.requireImages(where, image, images, count);
    int positions = image.dimension(1) * image.dimension(2);
    float[] turned = Layout.channelsLast(images, count, image.dimension(0), positions);
    float[][] logits = new float[count][classes];
    for (int i = 0; i < count; i++) {
      input.put(turned, i * image.size(), image.size());
      if (TfLiteInterpreterInvoke(interpreter) != kTfLiteOk) {
        throw ModelFile.refused(where, "a model that runs", "a failure of TFLite");
      }
      output.get(logits[i]);
    }
    return logits;
  }

  @Override
  public void close() {
    if (interpreter != null) {
      TfLiteInterpreterDelete(interpreter);
      interpreter = null;
    }
    if (model != null) {
      TfLiteModelDelete(model);
      model = null;
    }
    bytes.close();
    reporter.close();
  }
}
