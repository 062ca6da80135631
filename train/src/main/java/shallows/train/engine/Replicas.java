package shallows.train.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Callable;
import shallows.model.graph.Graph;

/**
 * The copies of the weights, one on each device, and the parts of each batch that are computed with
 * them: part i with copy i modulo the number of copies.
 */
final class Replicas {
  private final Workers workers;

  /** The weights on each device; on the first they are the weights themselves. */
  private final List<NDArray> copies = new ArrayList<>();

  private final List<BatchPart> parts = new ArrayList<>();

  /** The groups of parameters that have been through a backward pass, see {@link #run}. */
  private final BitSet seen = new BitSet();

  /**
   * @param layout of the weights
   * @param weights all trained parameters in one array, on the first device
   * @param devices one for each copy
   * @param partCount in how many parts a batch is computed, at least one a device
   * @param statistics gets those of each part
   * @param workers that compute the parts
   */
  Replicas(
      Graph graph,
      Numbers numbers,
      FlatTensors layout,
      NDArray weights,
      List<Device> devices,
      int partCount,
      RunningStatistics statistics,
      Workers workers) {
    this.workers = workers;
    copies.add(weights);
    for (Device device : devices.subList(1, devices.size())) {
      // Not toDevice, which gives the same memory where the device is the same.
      copies.add(weights.getManager().newSubManager(device).create(weights.toFloatArray()));
    }
    GraphRunner runner = new GraphRunner(graph);
    for (int i = 0; i < partCount; i++) {
      NDArray own = statistics.addPart(copy(i).getManager());
      parts.add(new BatchPart(graph, runner, layout, statistics.views(own), numbers));
    }
  }

  /**
   * Copies batches to the devices that compute their parts, each part in one piece.
   *
   * @param inputs of equally many images
   * @param manager gets them
   */
  List<LoadedPart> load(List<StepInput> inputs, NDManager manager) {
    int count = inputs.get(0).count();
    // A batch norm that sees one pixel of one image has no variance, so a part holds two at least.
    int used = Math.max(1, Math.min(parts.size(), count / 2));
    List<LoadedPart> loaded = new ArrayList<>();
    for (int i = 0; i < used; i++) {
      int from = count * i / used;
      int to = count * (i + 1) / used;
      loaded.add(parts.get(i).load(inputs, from, to, manager.newSubManager(copy(i).getDevice())));
    }
    return loaded;
  }

  /**
   * Runs the parts side by side; one after another where a block runs for the first time. LibTorch
   * 2.7.1 (oneDNN) prepares the backward pass of a convolution when it first meets one of its
   * shapes, and on processors with AVX-512 it sometimes crashed the process when two threads did so
   * at once.
   *
   * @param steps the next of them is run
   * @param active by group of parameters, whether it takes part
   * @param step gets the gradients
   */
  List<BatchPart.Result> run(StepsInFlight steps, boolean[] active, NDManager step) {
    int which = steps.done();
    StepInput input = steps.next();
    boolean ahead = steps.ahead();
    List<Callable<BatchPart.Result>> tasks = new ArrayList<>();
    for (int i = 0; i < steps.parts().size(); i++) {
      BatchPart place = parts.get(i);
      LoadedPart part = steps.parts().get(i);
      NDArray near = copy(i);
      tasks.add(() -> place.run(near, part, which, input, ahead, step));
    }
    boolean first = false;
    for (int group = 0; group < active.length; group++) {
      first |= active[group] && !seen.get(group);
      seen.set(group, seen.get(group) || active[group]);
    }
    return first ? tasks.stream().map(workers::one).toList() : workers.all(tasks);
  }

  /** The first device's weights go out to the others. */
  void distribute() {
    copies.subList(1, copies.size()).forEach(copy -> InPlace.copy(copies.get(0), copy));
  }

  /** Whether there are others. */
  boolean areSeveral() {
    return copies.size() > 1;
  }

  /** The weights near part i. */
  private NDArray copy(int i) {
    return copies.get(i % copies.size());
  }
}
