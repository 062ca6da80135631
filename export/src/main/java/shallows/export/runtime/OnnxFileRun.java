package shallows.export.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import shallows.export.inspect.Refusal;

/**
 * Any ONNX file of one input of floats and one output, run in ONNX Runtime for one image at a time.
 * Weights in files beside it are found.
 */
public final class OnnxFileRun implements AutoCloseable {
  private static final String EXPECTED = "an ONNX model of one image of floats and one output";

  private final String where;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String input;

  /** How many images the file wants at once; more than one are copies of the one. */
  private final int batch;

  private OnnxFileRun(
      String where, OrtEnvironment environment, OrtSession session, String input, int batch) {
    this.where = where;
    this.environment = environment;
    this.session = session;
    this.input = input;
    this.batch = batch;
  }

  /**
   * @throws shallows.model.BadInputException when ONNX Runtime refuses the file
   */
  public static OnnxFileRun open(Path file, int threads) {
    String where = file.toString();
    OrtSession session = null;
    try (OrtSession.SessionOptions options = OnnxRuntimeClassifier.options(threads)) {
      OrtEnvironment environment = OnnxRuntime.environment();
      session = environment.createSession(where, options);
      String input = session.getInputNames().iterator().next();
      if (!(session.getInputInfo().get(input).getInfo() instanceof TensorInfo tensor)
          || tensor.type != OnnxJavaType.FLOAT
          || tensor.getShape().length != 4) {
        throw Refusal.of(
            where, EXPECTED, "an input of " + session.getInputInfo().get(input).getInfo());
      }
      int batch = (int) Math.max(1, tensor.getShape()[0]);
      OnnxFileRun run = new OnnxFileRun(where, environment, session, input, batch);
      session = null;
      return run;
    } catch (OrtException e) {
      throw Refusal.of(
          where, EXPECTED, "one that ONNX Runtime refuses: " + OnnxRuntimeClassifier.shorter(e), e);
    } finally {
      OnnxRuntimeClassifier.close(session);
    }
  }

  /**
   * What goes out for one image.
   *
   * @param axes of the image in the file, behind the batch
   */
  public float[] output(float[] pixels, int... axes) {
    FloatBuffer images = FloatBuffer.allocate(batch * pixels.length);
    for (int i = 0; i < batch; i++) {
      images.put(pixels);
    }
    long[] shape = new long[1 + axes.length];
    shape[0] = batch;
    for (int i = 0; i < axes.length; i++) {
      shape[i + 1] = axes[i];
    }
    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, images.flip(), shape);
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] all = new float[values.remaining()];
      values.get(all);
      return Arrays.copyOf(all, all.length / batch);
    } catch (OrtException e) {
      throw Refusal.of(where, "a model that runs", OnnxRuntimeClassifier.shorter(e), e);
    }
  }

  @Override
  public void close() {
    OnnxRuntimeClassifier.close(session);
  }
}
