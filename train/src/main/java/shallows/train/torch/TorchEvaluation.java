package shallows.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import shallows.model.graph.BinaryWeights;
import shallows.model.graph.Graph;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Tensor;
import shallows.train.Compute;

/**
 * A graph that only answers, its parameters in native memory until {@link #close}. Not for two
 * threads at once.
 */
public final class TorchEvaluation implements AutoCloseable {
  private final Graph graph;
  private final NDManager manager;
  private final GraphRunner runner;
  private final ImageBuffer images;
  private final Map<String, NDArray> parameters = new HashMap<>();
  private int batches;

  public TorchEvaluation(Graph graph, Compute compute) {
    this.graph = graph;
    manager = Torch.manager(compute);
    runner = new GraphRunner(graph);
    images = new ImageBuffer(graph.input().shape());
    graph.parameters().forEach((name, value) -> parameters.put(name, array(value)));
    graph.nodes().stream()
        .filter(
            node ->
                node.operation() instanceof Operation.Conv2d conv
                    && conv.precision() == Precision.BINARY)
        .map(node -> node.inputs().get(1))
        .forEach(name -> parameters.put(name, array(BinaryWeights.project(graph.parameter(name)))));
  }

  private NDArray array(Tensor value) {
    // DJL copies: the statistics that absorb moves in place are not the graph's own.
    return manager.create(
        value.values(), new Shape(value.shape().dimensions().stream().mapToLong(d -> d).toArray()));
  }

  /**
   * @param pixels normalized, {@code (N, H, W, C)}
   * @param count N
   * @return {@code (N, classes)}
   */
  public float[][] logits(float[] pixels, int count) {
    float[] flat = run(pixels, count, Pass.EVALUATION);
    int classes = graph.classes();
    float[][] logits = new float[count][classes];
    for (int i = 0; i < count; i++) {
      System.arraycopy(flat, i * classes, logits[i], 0, classes);
    }
    return logits;
  }

  /**
   * Takes a batch into the statistics of batch norm: each stored mean and variance becomes the mean
   * of those of the batches given so far. What was stored before counts for nothing.
   *
   * @param pixels as above
   */
  public void absorb(float[] pixels, int count) {
    run(pixels, count, Pass.statistics(batches));
    batches++;
  }

  /** The stored statistics of batch norm, by parameter. */
  public Map<String, Tensor> statistics() {
    Map<String, Tensor> statistics = new LinkedHashMap<>();
    for (String name : FlatParameters.stored(graph)) {
      statistics.put(name, Tensor.vector(parameters.get(name).toFloatArray()));
    }
    return statistics;
  }

  private float[] run(float[] pixels, int count, Pass pass) {
    try (NDManager batch = manager.newSubManager()) {
      return runner.run(images.load(pixels, count, batch), parameters, pass).toFloatArray();
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
