package shallows.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import shallows.model.graph.BinaryWeights;
import shallows.model.graph.Graph;
import shallows.model.graph.Tensor;
import shallows.train.Compute;

/**
 * A graph that only answers, its parameters in native memory until {@link #close}. Images are cut
 * into parts that are computed side by side; the cut does not depend on the number of threads, and
 * so no answer does.
 */
public final class TorchEvaluation implements AutoCloseable {
  /** Images in a part: enough to keep a thread busy, few enough to share among several. */
  private static final int PART = 64;

  private final Graph graph;
  private final NDManager manager;
  private final Workers workers;
  private final GraphRunner runner;
  private final Map<String, NDArray> parameters = new HashMap<>();

  /** Buffers that no thread is using just now. */
  private final ConcurrentLinkedQueue<ImageBuffer> buffers = new ConcurrentLinkedQueue<>();

  public TorchEvaluation(Graph graph, Compute compute) {
    this.graph = graph;
    manager = Torch.manager(compute);
    workers = new Workers(Torch.workers(manager, compute), false);
    runner = new GraphRunner(graph);
    graph.parameters().forEach((name, value) -> parameters.put(name, array(value, manager)));
    for (String name : TorchTraining.binaryWeights(graph)) {
      parameters.put(name, array(BinaryWeights.project(graph.parameter(name)), manager));
    }
  }

  private static NDArray array(Tensor value, NDManager owner) {
    long[] shape = value.shape().dimensions().stream().mapToLong(d -> d).toArray();
    return owner.create(value.values(), new Shape(shape));
  }

  /**
   * @param pixels normalized, {@code (N, H, W, C)}
   * @param count N
   * @return {@code (N, classes)}
   */
  public float[][] logits(float[] pixels, int count) {
    int classes = graph.classes();
    float[][] logits = new float[count][classes];
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int first = 0; first < count; first += PART) {
      int from = first;
      int size = Math.min(PART, count - from);
      tasks.add(
          () -> {
            float[] flat = run(pixels, from, size, parameters, Pass.EVALUATION);
            for (int i = 0; i < size; i++) {
              System.arraycopy(flat, i * classes, logits[from + i], 0, classes);
            }
            return null;
          });
    }
    workers.all(tasks);
    return logits;
  }

  /**
   * Measures the statistics of batch norm: the mean over batches of the mean and of the unbiased
   * variance of each. What the graph has stored counts for nothing.
   *
   * @param batches normalized pixels, each {@code (N, H, W, C)}; at least one
   * @param count N
   * @return by parameter
   */
  public Map<String, Tensor> statistics(List<float[]> batches, int count) {
    List<Callable<Map<String, Tensor>>> tasks = new ArrayList<>();
    for (float[] pixels : batches) {
      tasks.add(() -> statistics(pixels, count));
    }
    return mean(workers.all(tasks));
  }

  private Map<String, Tensor> statistics(float[] pixels, int count) {
    try (NDManager own = manager.newSubManager()) {
      Map<String, NDArray> measured = new LinkedHashMap<>();
      for (String name : ParameterGroups.stored(graph)) {
        measured.put(name, own.zeros(new Shape(graph.parameter(name).size())));
      }
      Map<String, NDArray> all = new HashMap<>(parameters);
      all.putAll(measured);
      run(pixels, 0, count, all, Pass.STATISTICS);
      Map<String, Tensor> statistics = new LinkedHashMap<>();
      measured.forEach((name, value) -> statistics.put(name, Tensor.vector(value.toFloatArray())));
      return statistics;
    }
  }

  private static Map<String, Tensor> mean(List<Map<String, Tensor>> measured) {
    Map<String, Tensor> means = new LinkedHashMap<>();
    for (String name : measured.get(0).keySet()) {
      float[] mean = new float[measured.get(0).get(name).size()];
      for (int c = 0; c < mean.length; c++) {
        double sum = 0;
        for (Map<String, Tensor> batch : measured) {
          sum += batch.get(name).values()[c];
        }
        mean[c] = (float) (sum / measured.size());
      }
      means.put(name, Tensor.vector(mean));
    }
    return means;
  }

  private float[] run(float[] pixels, int from, int count, Map<String, NDArray> values, Pass pass) {
    ImageBuffer free = buffers.poll();
    ImageBuffer buffer = free == null ? new ImageBuffer(graph.input().shape()) : free;
    try (NDManager own = manager.newSubManager()) {
      return runner.run(buffer.load(pixels, from, count, own), values, pass).toFloatArray();
    } finally {
      buffers.add(buffer);
    }
  }

  @Override
  public void close() {
    workers.close();
    manager.close();
  }
}
