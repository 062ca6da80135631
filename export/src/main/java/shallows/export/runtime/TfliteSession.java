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
import static org.bytedeco.tensorflowlite.global.tensorflowlite.kTfLiteOk;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.tensorflowlite.TfLiteInterpreter;
import org.bytedeco.tensorflowlite.TfLiteInterpreterOptions;
import org.bytedeco.tensorflowlite.TfLiteModel;
import shallows.model.BadInputException;

/**
 * An interpreter of TFLite over a file in memory, with XNNPACK, which the runtime uses of itself.
 * Not for use by several threads at once.
 */
final class TfliteSession implements AutoCloseable {
  private final String where;
  private final String expected;
  private final BytePointer bytes;
  private final SilentReporter reporter;
  private TfLiteModel model;
  private TfLiteInterpreter interpreter;

  private TfliteSession(byte[] content, String where, String expected) {
    this.where = where;
    this.expected = expected;
    this.reporter = new SilentReporter();
    // TFLite reads the file where it lies, so this lives as long as the interpreter.
    this.bytes = new BytePointer(content);
  }

  /**
   * @param where what to call the file in messages
   * @param expected what they say is expected of it
   * @param threads for one operation, at least 1
   * @throws BadInputException naming the file, when it is damaged or TFLite refuses it
   */
  static TfliteSession open(byte[] content, String where, String expected, int threads) {
    TfliteSession session = new TfliteSession(content, where, expected);
    try {
      session.verify(content);
      session.start(threads);
      return session;
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private void verify(byte[] content) {
    // Verifies the file's offsets before anything follows them.
    model = TfLiteModelCreateWithErrorReporter(bytes, bytes.capacity(), reporter, null);
    if (model == null) {
      throw ModelFile.refused(where, expected, "no valid flatbuffer of one");
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
      throw ModelFile.refused(where, expected, "one that TFLite refuses");
    }
  }

  int inputs() {
    return TfLiteInterpreterGetInputTensorCount(interpreter);
  }

  int outputs() {
    return TfLiteInterpreterGetOutputTensorCount(interpreter);
  }

  TfliteEdge input(int index) {
    return new TfliteEdge(() -> TfLiteInterpreterGetInputTensor(interpreter, index));
  }

  TfliteEdge output(int index) {
    return new TfliteEdge(() -> TfLiteInterpreterGetOutputTensor(interpreter, index));
  }

  /** Computes the outputs of the inputs. */
  void run() {
    if (TfLiteInterpreterInvoke(interpreter) != kTfLiteOk) {
      throw ModelFile.refused(where, "a model that runs", "a failure of TFLite");
    }
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
