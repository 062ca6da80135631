package shallows.export.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import shallows.data.PixelOrder;
import shallows.export.inspect.Refusal;
import shallows.export.onnx.OnnxValues;
import shallows.model.graph.Shape;

/** The values inside an ONNX file. */
final class OnnxFileValues implements FileValues {
  private static final String EXPECTED = "an ONNX model of images that ONNX Runtime runs";

  private final OrtSession session;
  private final Shape image;
  private final String where;

  private OnnxFileValues(OrtSession session, Shape image, String where) {
    this.session = session;
    this.image = image;
    this.where = where;
  }

  static Map<String, String> operations(Path file) {
    return OnnxValues.operations(ModelFile.read(file), file.toString());
  }

  static OnnxFileValues open(Path file, Shape image, Collection<String> values) {
    String where = file.toString();
    byte[] model = OnnxValues.returning(ModelFile.read(file), where, values);
    try (OrtSession.SessionOptions options = OnnxSessionOptions.of(model, 1)) {
      OrtSession session = OnnxRuntime.environment().createSession(model, options);
      return new OnnxFileValues(session, image, where);
    } catch (OrtException e) {
      throw Refusal.of(where, EXPECTED, "one that it refuses with its values asked for", e);
    }
  }

  @Override
  public Map<String, float[]> run(float[] pixels) {
    long[] shape = {1, image.dimension(0), image.dimension(1), image.dimension(2)};
    String input = session.getInputNames().iterator().next();
    try (OnnxTensor tensor =
            OnnxTensor.createTensor(
                OnnxRuntime.environment(),
                FloatBuffer.wrap(PixelOrder.channelsFirst(pixels, 1, image.dimension(0))),
                shape);
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      Map<String, float[]> values = new LinkedHashMap<>();
      for (Map.Entry<String, OnnxValue> output : result) {
        if (output.getValue() instanceof OnnxTensor value
            && value.getInfo().type == OnnxJavaType.FLOAT) {
          FloatBuffer floats = value.getFloatBuffer();
          float[] copy = new float[floats.remaining()];
          floats.get(copy);
          values.put(output.getKey(), copy);
        }
      }
      return values;
    } catch (OrtException e) {
      throw Refusal.of(where, EXPECTED, "one that fails", e);
    }
  }

  @Override
  public void close() {
    OnnxRuntimeClassifier.close(session);
  }
}
