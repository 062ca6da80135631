package shallows.demo;

import static org.bytedeco.tensorflowlite.global.tensorflowlite.kTfLiteOk;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorflowlite.BuiltinOpResolver;
import org.bytedeco.tensorflowlite.FlatBufferModel;
import org.bytedeco.tensorflowlite.Interpreter;
import org.bytedeco.tensorflowlite.InterpreterBuilder;
import shallows.export.runtime.TfliteEdge;

/**
 * A model in TFLite, read where its file lies, with XNNPACK for all operators that it takes;
 * TFLite's interface for C would leave XNNPACK out. Used by one thread at a time.
 */
final class LiteModel implements AutoCloseable {
  private final MappedByteBuffer mapped;
  private final FlatBufferModel model;
  private final BuiltinOpResolver operators = new BuiltinOpResolver();
  private final Interpreter interpreter = new Interpreter((Pointer) null);
  private final int classes;
  private final TfliteEdge input;
  private final TfliteEdge output;

  /**
   * @param threads for one operation, at least 1
   */
  LiteModel(ModelBundle bundle, ModelBundle.Model file, int threads) throws DamagedBundle {
    try {
      mapped = bundle.files().map(file.file());
    } catch (IOException e) {
      throw new DamagedBundle(file.file() + " is missing", e);
    }
    classes = bundle.labels().size();
    model =
        FlatBufferModel.VerifyAndBuildFromBuffer(
            new BytePointer(mapped), mapped.capacity(), null, null);
    if (model == null || model.isNull()) {
      close();
      throw new DamagedBundle(file.file() + " is no TFLite model");
    }
    if (!builds(threads)) {
      close();
      throw new DamagedBundle(file.file() + " is a TFLite model that does not run");
    }
    input = new TfliteEdge(() -> interpreter.input_tensor(0));
    output = new TfliteEdge(() -> interpreter.output_tensor(0));
    NetworkInput given = bundle.input();
    if (!input.holdsNumbers()
        || !output.holdsNumbers()
        || size(input) != (long) given.channels() * given.height() * given.width()
        || size(output) != classes) {
      close();
      throw new DamagedBundle(file.file() + " is not the model that model.json describes");
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

  private static long size(TfliteEdge edge) {
    long size = 1;
    for (int dimension : edge.shape()) {
      size *= dimension;
    }
    return size;
  }

  /**
   * @param image {@code (H, W, C)}, normalized
   */
  float[] logits(float[] image) {
    input.put(image, 0, image.length);
    if (interpreter.Invoke() != kTfLiteOk) {
      throw new IllegalStateException("TFLite failed");
    }
    float[] logits = new float[classes];
    output.get(logits);
    return logits;
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
