package shallows.train.torch;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import shallows.model.graph.BinaryWeights;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Tensor;
import shallows.train.Compute;

/**
 * A graph in training: its parameters, the velocity of each and the running statistics of batch
 * norm, in native memory until {@link #close}. Not for two threads at once; only one step at a time
 * may run in a process, since DJL has one gradient collector.
 */
public final class TorchTraining implements AutoCloseable {
  private final Graph graph;
  private final NDManager manager;
  private final GraphRunner runner;
  private final ImageBuffer images;
  private final FlatParameters layout;
  private final NDArray weights;
  private final NDArray velocities;
  private final Map<String, NDArray> statistics = new LinkedHashMap<>();
  private final NesterovSgd optimizer;

  /** Starts from the graph's parameters, at rest. */
  public TorchTraining(Graph graph, Compute compute) {
    this(graph, graph.parameters(), Map.of(), compute);
  }

  /**
   * Goes on from an earlier state.
   *
   * @param parameters as {@link #parameters} gave them
   * @param earlierVelocities as {@link #velocities} gave them; empty for none
   */
  public TorchTraining(
      Graph graph,
      Map<String, Tensor> parameters,
      Map<String, Tensor> earlierVelocities,
      Compute compute) {
    this.graph = graph;
    layout = new FlatParameters(graph);
    float[] initial = layout.gather(parameters);
    float[] speeds =
        earlierVelocities.isEmpty() ? new float[initial.length] : layout.gather(earlierVelocities);
    manager = Torch.manager(compute);
    runner = new GraphRunner(graph);
    images = new ImageBuffer(graph.input().shape());
    // These two arrays keep their memory for life: NDArray.set and copyTo would give them other
    // memory, and the optimizer's views of the groups would keep the old.
    weights = manager.create(initial);
    velocities = manager.create(speeds);
    for (String name : FlatParameters.stored(graph)) {
      statistics.put(name, manager.create(parameters.get(name).values()));
    }
    optimizer = new NesterovSgd(layout.groups(weights), layout.groups(velocities));
  }

  /**
   * One step of training: the loss is the mean over the batch of −Σ_k t_k·log softmax(z)_k for
   * logits z and targets t. Parameters that only a block which is off reads stay as they are, and
   * so do its running statistics.
   *
   * @param pixels normalized, {@code (N, H, W, C)}
   * @param targets a distribution over the classes for each image, {@code (N, classes)}
   * @param count N
   * @param on block by block whether it runs; null runs all, each branch scaled by its factor
   * @return the logits {@code (N, classes)} before the step, row after row
   */
  public float[] step(float[] pixels, float[] targets, int count, boolean[] on, StepRates rates) {
    try (NDManager step = manager.newSubManager();
        GradientCollector collector = Engine.getEngine(Torch.ENGINE).newGradientCollector()) {
      NDArray leaf = leaf(step);
      NDArray logits = forward(step, leaf, pixels, count, on);
      collector.backward(loss(logits, targets, count));
      float[] answers = logits.toFloatArray();
      optimizer.update(layout.groups(leaf.getGradient()), active(on), rates, step);
      return answers;
    }
  }

  /** The gradient of {@link #step}'s loss; no weight changes, but running statistics do. */
  Map<String, Tensor> gradient(float[] pixels, float[] targets, int count, boolean[] on) {
    try (NDManager step = manager.newSubManager();
        GradientCollector collector = Engine.getEngine(Torch.ENGINE).newGradientCollector()) {
      NDArray leaf = leaf(step);
      collector.backward(loss(forward(step, leaf, pixels, count, on), targets, count));
      return layout.scatter(leaf.getGradient().toFloatArray());
    }
  }

  private NDArray forward(NDManager step, NDArray leaf, float[] pixels, int count, boolean[] on) {
    return runner.run(images.load(pixels, count, step), parameters(leaf), Pass.training(on));
  }

  private NDArray loss(NDArray logits, float[] targets, int count) {
    // The factor −1/N goes in here, in Java: see NodeComputation.scale for why not as a Number.
    float[] weights = new float[count * graph.classes()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = -targets[i] / count;
    }
    NDArray weight = logits.getManager().create(weights, new Shape(count, graph.classes()));
    return logits.logSoftmax(1).mul(weight).sum();
  }

  /**
   * The weights as a fresh leaf over the same memory: its gradient starts at nothing every step.
   */
  private NDArray leaf(NDManager step) {
    NDArray leaf = weights.stopGradient();
    leaf.attach(step);
    leaf.setRequiresGradient(true);
    return leaf;
  }

  private Map<String, NDArray> parameters(NDArray leaf) {
    Map<String, NDArray> parameters = new HashMap<>(statistics);
    parameters.putAll(layout.views(leaf));
    return parameters;
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
    statistics.forEach((name, value) -> parameters.put(name, Tensor.vector(value.toFloatArray())));
    return parameters;
  }

  /** The velocity of each trained parameter. */
  public Map<String, Tensor> velocities() {
    return layout.scatter(velocities.toFloatArray());
  }

  /** The graph with the parameters of now; the weights of binary convolutions are binarized. */
  public Graph graph() {
    Map<String, Tensor> parameters = parameters();
    binaryWeights(graph)
        .forEach(name -> parameters.put(name, BinaryWeights.project(parameters.get(name))));
    return graph.withParameters(parameters);
  }

  private static List<String> binaryWeights(Graph graph) {
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
    manager.close();
  }
}
