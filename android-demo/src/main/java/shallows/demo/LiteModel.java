package shallows.demo;

import static org.bytedeco.tensorflowlite.global.tensorflowlite.*;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.tensorflowlite.TfLiteInterpreter;
import org.bytedeco.tensorflowlite.TfLiteInterpreterOptions;
import org.bytedeco.tensorflowlite.TfLiteModel;
import shallows.export.runtime.TfliteEdge;

/** A model in TFLite, read where its file lies. Used by one thread at a time. */
final class LiteModel implements AutoCloseable {
  private final MappedByteBuffer mapped;
  private final TfLiteModel model;
  private final TfLiteInterpreter interpreter;
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
    model = TfLiteModelCreate(new BytePointer(mapped), mapped.capacity());
    if (model == null) {
      throw new DamagedBundle(file.file() + " is no TFLite model");
    }
    TfLiteInterpreterOptions options = TfLiteInterpreterOptionsCreate();
    TfLiteInterpreterOptionsSetNumThreads(options, threads);
    interpreter = TfLiteInterpreterCreate(model, options);
    TfLiteInterpreterOptionsDelete(options);
    if (interpreter == null || TfLiteInterpreterAllocateTensors(interpreter) != kTfLiteOk) {
      close();
      throw new DamagedBundle(file.file() + " is a TFLite model that does not run");
    }
    input = new TfliteEdge(() -> TfLiteInterpreterGetInputTensor(interpreter, 0));
    output = new TfliteEdge(() -> TfLiteInterpreterGetOutputTensor(interpreter, 0));
    NetworkInput given = bundle.input();
    if (!input.holdsNumbers()
        || !output.holdsNumbers()
        || size(input) != (long) given.channels() * given.height() * given.width()
        || size(output) != classes) {
      close();
      throw new DamagedBundle(file.file() + " is not the model that model.json describes");
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
    if (TfLiteInterpreterInvoke(interpreter) != kTfLiteOk) {
      throw new IllegalStateException("TFLite failed");
    }
    float[] logits = new float[classes];
    output.get(logits);
    return logits;
  }

  @Override
  public void close() {
    if (interpreter != null) {
      TfLiteInterpreterDelete(interpreter);
    }
    TfLiteModelDelete(model);
  }
}
