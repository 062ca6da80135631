package shallows.demo;

import static org.bytedeco.tensorflowlite.global.tensorflowlite.*;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.tensorflowlite.TfLiteInterpreter;
import org.bytedeco.tensorflowlite.TfLiteInterpreterOptions;
import org.bytedeco.tensorflowlite.TfLiteModel;

/** A model in TFLite, read where its file lies. Used by one thread at a time. */
final class LiteModel implements AutoCloseable {
  private final MappedByteBuffer mapped;
  private final TfLiteModel model;
  private final TfLiteInterpreter interpreter;
  private final int classes;

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
    NetworkInput input = bundle.input();
    model = TfLiteModelCreate(new BytePointer(mapped), mapped.capacity());
    if (model == null) {
      throw new DamagedBundle(file.file() + " is no TFLite model");
    }
    TfLiteInterpreterOptions options = TfLiteInterpreterOptionsCreate();
    TfLiteInterpreterOptionsSetNumThreads(options, threads);
    interpreter = TfLiteInterpreterCreate(model, options);
    TfLiteInterpreterOptionsDelete(options);
    long in = 4L * input.channels() * input.height() * input.width();
    if (interpreter == null
        || TfLiteInterpreterAllocateTensors(interpreter) != kTfLiteOk
        || TfLiteTensorByteSize(TfLiteInterpreterGetInputTensor(interpreter, 0)) != in
        || TfLiteTensorByteSize(TfLiteInterpreterGetOutputTensor(interpreter, 0)) != 4L * classes) {
      close();
      throw new DamagedBundle(file.file() + " is not the model that model.json describes");
    }
  }

  /**
   * @param image {@code (H, W, C)}, normalized
   */
  float[] logits(float[] image) {
    data(TfLiteInterpreterGetInputTensor(interpreter, 0)).put(image);
    if (TfLiteInterpreterInvoke(interpreter) != kTfLiteOk) {
      throw new IllegalStateException("TFLite failed");
    }
    float[] logits = new float[classes];
    data(TfLiteInterpreterGetOutputTensor(interpreter, 0)).get(logits);
    return logits;
  }

  private static FloatPointer data(org.bytedeco.tensorflowlite.TfLiteTensor tensor) {
    return new FloatPointer(TfLiteTensorData(tensor));
  }

  @Override
  public void close() {
    if (interpreter != null) {
      TfLiteInterpreterDelete(interpreter);
    }
    TfLiteModelDelete(model);
  }
}
