package shallows.train.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
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
import shallows.train.checkpoint.Restorable;
import shallows.train.checkpoint.State;
import shallows.train.options.Batching;
import shallows.train.options.Compute;
import shallows.train.options.LayerRates;
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
  private final Graph graph;
  private final NDManager manager;
  private final Workers workers;
  private final FlatTensors layout;
  private final ParameterGroups groups;
  private final TrainingState state;
  private final Replicas replicas;
  private final NesterovSgd optimizer;

  /** Starts from the graph's parameters, at rest, for batches of this kind. */
  public TorchTraining(Graph graph, Batching batching, Compute compute) {
    this(graph, FakeQuantization.NONE, LayerRates.ALIKE, batching, compute);
  }

  /** The same for a graph that rounds on the way, or whose layers learn at different rates. */
  public TorchTraining(
      Graph graph,
      FakeQuantization quantization,
      LayerRates rates,
      Batching batching,
      Compute compute) {
    this(
        graph,
        Numbers.of(quantization, batching.mixedPrecision()),
        rates,
        batching.parts(batching.batch()),
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
    this(graph, Numbers.FLOATS, LayerRates.ALIKE, partCount, 1, compute, Torch.devices(compute));
  }

  /**
   * @param threadsEach among how many threads each operation of a part is shared
   * @param devices that share the parts, a copy of the weights on each; the first has the optimizer
   */
  TorchTraining(
      Graph graph,
      Numbers numbers,
      LayerRates rates,
      int partCount,
      int threadsEach,
      Compute compute,
      List<Device> devices) {
    if (numbers.isMixed()) {
      BrainFloats.tryOut(devices.get(0));
    }
    this.graph = graph;
    groups = new ParameterGroups(graph, rates);
    layout = new FlatTensors(groups.names(), graph.parameters());
    manager = Torch.manager(devices.get(0));
    int used = Math.max(partCount, devices.size());
    // On GPUs one thread each: there is nothing to gain by a second.
    int side = manager.getDevice().isGpu() ? devices.size() : compute.processors();
    workers = new Workers(Math.min(used, side), threadsEach, true);
    RunningStatistics statistics = new RunningStatistics(graph);
    state = new TrainingState(layout, graph.parameters(), statistics, manager);
    optimizer =
        new NesterovSgd(
            groups.views(state.weights()), groups.views(state.velocities()), groups.factors());
    replicas =
        new Replicas(graph, numbers, layout, state.weights(), devices, used, statistics, workers);
  }

  /**
   * How the host best keeps step with where this training runs.
   *
   * @param images in a batch
   */
  public Pace pace(int images) {
    return manager.getDevice().isGpu()
        ? Pace.ofGpu((long) images * graph.input().shape().size() * Float.BYTES)
        : Pace.STEP_BY_STEP;
  }

  /**
   * Copies what some steps read to the devices. The caller closes it before the next call.
   *
   * @param inputs of equally many images, at least one
   * @param ahead see {@link Pace}. If so, the arrays of the inputs may change afterwards; if not,
   *     they must stay until the outcomes are known
   */
  public StepsInFlight load(List<StepInput> inputs, boolean ahead) {
    return new StepsInFlight(inputs, ahead, manager.newSubManager(), replicas);
  }

  /**
   * One step of training, over the next of the batches that were loaded: the loss is the mean over
   * the batch of −Σ_k t_k·log softmax(z)_k for logits z and targets t. The running statistics of a
   * block that is off stay as they are; what becomes of its parameters, the optimizer's options
   * say. A GPU may still be at work when this returns.
   */
  public void step(StepsInFlight steps, StepRates rates) {
    try (NDManager step = manager.newSubManager()) {
      boolean[] active = groups.active(steps.next().gates().on());
      List<BatchPart.Result> results = run(steps, step);
      List<NDArray> gradients = workers.one(() -> gradients(results, rates, step));
      List<Callable<Void>> tasks = new ArrayList<>();
      optimizer
          .pieces(gradients, active, rates, step, workers.count())
          .forEach(piece -> tasks.add(task(piece)));
      tasks.add(task(state.statistics()::average));
      workers.all(tasks);
      if (replicas.areSeveral()) {
        workers.one(task(replicas::distribute));
      }
    }
  }

  /**
   * One step, waited for.
   *
   * @return the logits {@code (N, classes)} before the step, row after row
   */
  public float[] step(StepInput input, StepRates rates) {
    try (StepsInFlight steps = load(List.of(input), false)) {
      step(steps, rates);
      return steps.logits(0);
    }
  }

  private List<BatchPart.Result> run(StepsInFlight steps, NDManager step) {
    List<BatchPart.Result> results =
        replicas.run(steps, groups.active(steps.next().gates().on()), step);
    steps.add(results);
    return results;
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
    workers.one(task(() -> state.average(decay)));
  }

  /** The gradient of a step's loss; no weight changes, but running statistics do. */
  public Map<String, Tensor> gradient(StepInput input) {
    try (StepsInFlight steps = load(List.of(input), false);
        NDManager step = manager.newSubManager()) {
      List<BatchPart.Result> results = run(steps, step);
      return layout.scatter(workers.one(() -> sum(results).toFloatArray()));
    }
  }

  private static NDArray sum(List<BatchPart.Result> results) {
    NDArray sum = results.get(0).gradient();
    for (BatchPart.Result other : results.subList(1, results.size())) {
      sum.addi(other.gradient());
    }
    return sum;
  }

  /** Whether every weight and velocity is a finite number. */
  public boolean isFinite() {
    return state.isFinite();
  }

  @Override
  public State state() {
    return state.state();
  }

  @Override
  public void restore(State earlier) {
    state.restore(earlier);
    replicas.distribute();
  }

  /**
   * The graph with the parameters of now, or their average where there is one; the weights of
   * binary convolutions are binarized.
   */
  public Graph graph() {
    Map<String, Tensor> parameters = state.result();
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
