package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntConsumer;
import shallows.model.graph.FakeQuantization;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Tensor;
import shallows.train.options.Compute;

/**
 * Graphs that only answer, their parameters in native memory until {@link #close}. Several are
 * variants of a trunk, and what they have in common with it is computed once ({@link
 * VariantRunner}). Images are cut into parts that are computed side by side; the cut does not
 * depend on the number of threads or of variants, and so no answer does.
 */
public final class TorchEvaluation implements AutoCloseable {
  /** Images in a part: enough to keep a thread busy, few enough to share among several. */
  private static final int PART = 64;

  /** Bytes that one value of a part may take; a part of large images has fewer of them. */
  private static final long LARGEST_VALUE = 32L << 20;

  /** Images to answer about, whole or piece by piece. */
  @FunctionalInterface
  public interface Pixels {
    /**
     * Called from several threads at a time.
     *
     * @param from the first image
     * @param to the image behind the last
     * @return normalized, {@code (to - from, H, W, C)}
     */
    float[] load(int from, int to);
  }

  private final Graph trunk;
  private final List<Graph> graphs;
  private final NDManager manager;
  private final Workers workers;
  private final Map<String, NDArray> ofTrunk;
  private final List<Map<String, NDArray>> ofGraphs = new ArrayList<>();
  private final VariantRunner answering;
  private final RunMode answers;

  /** Buffers that no thread is using just now. */
  private final ConcurrentLinkedQueue<ImageBuffer> buffers = new ConcurrentLinkedQueue<>();

  /** One graph, its own trunk. */
  public TorchEvaluation(Graph graph, Compute compute) {
    this(graph, FakeQuantization.NONE, compute);
  }

  /** One graph that rounds on the way. */
  public TorchEvaluation(Graph graph, FakeQuantization quantization, Compute compute) {
    this(graph, List.of(graph), quantization, compute);
  }

  /**
   * @param trunk answers nothing itself, unless it is also among the graphs
   * @param graphs variants of it, for images of the same shape; at least one
   */
  public TorchEvaluation(Graph trunk, List<Graph> graphs, Compute compute) {
    this(trunk, graphs, FakeQuantization.NONE, compute);
  }

  private TorchEvaluation(
      Graph trunk, List<Graph> graphs, FakeQuantization quantization, Compute compute) {
    answers = RunMode.evaluation(quantization);
    this.trunk = trunk;
    this.graphs = List.copyOf(graphs);
    manager = Torch.manager(compute);
    workers = new Workers(Torch.workers(manager, compute), 1, false);
    SharedParameters shared = new SharedParameters(manager);
    ofTrunk = shared.of(trunk);
    graphs.forEach(graph -> ofGraphs.add(shared.of(graph)));
    answering = new VariantRunner(trunk, variants(true));
  }

  /**
   * How many images to compute at a time, so that the largest value inside a network stays below a
   * limit.
   *
   * @param most never more than these
   * @param largestValue in bytes
   * @return at least 1
   */
  public static int imagesAtOnce(Graph graph, int most, long largestValue) {
    int largest = graph.input().shape().size();
    for (Node node : graph.nodes()) {
      largest = Math.max(largest, graph.shape(node.name()).size());
    }
    return (int) Math.max(1, Math.min(most, largestValue / Float.BYTES / largest));
  }

  /**
   * The size of parts with which two threads are done first, the first part of each size being
   * computed alone ({@link Workers}). However many threads there are, since sums may depend on it.
   *
   * @param count images in all
   * @param most images in a part; fewer, as few are slow, only where it is done a twentieth sooner,
   *     and half of that at least
   */
  static int shared(int count, int most) {
    int best = most;
    for (int part = most; part >= Math.max(1, most / 2); part--) {
      if (together(count, part) < together(count, best)) {
        best = part;
      }
    }
    return 20 * together(count, best) <= 19 * together(count, most) ? best : most;
  }

  /** The time that two threads take, in images. */
  private static int together(int count, int part) {
    int whole = count / part;
    int alone = (whole > 0 ? part : 0) + count % part;
    return alone + whole / 2 * part;
  }

  /**
   * What the first graph answers.
   *
   * @param pixels normalized, {@code (N, H, W, C)}
   * @param count N
   * @return {@code (N, classes)}
   */
  public float[][] logits(float[] pixels, int count) {
    int image = trunk.input().shape().size();
    return logits(
            (from, to) -> Arrays.copyOfRange(pixels, from * image, to * image), count, n -> {})
        .get(0);
  }

  /**
   * @param count N
   * @param done called after each part, by one thread at a time, with how many images it had
   * @return for each graph {@code (N, classes)}
   */
  public List<float[][]> logits(Pixels pixels, int count, IntConsumer done) {
    List<float[][]> logits = new ArrayList<>();
    graphs.forEach(graph -> logits.add(new float[count][graph.classes()]));
    int most = imagesAtOnce(trunk, PART, LARGEST_VALUE);
    int part = most == PART ? PART : shared(count, most);
    List<Callable<Void>> tasks = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    for (int first = 0; first < count; first += part) {
      int from = first;
      int to = Math.min(from + part, count);
      sizes.add(to - from);
      tasks.add(
          () -> {
            List<float[]> flat =
                run(answering, pixels.load(from, to), to - from, ofTrunk, ofGraphs, answers);
            for (int g = 0; g < graphs.size(); g++) {
              int classes = graphs.get(g).classes();
              for (int i = from; i < to; i++) {
                System.arraycopy(flat.get(g), (i - from) * classes, logits.get(g)[i], 0, classes);
              }
            }
            synchronized (logits) {
              done.accept(to - from);
            }
            return null;
          });
    }
    workers.all(tasks, sizes);
    return logits;
  }

  /**
   * Measures the statistics of batch norm: the mean over batches of the mean and of the unbiased
   * variance of each. What the graphs have stored counts for nothing.
   *
   * @param batches how many, at least one
   * @param size N of each
   * @param together whether the variance is that of all batches together, as where they are so
   *     small that images differ more than one of them shows
   * @param done as for {@link #logits}
   * @return for each graph by parameter; where graphs share a batch norm, the same tensors
   */
  public List<Map<String, Tensor>> statistics(
      Pixels pixels, int batches, int size, boolean together, IntConsumer done) {
    List<Variant> variants = variants(false);
    VariantRunner runner = new VariantRunner(trunk, variants);
    List<Callable<List<Map<String, Tensor>>>> tasks = new ArrayList<>();
    for (int b = 0; b < batches; b++) {
      int from = b * size;
      tasks.add(
          () -> {
            List<Map<String, Tensor>> measured =
                statistics(runner, variants, pixels.load(from, from + size), size);
            synchronized (tasks) {
              done.accept(size);
            }
            return measured;
          });
    }
    List<List<Map<String, Tensor>>> measured =
        workers.all(tasks, Collections.nCopies(batches, "statistics of " + size));
    Map<String, Tensor> shared = together(measured, 0, trunk, together ? size : 0);
    List<Map<String, Tensor>> statistics = new ArrayList<>();
    for (int g = 0; g < graphs.size(); g++) {
      Map<String, Tensor> own = together(measured, g + 1, graphs.get(g), together ? size : 0);
      Map<String, Tensor> all = new LinkedHashMap<>();
      for (String name : ParameterGroups.stored(graphs.get(g))) {
        all.put(name, own.containsKey(name) ? own.get(name) : shared.get(name));
      }
      statistics.add(all);
    }
    return statistics;
  }

  /**
   * @param images in each batch, where all of them are to have one variance; 0 where not
   */
  private static Map<String, Tensor> together(
      List<List<Map<String, Tensor>>> measured, int network, Graph graph, int images) {
    return images > 0
        ? BatchStatistics.ofAll(measured, network, graph, images)
        : BatchStatistics.mean(measured, network);
  }

  /** Of one batch: first those of the trunk, then of each variant those of its own nodes. */
  private List<Map<String, Tensor>> statistics(
      VariantRunner runner, List<Variant> variants, float[] pixels, int count) {
    try (NDManager own = manager.newSubManager()) {
      List<Map<String, NDArray>> measured = new ArrayList<>();
      measured.add(zeros(ParameterGroups.stored(trunk), trunk, own));
      Map<String, NDArray> trunkParameters = new HashMap<>(ofTrunk);
      trunkParameters.putAll(measured.get(0));
      List<Map<String, NDArray>> variantParameters = new ArrayList<>();
      for (int g = 0; g < graphs.size(); g++) {
        Set<String> names = new HashSet<>();
        variants.get(g).own().forEach(node -> names.addAll(Variant.stored(node)));
        measured.add(zeros(names, graphs.get(g), own));
        Map<String, NDArray> parameters = new HashMap<>(ofGraphs.get(g));
        parameters.putAll(measured.get(g + 1));
        variantParameters.add(parameters);
      }
      run(runner, pixels, count, trunkParameters, variantParameters, RunMode.STATISTICS);
      List<Map<String, Tensor>> statistics = new ArrayList<>();
      for (Map<String, NDArray> each : measured) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        each.forEach((name, value) -> tensors.put(name, Tensor.vector(value.toFloatArray())));
        statistics.add(tensors);
      }
      return statistics;
    }
  }

  private static Map<String, NDArray> zeros(
      Iterable<String> names, Graph graph, NDManager manager) {
    Map<String, NDArray> zeros = new LinkedHashMap<>();
    for (String name : names) {
      zeros.put(name, manager.zeros(new Shape(graph.parameter(name).size())));
    }
    return zeros;
  }

  private List<Variant> variants(boolean storedCount) {
    return graphs.stream().map(graph -> Variant.of(trunk, graph, storedCount)).toList();
  }

  private List<float[]> run(
      VariantRunner runner,
      float[] pixels,
      int count,
      Map<String, NDArray> trunkParameters,
      List<Map<String, NDArray>> graphParameters,
      RunMode mode) {
    ImageBuffer free = buffers.poll();
    ImageBuffer buffer = free == null ? new ImageBuffer(trunk.input().shape()) : free;
    try (NDManager own = manager.newSubManager()) {
      return runner.run(buffer.load(pixels, 0, count, own), trunkParameters, graphParameters, mode);
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
