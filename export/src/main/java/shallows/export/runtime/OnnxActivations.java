package shallows.export.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;
import shallows.export.onnx.OnnxValues;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.onnx.write.OnnxWriter;

/**
 * A graph in ONNX Runtime that tells the values of its nodes too, or a part of one, fast enough for
 * calibration. Several threads may run it at once.
 */
public final class OnnxActivations implements AutoCloseable {
  private final OrtSession session;
  private final Map<String, Shape> inputs;

  private OnnxActivations(OrtSession session, Map<String, Shape> inputs) {
    this.session = session;
    this.inputs = inputs;
  }

  /**
   * @param values names of nodes
   * @param threads for one operation, at least 1
   */
  public static OnnxActivations open(Graph graph, Collection<String> values, int threads) {
    byte[] model = OnnxValues.returning(OnnxWriter.bytes(graph), graph.name(), values);
    return open(model, Map.of(graph.input().name(), graph.input().shape()), threads);
  }

  /**
   * @param model of ours
   * @param inputs the shape of each, without the batch
   * @param threads for one operation, at least 1
   */
  public static OnnxActivations open(byte[] model, Map<String, Shape> inputs, int threads) {
    try (OrtSession.SessionOptions options = OnnxSessionOptions.of(model, threads)) {
      return new OnnxActivations(OnnxRuntime.environment().createSession(model, options), inputs);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime refuses what we wrote", e);
    }
  }

  /**
   * @param images values of the graph, {@code (N, C, H, W)}
   * @param count N
   * @return the graph's output and the values asked for, behind a batch axis, by name
   */
  public Map<String, float[]> run(float[] images, int count) {
    return run(Map.of(inputs.keySet().iterator().next(), images), count);
  }

  /**
   * @param given the values of each input, behind a batch axis
   * @param count of the batch
   * @return the outputs, likewise, by name
   */
  public Map<String, float[]> run(Map<String, float[]> given, int count) {
    Map<String, OnnxTensor> tensors = new HashMap<>();
    try {
      for (Map.Entry<String, Shape> input : inputs.entrySet()) {
        long[] shape =
            LongStream.concat(
                    LongStream.of(count),
                    input.getValue().dimensions().stream().mapToLong(Integer::longValue))
                .toArray();
        tensors.put(
            input.getKey(),
            OnnxTensor.createTensor(
                OnnxRuntime.environment(), FloatBuffer.wrap(given.get(input.getKey())), shape));
      }
      try (OrtSession.Result result = session.run(tensors)) {
        Map<String, float[]> values = new HashMap<>();
        for (Map.Entry<String, OnnxValue> output : result) {
          values.put(output.getKey(), floats((OnnxTensor) output.getValue()));
        }
        return values;
      }
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime does not run what we wrote", e);
    } finally {
      tensors.values().forEach(OnnxTensor::close);
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
