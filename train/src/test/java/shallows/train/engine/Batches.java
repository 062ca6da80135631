package shallows.train.engine;

import java.util.Random;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/** Seeded batches in the layouts that the two runners take. */
final class Batches {
  private Batches() {}

  /** {@code (N, C, H, W)} to {@code (N, H, W, C)}. */
  static float[] channelsLast(Tensor batch) {
    Shape shape = batch.shape();
    int channels = shape.dimension(1);
    int area = shape.dimension(2) * shape.dimension(3);
    float[] turned = new float[batch.size()];
    for (int i = 0; i < turned.length; i++) {
      int n = i / (channels * area);
      int c = i / area % channels;
      int pixel = i % area;
      turned[(n * area + pixel) * channels + c] = batch.values()[i];
    }
    return turned;
  }

  /** From N(0, 1), {@code (N, C, H, W)}. */
  static Tensor normal(Graph graph, int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count * graph.input().shape().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new Tensor(graph.input().shape().withBatch(count), values);
  }

  /** A distribution over the classes for each image, {@code (N, classes)}. */
  static float[] targets(Graph graph, int count, long seed) {
    Random random = new Random(seed);
    float[] targets = new float[count * graph.classes()];
    for (int n = 0; n < count; n++) {
      double sum = 0;
      for (int k = 0; k < graph.classes(); k++) {
        targets[n * graph.classes() + k] = random.nextFloat();
        sum += targets[n * graph.classes() + k];
      }
      for (int k = 0; k < graph.classes(); k++) {
        targets[n * graph.classes() + k] /= (float) sum;
      }
    }
    return targets;
  }

  /** The loss of {@link TorchTraining#step}, in double precision. */
  static double loss(float[] logits, float[] targets, int count) {
    int classes = logits.length / count;
    double loss = 0;
    for (int n = 0; n < count; n++) {
      double sum = 0;
      for (int k = 0; k < classes; k++) {
        sum += Math.exp(logits[n * classes + k]);
      }
      for (int k = 0; k < classes; k++) {
        loss -= targets[n * classes + k] * (logits[n * classes + k] - Math.log(sum));
      }
    }
    return loss / count;
  }
}
