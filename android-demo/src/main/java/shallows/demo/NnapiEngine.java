package shallows.demo;

import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterAllocateTensors;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterCreate;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterDelete;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterGetInputTensor;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterGetOutputTensor;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterInvoke;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterOptionsCreate;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterOptionsDelete;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterOptionsSetNumThreads;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterOptionsSetUseNNAPI;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteModelCreate;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteModelDelete;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.kTfLiteOk;

import java.nio.MappedByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.tensorflowlite.TfLiteInterpreter;
import org.bytedeco.tensorflowlite.TfLiteInterpreterOptions;
import org.bytedeco.tensorflowlite.TfLiteModel;
import org.bytedeco.tensorflowlite.TfLiteTensor;

/**
 * Whatever the phone's NNAPI computes with, and TFLite's own kernels for the rest. TFLite's
 * interface for C alone has it in the library that the app ships.
 */
final class NnapiEngine implements Engine {
  /** Read as long as the model is open. */
  private final MappedByteBuffer mapped;

  private final TfLiteModel model;
  private final TfLiteInterpreter interpreter;

  /**
   * As for {@link XnnpackEngine}.
   *
   * @param threads of what NNAPI does not take
   */
  NnapiEngine(MappedByteBuffer mapped, String file, int threads) throws DamagedBundle {
    this.mapped = mapped;
    model = TfLiteModelCreate(new BytePointer(mapped), mapped.capacity());
    if (model == null) {
      throw new DamagedBundle(file + " is no TFLite model");
    }
    TfLiteInterpreterOptions options = TfLiteInterpreterOptionsCreate();
    TfLiteInterpreterOptionsSetNumThreads(options, threads);
    TfLiteInterpreterOptionsSetUseNNAPI(options, true);
    interpreter = TfLiteInterpreterCreate(model, options);
    TfLiteInterpreterOptionsDelete(options);
    if (interpreter == null || TfLiteInterpreterAllocateTensors(interpreter) != kTfLiteOk) {
      close();
      throw new DamagedBundle(file + " does not run");
    }
  }

  @Override
  public TfLiteTensor input() {
    return TfLiteInterpreterGetInputTensor(interpreter, 0);
  }

  @Override
  public TfLiteTensor output() {
    return TfLiteInterpreterGetOutputTensor(interpreter, 0);
  }

  @Override
  public boolean invoke() {
    return TfLiteInterpreterInvoke(interpreter) == kTfLiteOk;
  }

  @Override
  public void close() {
    if (interpreter != null) {
      TfLiteInterpreterDelete(interpreter);
    }
    TfLiteModelDelete(model);
  }
}
