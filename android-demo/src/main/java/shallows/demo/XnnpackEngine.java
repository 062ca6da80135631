package shallows.demo;

import static org.bytedeco.tensorflowlite.global.tensorflowlite.kTfLiteOk;

import java.nio.MappedByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorflowlite.BuiltinOpResolver;
import org.bytedeco.tensorflowlite.FlatBufferModel;
import org.bytedeco.tensorflowlite.Interpreter;
import org.bytedeco.tensorflowlite.InterpreterBuilder;
import org.bytedeco.tensorflowlite.TfLiteTensor;

/**
 * The processor, with XNNPACK for all operators that it takes; TFLite's interface for C would leave
 * XNNPACK out.
 */
final class XnnpackEngine implements Engine {
  /** Read as long as the model is open. */
  private final MappedByteBuffer mapped;

  private final FlatBufferModel model;
  private final BuiltinOpResolver operators = new BuiltinOpResolver();
  private final Interpreter interpreter = new Interpreter((Pointer) null);

  /**
   * @param mapped the file, read where it lies
   * @param file its name
   * @param threads for one operation, at least 1
   */
  XnnpackEngine(MappedByteBuffer mapped, String file, int threads) throws DamagedBundle {
    this.mapped = mapped;
    model =
        FlatBufferModel.VerifyAndBuildFromBuffer(
            new BytePointer(mapped), mapped.capacity(), null, null);
    if (model == null || model.isNull()) {
      close();
      throw new DamagedBundle(file + " is no TFLite model");
    }
    if (!builds(threads)) {
      close();
      throw new DamagedBundle(file + " is a TFLite model that does not run");
    }
  }

  private boolean builds(int threads) {
    try (InterpreterBuilder builder = new InterpreterBuilder(model, operators)) {
      return builder.SetNumThreads(threads) == kTfLiteOk
          && builder.apply(interpreter) == kTfLiteOk
          && !interpreter.isNull()
          && interpreter.AllocateTensors() == kTfLiteOk;
    }
  }

  @Override
  public TfLiteTensor input() {
    return interpreter.input_tensor(0);
  }

  @Override
  public TfLiteTensor output() {
    return interpreter.output_tensor(0);
  }

  @Override
  public boolean invoke() {
    return interpreter.Invoke() == kTfLiteOk;
  }

  @Override
  public void close() {
    interpreter.close();
    operators.close();
    if (model != null) {
      model.close();
    }
  }
}
