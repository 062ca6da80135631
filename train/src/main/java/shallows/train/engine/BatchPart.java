package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.Map;
import shallows.model.graph.Graph;

/**
 * The place where one part of each batch is computed, forward and backward, beside the other parts.
 * Its batch norms see this part alone and move running statistics of their own.
 */
final class BatchPart {
  private static final int[] ROW = {1};

  private final Graph graph;
  private final GraphRunner runner;
  private final FlatTensors layout;
  private final ImageBuffer images;
  private final Map<String, NDArray> views;
  private final Numbers numbers;

  /** Of the weights of convolutions that are computed in bfloat16. */
  private final List<String> halved;

  /**
   * @param layout of the trained parameters
   * @param views of this part's own running statistics, by name; changed in place by every run
   * @param numbers that it computes in
   */
  BatchPart(
      Graph graph,
      GraphRunner runner,
      FlatTensors layout,
      Map<String, NDArray> views,
      Numbers numbers) {
    this.graph = graph;
    this.runner = runner;
    this.layout = layout;
    this.images = new ImageBuffer(graph.input().shape());
    this.views = views;
    this.numbers = numbers;
    this.halved = numbers.isMixed() ? BrainFloats.weights(graph) : List.of();
  }

  /**
   * What comes of a part, where it was computed.
   *
   * @param logits {@code (N, classes)}
   * @param outcome {@code (2N)} in double precision: the loss of each image, and then 1 for each
   *     whose answer is right and 0 for the others; null where the logits are enough
   * @param gradient of the sum over the part's images of their share of the batch's loss
   */
  record Result(NDArray logits, NDArray outcome, NDArray gradient) {}

  /**
   * Copies this part of some batches to where it is computed. They are valid until the next call.
   *
   * @param from first image of this part in each batch
   * @param to the image behind the last
   * @param near on the device to compute on; gets what is copied
   */
  LoadedPart load(List<StepInput> inputs, int from, int to, NDManager near) {
    return new LoadedPart(
        from,
        to - from,
        inputs.get(0).count(),
        images.load(inputs.stream().map(StepInput::pixels).toList(), from, to - from, near),
        LoadedPart.targets(inputs, from, to, graph.classes(), near),
        LoadedPart.kept(inputs, from, to, near));
  }

  /**
   * Nothing is copied from or to the device, but the masks of dropout.
   *
   * @param weights all trained parameters in one array, on the device to compute on; read only
   * @param part of this place
   * @param which of its batches
   * @param input of that step
   * @param ahead whether the outcome is computed
   * @param step gets the gradient, which goes to its device; what else comes of the part stays with
   *     what was loaded
   */
  Result run(
      NDArray weights, LoadedPart part, int which, StepInput input, boolean ahead, NDManager step) {
    try (NDManager own = step.newSubManager(weights.getDevice())) {
      // A fresh leaf over the same memory every time: its gradient starts at nothing.
      NDArray leaf = weights.stopGradient();
      leaf.attach(own);
      leaf.setRequiresGradient(true);
      Map<String, NDArray> parameters = layout.views(leaf);
      parameters.putAll(views);
      if (!halved.isEmpty()) {
        Map<String, NDArray> halves = layout.views(BrainFloats.of(leaf));
        halved.forEach(name -> parameters.computeIfPresent(name, (n, floats) -> halves.get(n)));
      }
      boolean[] on = input.gates().on();
      RunMode mode =
          RunMode.training(
              on,
              part.kept(which, on, own),
              new DropoutMasks(input.dropoutSeed(), part.firstImage()),
              numbers.quantization());
      NDArray targets = part.targets(which, own);
      NDArray pixels = part.pixels(which, own);
      NDArray image = numbers.isMixed() ? BrainFloats.of(pixels) : pixels;
      NDArray logits = BrainFloats.floats(runner.run(image, parameters, mode));
      // −t / N.
      NDArray negative = targets.div(Scalar.of(-part.batchSize(), own));
      NDArray loss = logits.logSoftmax(1).mul(negative).sum();
      // Not through DJL's GradientCollector: only one may be open in a process.
      JniUtils.backward((PtNDArray) loss, (PtNDArray) own.ones(loss.getShape()), false, false);
      NDArray gradient = leaf.getGradient().toDevice(step.getDevice(), false);
      gradient.attach(step);
      NDManager near = part.allPixels().getManager();
      NDArray answers = logits.stopGradient();
      answers.attach(near);
      NDArray outcome = null;
      if (ahead) {
        outcome = outcome(answers, targets, own);
        outcome.attach(near);
      }
      return new Result(answers, outcome, gradient);
    }
  }

  /** As {@link StepOutcome#of} computes it. */
  private static NDArray outcome(NDArray logits, NDArray targets, NDManager own) {
    NDArray largest = logits.max(ROW, true);
    NDArray differences = logits.sub(largest);
    NDArray z = logits.toType(DataType.FLOAT64, false);
    NDArray t = targets.toType(DataType.FLOAT64, false);
    // The logits belong to a manager that lives longer, and so does what is computed of them.
    List.of(largest, differences, z).forEach(array -> array.attach(own));
    NDArray sums = differences.toType(DataType.FLOAT64, false).exp().sum(ROW, true);
    NDArray logSums = sums.log().add(largest.toType(DataType.FLOAT64, false));
    NDArray losses = logSums.sub(z).mul(t).sum(ROW);
    NDArray right = z.argMax(1).eq(t.argMax(1)).toType(DataType.FLOAT64, false);
    return NDArrays.concat(new NDList(losses, right));
  }
}
