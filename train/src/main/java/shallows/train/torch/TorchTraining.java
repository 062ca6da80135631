package shallows.train.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import shallows.model.graph.BinaryWeights;
import shallows.model.graph.FakeQuantization;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Tensor;
import shallows.train.Compute;
import shallows.train.checkpoint.Restorable;
import shallows.train.checkpoint.State;
import shallows.train.options.Batching;
import shallows.train.options.Optimizer;

/**
 * A graph in training: its parameters, the velocity of each and the running statistics of batch
 * norm, in native memory until {@link #close}.
 *
 * <p>A batch is computed in parts, side by side on as many threads as there are, and their
 * gradients are added up in the order of the parts. Batch norm normalizes each part with its own
 * mean and variance (Hoffer et al. 2017, "Train longer, generalize better", section 4, as "ghost
 * batch norm"); the running statistics are the mean over the parts. So the result depends on the
 * number of parts, but not on the number of threads.
 *
 * <p>A batch that is normalized as a whole is one part; then the threads share each operation, and
 * how it is cut among them changes the order in which a gradient is summed. So there the last bits
 * do depend on the number of threads.
 *
 * <p>Several GPUs take the parts in turn, each with a copy of the weights; where there are fewer
 * parts than GPUs, each gets one. All parts of a step have the same gates. Their gradients, each of
 * its share of the mean loss over the batch, meet on the first GPU, so their sum is the average;
 * the optimizer runs there and the new weights go out to the others.
 */
public final class TorchTraining implements Restorable, AutoCloseable {
  private static final String PARAMETER = "parameter:";
  private static final String VELOCITY = "velocity:";
  private static final String AVERAGE = "average:";

  private final Graph graph;
  private final NDManager manager;
  private final Workers workers;
  private final FlatTensors layout;
  private final ParameterGroups groups;
  private final NDArray weights;
  private final NDArray velocities;

  /** The weights on each device; on the first they are the weights themselves. */
  private final List<NDArray> copies = new ArrayList<>();

  private final List<BatchPart> parts = new ArrayList<>();
  private final RunningStatistics statistics;
  private final NesterovSgd optimizer;

  /** Of the masks that dropout draws in the next step. */
  private long dropoutSeed;

  /** Null until the first call of {@link #average}. */
  private WeightAverage average;

  /** The groups of parameters that have been through a backward pass, see {@link #runParts}. */
  private final boolean[] seen;

  /** Starts from the graph's parameters, at rest, with batches in one part. */
  public TorchTraining(Graph graph, Compute compute) {
    this(graph, 1, compute);
  }

  /** Starts from the graph's parameters, at rest, for batches of this kind. */
  public TorchTraining(Graph graph, Batching batching, Compute compute) {
    this(graph, FakeQuantization.NONE, batching, compute);
  }

  /** The same for a graph that rounds on the way. */
  public TorchTraining(
      Graph graph, FakeQuantization quantization, Batching batching, Compute compute) {
    this(
        graph,
        quantization,
        batching.parts(batching.size()),
        batching.normalized() == Batching.WHOLE ? compute.processors() : 1,
        compute,
        Torch.devices(compute));
  }

  /**
   * Starts from the graph's parameters, at rest.
   *
   * @param partCount in how many parts a batch is computed, at least 1
   */
  public TorchTraining(Graph graph, int partCount, Compute compute) {
    this(graph, FakeQuantization.NONE, partCount, 1, compute, Torch.devices(compute));
  }

  /**
   * @param threadsEach among how many threads each operation of a part is shared
   * @param devices that share the parts, a copy of the weights on each; the first has the optimizer
   */
  TorchTraining(
      Graph graph,
      FakeQuantization quantization,
      int partCount,
      int threadsEach,
      Compute compute,
      List<Device> devices) {
    this.graph = graph;
    groups = new ParameterGroups(graph);
    seen = new boolean[graph.blocks().size() + 1];
    layout = new FlatTensors(groups.names(), graph.parameters());
    statistics = new RunningStatistics(graph);
    float[] initial = layout.gather(graph.parameters());
    manager = Torch.manager(devices.get(0));
    int used = Math.max(partCount, devices.size());
    // On GPUs one thread each: there is nothing to gain by a second.
    int side = manager.getDevice().isGpu() ? devices.size() : compute.processors();
    workers = new Workers(Math.min(used, side), threadsEach, true);
    // These arrays keep their memory for life, see InPlace.
    weights = manager.create(initial);
    velocities = manager.create(new float[initial.length]);
    optimizer =
        new NesterovSgd(
            groups.views(weights),
            groups.views(velocities),
            groups.views(manager.create(layout.gather(ParameterGroups.decaying(graph)))));
    copies.add(weights);
    for (Device device : devices.subList(1, devices.size())) {
      copies.add(manager.newSubManager(device).create(initial));
    }
    GraphRunner runner = new GraphRunner(graph);
    for (int i = 0; i < used; i++) {
      NDArray own = statistics.addPart(copy(i).getManager());
      parts.add(new BatchPart(graph, runner, layout, statistics.views(own), quantization));
    }
  }

  /**
   * Sets the seed of what dropout leaves out in the steps from now on: the same seed, the same
   * masks, in however many parts and threads. Whoever trains gives every step its own.
   */
  public void seedDropout(long seed) {
    dropoutSeed = seed;
  }

  /**
   * One step of training: the loss is the mean over the batch of −Σ_k t_k·log softmax(z)_k for
   * logits z and targets t. The running statistics of a block that is off stay as they are; what
   * becomes of its parameters, the optimizer's options say.
   *
   * @param pixels normalized, {@code (N, H, W, C)}
   * @param targets a distribution over the classes for each image, {@code (N, classes)}
   * @param count N
   * @param gates which branches run, for which images
   * @return the logits {@code (N, classes)} before the step, row after row
   */
  public float[] step(float[] pixels, float[] targets, int count, Gates gates, StepRates rates) {
    try (NDManager step = manager.newSubManager()) {
      List<BatchPart.Result> results =
          runParts(new BatchPart.Batch(pixels, targets, count, dropoutSeed), gates, step);
      List<NDArray> gradients = workers.one(() -> gradients(results, rates, step));
      List<Callable<Void>> tasks = new ArrayList<>();
      optimizer
          .pieces(gradients, active(gates.on()), rates, step, workers.count())
          .forEach(piece -> tasks.add(task(piece)));
      tasks.add(task(statistics::average));
      workers.all(tasks);
      if (copies.size() > 1) {
        workers.one(task(this::distributeWeights));
      }
      return logits(results, count);
    }
  }

  private static Callable<Void> task(Runnable work) {
    return () -> {
      work.run();
      return null;
    };
  }

  /** The sum over the parts, clipped if that is wanted, by group. */
  private List<NDArray> gradients(List<BatchPart.Result> results, StepRates rates, NDManager step) {
    NDArray gradient = sum(results);
    if (rates.optimizer().largestNorm() != Optimizer.UNCLIPPED) {
      NesterovSgd.clip(gradient, rates.optimizer().largestNorm(), step);
    }
    return groups.views(gradient);
  }

  /**
   * Moves the average of the weights, and of batch norm's running statistics, a step towards what
   * they are now: a ← δ·a + (1 − δ)·w. The first call begins it. From there on it is what {@link
   * #graph} gives.
   *
   * @param decay δ, in [0, 1]
   */
  public void average(double decay) {
    workers.one(
        () -> {
          if (average == null) {
            average = newAverage();
          }
          average.follow(decay);
          return null;
        });
  }

  private WeightAverage newAverage() {
    WeightAverage fresh = new WeightAverage(manager);
    fresh.add(layout, weights);
    statistics.addTo(fresh);
    return fresh;
  }

  /** The gradient of {@link #step}'s loss; no weight changes, but running statistics do. */
  public Map<String, Tensor> gradient(float[] pixels, float[] targets, int count, Gates gates) {
    try (NDManager step = manager.newSubManager()) {
      List<BatchPart.Result> results =
          runParts(new BatchPart.Batch(pixels, targets, count, dropoutSeed), gates, step);
      return layout.scatter(workers.one(() -> sum(results).toFloatArray()));
    }
  }

  /**
   * Runs the parts side by side; one after another where a block runs for the first time. LibTorch
   * 2.7.1 (oneDNN) prepares the backward pass of a convolution when it first meets one of its
   * shapes, and on processors with AVX-512 it sometimes crashed the process when two threads did so
   * at once.
   */
  private List<BatchPart.Result> runParts(BatchPart.Batch batch, Gates gates, NDManager step) {
    // A batch norm that sees one pixel of one image has no variance, so a part holds two at least.
    int used = Math.max(1, Math.min(parts.size(), batch.count() / 2));
    List<Callable<BatchPart.Result>> tasks = new ArrayList<>();
    for (int i = 0; i < used; i++) {
      BatchPart part = parts.get(i);
      int from = batch.count() * i / used;
      int to = batch.count() * (i + 1) / used;
      NDArray near = copy(i);
      tasks.add(() -> part.run(near, batch, from, to, gates, step));
    }
    boolean[] active = active(gates.on());
    boolean first = false;
    for (int group = 0; group < active.length; group++) {
      first |= active[group] && !seen[group];
      seen[group] |= active[group];
    }
    return first ? tasks.stream().map(workers::one).toList() : workers.all(tasks);
  }

  private static NDArray sum(List<BatchPart.Result> results) {
    NDArray sum = results.get(0).gradient();
    for (BatchPart.Result other : results.subList(1, results.size())) {
      sum.addi(other.gradient());
    }
    return sum;
  }

  private float[] logits(List<BatchPart.Result> results, int count) {
    float[] logits = new float[count * graph.classes()];
    int offset = 0;
    for (BatchPart.Result result : results) {
      System.arraycopy(result.logits(), 0, logits, offset, result.logits().length);
      offset += result.logits().length;
    }
    return logits;
  }

  /** The weights near part i. */
  private NDArray copy(int i) {
    return copies.get(i % copies.size());
  }

  private void distributeWeights() {
    copies.subList(1, copies.size()).forEach(copy -> InPlace.copy(weights, copy));
  }

  private boolean[] active(boolean[] on) {
    boolean[] active = new boolean[graph.blocks().size() + 1];
    for (int group = 0; group < active.length; group++) {
      active[group] = group == 0 || on == null || on[group - 1];
    }
    return active;
  }

  /** Everything that training changed: real weights of binary convolutions too. */
  public Map<String, Tensor> parameters() {
    Map<String, Tensor> parameters = layout.scatter(weights.toFloatArray());
    parameters.putAll(statistics.values());
    return parameters;
  }

  /** The velocity of each trained parameter. */
  public Map<String, Tensor> velocities() {
    return layout.scatter(velocities.toFloatArray());
  }

  /** Whether every weight and velocity is a finite number. */
  public boolean isFinite() {
    // A sum of finite floats of any sensible size is finite, and one that is not spoils it.
    try (NDArray weight = weights.sum();
        NDArray velocity = velocities.sum()) {
      return Float.isFinite(weight.getFloat()) && Float.isFinite(velocity.getFloat());
    }
  }

  @Override
  public State state() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    parameters().forEach((name, value) -> tensors.put(PARAMETER + name, value));
    velocities().forEach((name, value) -> tensors.put(VELOCITY + name, value));
    if (average != null) {
      average.parameters().forEach((name, value) -> tensors.put(AVERAGE + name, value));
    }
    return State.of(tensors);
  }

  @Override
  public void restore(State state) {
    Map<String, Tensor> parameters = state.tensors(PARAMETER);
    InPlace.fill(weights, layout.gather(parameters));
    distributeWeights();
    InPlace.fill(velocities, layout.gather(state.tensors(VELOCITY)));
    statistics.restore(parameters);
    restoreAverage(state.tensors(AVERAGE));
  }

  private void restoreAverage(Map<String, Tensor> earlier) {
    if (earlier.isEmpty() && average != null) {
      average.close();
      average = null;
    }
    if (!earlier.isEmpty()) {
      average = average == null ? newAverage() : average;
      average.restore(earlier);
    }
  }

  /**
   * The graph with the parameters of now, or their average where there is one; the weights of
   * binary convolutions are binarized.
   */
  public Graph graph() {
    Map<String, Tensor> parameters = average == null ? parameters() : average.parameters();
    binaryWeights(graph)
        .forEach(name -> parameters.put(name, BinaryWeights.project(parameters.get(name))));
    return graph.withParameters(parameters);
  }

  /** The names of the weights that are computed with as α·sign(W). */
  static List<String> binaryWeights(Graph graph) {
    return graph.nodes().stream()
        .filter(
            node ->
                node.operation() instanceof Operation.Conv2d conv
                    && conv.precision() == Precision.BINARY)
        .map(Node::inputs)
        .map(inputs -> inputs.get(1))
        .toList();
  }

  @Override
  public void close() {
    workers.close();
    manager.close();
  }
}
