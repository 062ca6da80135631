package shallows.export.runtime;

import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteModelCreateWithErrorReporter;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteModelDelete;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.kTfLiteOk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorflowlite.BuiltinOpResolver;
import org.bytedeco.tensorflowlite.FlatBufferModel;
import org.bytedeco.tensorflowlite.Interpreter;
import org.bytedeco.tensorflowlite.InterpreterBuilder;
import org.bytedeco.tensorflowlite.TfLiteModel;
import shallows.export.inspect.Refusal;
import shallows.export.inspect.TfliteInspection;
import shallows.model.BadInputException;
import shallows.model.file.FileKind;

/**
 * An interpreter of TFLite over a file in memory, with XNNPACK for all operators that it takes, as
 * TFLite's interfaces for Android, Swift and Python have it. Of the interface for C++, since that
 * for C leaves XNNPACK out. Not for use by several threads at once.
 */
final class TfliteSession implements AutoCloseable {
  /** Of a file that is none: shows what it is. */
  private static final int HEAD = 1 << 16;

  private final String where;
  private final String expected;
  private final BytePointer bytes;
  private final SilentReporter reporter;
  private FlatBufferModel model;
  private BuiltinOpResolver operators;
  private Interpreter interpreter;

  private TfliteSession(BytePointer content, String where, String expected) {
    this.where = where;
    this.expected = expected;
    this.reporter = new SilentReporter();
    // TFLite reads the file where it lies, so this lives as long as the interpreter.
    this.bytes = content;
  }

  /**
   * @param where what to call the file in messages
   * @param expected what they say is expected of it
   * @param threads for one operation, at least 1
   * @throws BadInputException naming the file, when it is damaged or TFLite refuses it
   */
  static TfliteSession open(byte[] content, String where, String expected, int threads) {
    return open(new BytePointer(content), where, expected, threads);
  }

  /**
   * The same of a file, which is read to where TFLite reads it, and is nowhere else in memory.
   *
   * @throws BadInputException as above
   */
  static TfliteSession open(Path file, String where, String expected, int threads) {
    return open(ModelFile.read(file, TfliteSession::content), where, expected, threads);
  }

  private static BytePointer content(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      BytePointer bytes = new BytePointer(channel.size());
      try {
        ByteBuffer view = bytes.asByteBuffer();
        while (view != null && view.hasRemaining() && channel.read(view) > 0) {
          // A read may stop anywhere.
        }
        if (view != null && view.hasRemaining()) {
          throw new IOException("it became shorter while it was read");
        }
        return bytes;
      } catch (IOException e) {
        bytes.close();
        throw e;
      }
    }
  }

  private static TfliteSession open(
      BytePointer content, String where, String expected, int threads) {
    TfliteSession session = new TfliteSession(content, where, expected);
    try {
      session.verify();
      session.start(threads);
      return session;
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private void verify() {
    // Verifies the file's offsets before anything follows them. Only this interface is silent.
    TfLiteModel verified =
        TfLiteModelCreateWithErrorReporter(bytes, bytes.capacity(), reporter, null);
    if (verified == null) {
      byte[] head = new byte[(int) Math.min(bytes.capacity(), HEAD)];
      bytes.get(head);
      throw Refusal.of(
          where,
          expected,
          FileKind.of(head)
              .filter(kind -> !kind.equals(FileKind.TFLITE))
              .map(FileKind::words)
              .orElse("no valid flatbuffer of one"));
    }
    TfLiteModelDelete(verified);
    TfliteInspection.check(bytes.asByteBuffer(), where);
  }

  private void start(int threads) {
    TfliteLog.silence();
    model = FlatBufferModel.VerifyAndBuildFromBuffer(bytes, bytes.capacity(), null, null);
    operators = new BuiltinOpResolver();
    interpreter = new Interpreter((Pointer) null);
    try (InterpreterBuilder builder = new InterpreterBuilder(model, operators)) {
      if (builder.SetNumThreads(threads) != kTfLiteOk
          || builder.apply(interpreter) != kTfLiteOk
          || interpreter.isNull()
          || interpreter.AllocateTensors() != kTfLiteOk) {
        throw Refusal.of(where, expected, "one that TFLite refuses");
      }
    }
  }

  int inputs() {
    return count(interpreter.inputs());
  }

  int outputs() {
    return count(interpreter.outputs());
  }

  /** A list without entries is none. */
  private static int count(IntPointer list) {
    return list == null ? 0 : (int) list.limit();
  }

  TfliteEdge input(int index) {
    return new TfliteEdge(() -> interpreter.input_tensor(index));
  }

  TfliteEdge output(int index) {
    return new TfliteEdge(() -> interpreter.output_tensor(index));
  }

  /** Computes the outputs of the inputs. */
  void run() {
    if (interpreter.Invoke() != kTfLiteOk) {
      throw Refusal.of(where, "a model that runs", "a failure of TFLite");
    }
  }

  @Override
  public void close() {
    if (interpreter != null) {
      interpreter.close();
      interpreter = null;
    }
    if (operators != null) {
      operators.close();
      operators = null;
    }
    if (model != null) {
      model.close();
      model = null;
    }
    bytes.close();
    reporter.close();
  }
}
