package shallows.train.engine;

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
 * ahead of it ({@link Pace}).
 */
public final class StepsInFlight implements AutoCloseable {
  private final List<StepInput> inputs;
  private final NDManager manager;
  private final List<LoadedPart> parts;
  private final boolean ahead;

  /** For each step that was done the results of its parts. */
  private final List<List<BatchPart.Result>> results = new ArrayList<>();

  /**
   * @param inputs of the steps
   * @param ahead whether the outcomes are computed on the devices; if not, the arrays of the inputs
   *     must stay as they are until then
   * @param manager of all that is here
   */
  StepsInFlight(List<StepInput> inputs, boolean ahead, NDManager manager, Replicas replicas) {
    this.inputs = List.copyOf(inputs);
    this.ahead = ahead;
    this.manager = manager;
    parts = replicas.load(inputs, manager);
  }

  List<LoadedPart> parts() {
    return parts;
  }

  /** Whether outcomes are computed on the devices. */
  boolean ahead() {
    return ahead;
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

  /** What came of the steps that were done. Waits for all of them. */
  public List<StepOutcome> outcomes() {
    List<StepOutcome> outcomes = new ArrayList<>();
    double[] flat = ahead ? copy(outcomesOfParts()) : null;
    int offset = 0;
    for (int step = 0; step < done(); step++) {
      StepInput input = inputs.get(step);
      int count = input.count();
      if (ahead) {
        outcomes.add(outcome(flat, offset, count));
        offset += 2 * count;
      } else {
        float[] logits = logits(step);
        outcomes.add(StepOutcome.of(logits, input.targets(), count, logits.length / count));
      }
    }
    return outcomes;
  }

  private NDList outcomesOfParts() {
    NDList pieces = new NDList();
    for (List<BatchPart.Result> step : results) {
      step.forEach(part -> pieces.add(onFirstDevice(part.outcome())));
    }
    return pieces;
  }

  /** In one copy, however many pieces there are. */
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
    List<float[]> pieces =
        results.get(step).stream().map(part -> part.logits().toFloatArray()).toList();
    float[] logits = new float[pieces.stream().mapToInt(piece -> piece.length).sum()];
    int offset = 0;
    for (float[] piece : pieces) {
      System.arraycopy(piece, 0, logits, offset, piece.length);
      offset += piece.length;
    }
    return logits;
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
