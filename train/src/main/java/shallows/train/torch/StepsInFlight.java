package shallows.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;

/**
 * Batches that were copied to the devices together, and what came of the steps over them, which
 * stays on the devices until it is asked for. To a GPU a copy in either direction waits until all
 * that the GPU was given before is done, so between loading and {@link #outcomes} the host runs
 * ahead of it.
 */
public final class StepsInFlight implements AutoCloseable {
  /** Enough for a wait to be rare, few enough for a person to see a training advance. */
  private static final int MOST = 8;

  /**
   * Bytes of images on their way to a GPU; where they are larger, a step outlasts a wait by far.
   */
  private static final long LARGEST_COPY = 256L << 20;

  private final List<StepInput> inputs;
  private final NDManager manager;
  private final List<LoadedPart> parts;

  /** For each step that was done the results of its parts. */
  private final List<List<BatchPart.Result>> results = new ArrayList<>();

  /**
   * @param inputs of the steps
   * @param manager of all that is here
   */
  StepsInFlight(List<StepInput> inputs, NDManager manager, Replicas replicas) {
    this.inputs = List.copyOf(inputs);
    this.manager = manager;
    parts = replicas.load(inputs, manager);
  }

  /**
   * How many steps are best loaded together. The processor waits for nobody.
   *
   * @param gpu whether they run on one
   * @param bytes of a batch's images
   */
  static int together(boolean gpu, long bytes) {
    return gpu ? (int) Math.max(1, Math.min(MOST, LARGEST_COPY / bytes)) : 1;
  }

  List<LoadedPart> parts() {
    return parts;
  }

  /** How many steps were done; the next has this number. */
  int done() {
    return results.size();
  }

  /** Of the step that comes next. */
  StepInput next() {
    return inputs.get(done());
  }

  void add(List<BatchPart.Result> ofParts) {
    results.add(ofParts);
  }

  /** What came of the steps that were done, in one copy. Waits for all of them. */
  public List<StepOutcome> outcomes() {
    NDList pieces = new NDList();
    for (List<BatchPart.Result> step : results) {
      step.forEach(part -> pieces.add(onFirstDevice(part.outcome())));
    }
    double[] flat = copy(pieces);
    List<StepOutcome> outcomes = new ArrayList<>();
    int offset = 0;
    for (int step = 0; step < done(); step++) {
      outcomes.add(outcome(flat, offset, inputs.get(step).count()));
      offset += 2 * inputs.get(step).count();
    }
    return outcomes;
  }

  private static double[] copy(NDList pieces) {
    try (NDArray all = NDArrays.concat(pieces)) {
      return all.toDoubleArray();
    }
  }

  /** Of the step whose parts' outcomes begin at {@code offset}, see {@link BatchPart.Result}. */
  private StepOutcome outcome(double[] flat, int offset, int count) {
    float[] losses = new float[count];
    double sum = 0;
    double right = 0;
    for (LoadedPart part : parts) {
      int begin = offset + 2 * part.firstImage();
      for (int i = 0; i < part.images(); i++) {
        losses[part.firstImage() + i] = (float) flat[begin + i];
        sum += flat[begin + i];
        right += flat[begin + part.images() + i];
      }
    }
    return new StepOutcome(losses, (float) (sum / count), (int) right);
  }

  /** The logits {@code (N, classes)} of a step that was done, row after row. Waits for it. */
  public float[] logits(int step) {
    NDList pieces = new NDList();
    results.get(step).forEach(part -> pieces.add(onFirstDevice(part.logits())));
    try (NDArray all = NDArrays.concat(pieces)) {
      return all.toFloatArray();
    }
  }

  private NDArray onFirstDevice(NDArray array) {
    NDArray moved = array.toDevice(manager.getDevice(), false);
    moved.attach(manager);
    return moved;
  }

  @Override
  public void close() {
    manager.close();
  }
}
