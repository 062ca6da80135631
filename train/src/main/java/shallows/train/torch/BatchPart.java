package shallows.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Map;
import shallows.model.graph.FakeQuantization;
import shallows.model.graph.Graph;

/**
 * The place where one part of each batch is computed, forward and backward, beside the other parts.
 * Its batch norms see this part alone and move running statistics of their own.
 */
final class BatchPart {
  private final Graph graph;
  private final GraphRunner runner;
  private final FlatTensors layout;
  private final ImageBuffer images;
  private final Map<String, NDArray> views;
  private final FakeQuantization quantization;

  /**
   * @param layout of the trained parameters
   * @param views of this part's own running statistics, by name; changed in place by every run
   * @param quantization what is rounded on the way
   */
  BatchPart(
      Graph graph,
      GraphRunner runner,
      FlatTensors layout,
      Map<String, NDArray> views,
      FakeQuantization quantization) {
    this.graph = graph;
    this.runner = runner;
    this.layout = layout;
    this.images = new ImageBuffer(graph.input().shape());
    this.views = views;
    this.quantization = quantization;
  }

  /**
   * @param logits {@code (N, classes)}, row after row
   * @param gradient of the sum over the part's images of their share of the batch's loss
   */
  record Result(float[] logits, NDArray gradient) {}

  /**
   * @param weights all trained parameters in one array, on the device to compute on; read only
   * @param batch pixels {@code (N, H, W, C)} and targets {@code (N, classes)} of the whole batch
   * @param from first image of this part
   * @param to the image behind the last
   * @param step gets the gradient; everything else is closed
   */
  Result run(NDArray weights, Batch batch, int from, int to, Gates gates, NDManager step) {
    try (NDManager own = step.newSubManager(weights.getDevice())) {
      // A fresh leaf over the same memory every time: its gradient starts at nothing.
      NDArray leaf = weights.stopGradient();
      leaf.attach(own);
      leaf.setRequiresGradient(true);
      Map<String, NDArray> parameters = layout.views(leaf);
      parameters.putAll(views);
      NDArray pixels = images.load(batch.pixels(), from, to - from, own);
      Pass pass =
          Pass.training(
              gates.on(),
              kept(gates, from, to, own),
              new DropoutMasks(batch.dropoutSeed(), from),
              quantization);
      NDArray logits = runner.run(pixels, parameters, pass);
      NDArray loss = logits.logSoftmax(1).mul(negativeTargets(batch, from, to, own)).sum();
      // Not through DJL's GradientCollector: only one may be open in a process.
      JniUtils.backward((PtNDArray) loss, (PtNDArray) own.ones(loss.getShape()), false, false);
      NDArray gradient = leaf.getGradient().toDevice(step.getDevice(), false);
      gradient.attach(step);
      return new Result(logits.toFloatArray(), gradient);
    }
  }

  /** See {@link Pass#kept}. */
  private static NDArray[] kept(Gates gates, int from, int to, NDManager own) {
    if (gates.kept() == null) {
      return null;
    }
    NDArray[] kept = new NDArray[gates.kept().length];
    for (int b = 0; b < kept.length; b++) {
      float[] ones = new float[to - from];
      for (int i = from; i < to; i++) {
        ones[i - from] = gates.kept()[b][i] ? 1 : 0;
      }
      kept[b] = own.create(ones, new Shape(to - from, 1, 1, 1));
    }
    return kept;
  }

  /**
   * −t / N. The factor goes in here, in Java: see {@link NodeComputation#scale} for why not later.
   */
  private NDArray negativeTargets(Batch batch, int from, int to, NDManager own) {
    int classes = graph.classes();
    float[] negative = new float[(to - from) * classes];
    for (int i = 0; i < negative.length; i++) {
      negative[i] = -batch.targets()[from * classes + i] / batch.count();
    }
    return own.create(negative, new Shape(to - from, classes));
  }

  /**
   * @param pixels normalized, {@code (N, H, W, C)}
   * @param targets a distribution over the classes for each image, {@code (N, classes)}
   * @param count N
   * @param dropoutSeed of what dropout leaves out
   */
  record Batch(float[] pixels, float[] targets, int count, long dropoutSeed) {}
}
