package shallows.export.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import shallows.export.onnx.OnnxValues;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.onnx.write.OnnxWriter;

/**
 * A graph in ONNX Runtime that tells the values of its nodes too, fast enough for calibration.
 * Several threads may run it at once.
 */
public final class OnnxActivations implements AutoCloseable {
  private final OrtSession session;
  private final String input;
  private final Shape image;

  private OnnxActivations(OrtSession session, Graph graph) {
    this.session = session;
    this.input = graph.input().name();
    this.image = graph.input().shape();
  }

  /**
   * @param values names of nodes
   * @param threads for one operation, at least 1
   */
  public static OnnxActivations open(Graph graph, Collection<String> values, int threads) {
    byte[] model = OnnxValues.returning(OnnxWriter.bytes(graph), graph.name(), values);
    try (OrtSession.SessionOptions options = OnnxSessionOptions.of(model, threads)) {
      return new OnnxActivations(OnnxRuntime.environment().createSession(model, options), graph);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime refuses what we wrote of " + graph, e);
    }
  }

  /**
   * @param images values of the graph, {@code (N, C, H, W)}
   * @param count N
   * @return the graph's output and the values asked for, behind a batch axis, by name
   */
  public Map<String, float[]> run(float[] images, int count) {
    long[] shape = {count, image.dimension(0), image.dimension(1), image.dimension(2)};
    try (OnnxTensor tensor =
            OnnxTensor.createTensor(OnnxRuntime.environment(), FloatBuffer.wrap(images), shape);
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      Map<String, float[]> values = new HashMap<>();
      for (Map.Entry<String, OnnxValue> output : result) {
        values.put(output.getKey(), floats((OnnxTensor) output.getValue()));
      }
      return values;
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime does not run what we wrote", e);
    }
  }

  /** What the runtime copied already is not copied again. */
  private static float[] floats(OnnxTensor tensor) {
    FloatBuffer buffer = tensor.getFloatBuffer();
    if (buffer.hasArray() && buffer.array().length == buffer.remaining()) {
      return buffer.array();
    }
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  @Override
  public void close() {
    OnnxRuntimeClassifier.close(session);
  }
}
