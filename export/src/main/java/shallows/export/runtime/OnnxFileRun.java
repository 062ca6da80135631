package shallows.export.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.platform.Fp16Conversions;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import shallows.export.inspect.Refusal;
import shallows.export.onnx.OnnxValues;
import shallows.model.onnx.OnnxOutline;

/**
 * Any ONNX file of one image of numbers, run in ONNX Runtime for one image at a time. Weights in
 * files beside it are found, and numbers of half and double precision go in and out as floats.
 */
public final class OnnxFileRun implements AutoCloseable {
  private static final String EXPECTED = "an ONNX model of one image of floats";

  private final String where;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String input;
  private final OnnxJavaType type;
  private final Set<String> values;

  /** How many images the file wants at once; more than one are copies of the one. */
  private final int batch;

  private OnnxFileRun(
      String where,
      OrtEnvironment environment,
      OrtSession session,
      String input,
      TensorInfo image,
      Set<String> values) {
    this.where = where;
    this.environment = environment;
    this.session = session;
    this.input = input;
    this.type = image.type;
    this.values = values;
    this.batch = (int) Math.max(1, image.getShape()[0]);
  }

  /**
   * The file has to stay as it is until this is closed, as ONNX Runtime maps large weights of it.
   *
   * @param values of the file that are asked for, among its outputs or inside it
   * @param change of the file's content before it is run
   * @throws shallows.model.BadInputException when ONNX Runtime refuses the file
   */
  public static OnnxFileRun open(
      Path file, List<String> values, Optional<UnaryOperator<byte[]>> change, int threads) {
    String where = file.toString();
    OrtSession session = null;
    OnnxOutline model = ModelFile.outline(file);
    try (OrtSession.SessionOptions options = OnnxSessionOptions.of(model.content(), threads)) {
      OnnxSessionOptions.forFewImages(options);
      OrtEnvironment environment = OnnxRuntime.environment();
      session = session(environment, options, file, model, values, change);
      String input = session.getInputNames().iterator().next();
      if (!(session.getInputInfo().get(input).getInfo() instanceof TensorInfo tensor)
          || !Set.of(OnnxJavaType.FLOAT, OnnxJavaType.FLOAT16, OnnxJavaType.DOUBLE)
              .contains(tensor.type)
          || tensor.getShape().length != 4) {
        throw Refusal.of(
            where, EXPECTED, "an input of " + session.getInputInfo().get(input).getInfo());
      }
      OnnxFileRun run =
          new OnnxFileRun(where, environment, session, input, tensor, Set.copyOf(values));
      session = null;
      return run;
    } catch (OrtException e) {
      throw Refusal.of(
          where, EXPECTED, "one that ONNX Runtime refuses: " + OnnxRuntimeClassifier.shorter(e), e);
    } finally {
      OnnxRuntimeClassifier.close(session);
    }
  }

  private static OrtSession session(
      OrtEnvironment environment,
      OrtSession.SessionOptions options,
      Path file,
      OnnxOutline model,
      List<String> values,
      Optional<UnaryOperator<byte[]>> change)
      throws OrtException {
    String where = file.toString();
    if (change.isEmpty() && !model.isParted()) {
      OrtSession whole = environment.createSession(where, options);
      if (whole.getOutputNames().containsAll(values)) {
        return whole;
      }
      OnnxRuntimeClassifier.close(whole);
    }
    if (model.isParted()) {
      OnnxSessionOptions.inside(file, options);
    } else {
      OnnxSessionOptions.besides(file, options);
    }
    byte[] content = model.content();
    byte[] changed = change.map(changing -> changing.apply(content)).orElse(content);
    return environment.createSession(OnnxValues.returning(changed, where, values), options);
  }

  /**
   * The values that were asked for, of one image; those that are no numbers are missing.
   *
   * @param axes of the image in the file, behind the batch
   */
  public Map<String, float[]> values(float[] pixels, int... axes) {
    FloatBuffer images = FloatBuffer.allocate(batch * pixels.length);
    for (int i = 0; i < batch; i++) {
      images.put(pixels);
    }
    long[] shape = new long[1 + axes.length];
    shape[0] = batch;
    for (int i = 0; i < axes.length; i++) {
      shape[i + 1] = axes[i];
    }
    try (OnnxTensor tensor = tensor(images.flip(), shape);
        OrtSession.Result result = session.run(Map.of(input, tensor), values)) {
      Map<String, float[]> found = new LinkedHashMap<>();
      for (String value : values) {
        if (result.get(value).orElse(null) instanceof OnnxTensor output) {
          float[] all = floats(output);
          found.put(value, Arrays.copyOf(all, all.length / batch));
        }
      }
      return found;
    } catch (OrtException e) {
      throw Refusal.of(where, "a model that runs", OnnxRuntimeClassifier.shorter(e), e);
    }
  }

  private OnnxTensor tensor(FloatBuffer images, long[] shape) throws OrtException {
    return switch (type) {
      case FLOAT16 ->
          OnnxTensor.createTensor(
              environment,
              Fp16Conversions.convertFloatBufferToFp16Buffer(images),
              shape,
              OnnxJavaType.FLOAT16);
      case DOUBLE -> {
        DoubleBuffer wide = DoubleBuffer.allocate(images.remaining());
        while (images.hasRemaining()) {
          wide.put(images.get());
        }
        yield OnnxTensor.createTensor(environment, wide.flip(), shape);
      }
      default -> OnnxTensor.createTensor(environment, images, shape);
    };
  }

  private static float[] floats(OnnxTensor output) {
    if (output.getInfo().type == OnnxJavaType.DOUBLE) {
      DoubleBuffer wide = output.getDoubleBuffer();
      float[] narrow = new float[wide.remaining()];
      for (int i = 0; i < narrow.length; i++) {
        narrow[i] = (float) wide.get(i);
      }
      return narrow;
    }
    FloatBuffer floats = output.getFloatBuffer();
    // Other types have none.
    float[] copy = new float[floats == null ? 0 : floats.remaining()];
    if (floats != null) {
      floats.get(copy);
    }
    return copy;
  }

  @Override
  public void close() {
    OnnxRuntimeClassifier.close(session);
  }
}
