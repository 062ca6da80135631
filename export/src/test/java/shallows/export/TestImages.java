package shallows.export;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.export.verify.InterpreterClassifier;
import shallows.model.graph.Graph;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.progress.Progress;

/** Images with the labels that a graph gives them, so that the graph is always right. */
public final class TestImages {
  private TestImages() {}

  public static LabelledImages labelledBy(Graph graph, int count) {
    LabelledImages images = images(graph, count, new int[count]);
    Predictions predictions = predictions(graph, images);
    return images(graph, count, IntStream.range(0, count).map(predictions::predicted).toArray());
  }

  /**
   * The graph with another bias at its end: one that makes the mean of each logit zero. A network
   * of random weights otherwise gives every image the same class.
   */
  public static Graph centred(Graph graph) {
    int count = 50;
    float[][] logits = predictions(graph, images(graph, count, new int[count])).scores();
    String bias = graph.node(graph.output()).inputs().get(2);
    float[] centre = graph.parameter(bias).values().clone();
    for (float[] row : logits) {
      for (int c = 0; c < centre.length; c++) {
        centre[c] -= row[c] / count;
      }
    }
    return graph.withParameters(Map.of(bias, Tensor.vector(centre)));
  }

  private static Predictions predictions(Graph graph, LabelledImages images) {
    try (InterpreterClassifier interpreter = new InterpreterClassifier(graph)) {
      return Predictions.of(interpreter, images, graph.task(), 50, Progress.SILENT);
    }
  }

  private static LabelledImages images(Graph graph, int count, int[] labels) {
    int channels = graph.input().shape().dimension(0);
    int height = graph.input().shape().dimension(1);
    int width = graph.input().shape().dimension(2);
    List<String> classes = IntStream.range(0, graph.classes()).mapToObj(i -> "c" + i).toList();
    byte[] pixels = pixels(count, height, width, channels);
    return new LabelledImages("waves", classes, channels, height, width, pixels, labels);
  }

  /** Plane waves of random direction, brightness and contrast. */
  private static byte[] pixels(int count, int height, int width, int channels) {
    Random random = new Random(9);
    byte[] pixels = new byte[count * height * width * channels];
    int at = 0;
    for (int i = 0; i < count; i++) {
      double down = random.nextGaussian() / 3;
      double right = random.nextGaussian() / 3;
      double brightness = 255 * random.nextDouble();
      double contrast = 255 * random.nextDouble();
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          for (int c = 0; c < channels; c++) {
            double level = brightness + contrast * Math.sin(down * y + right * x + c);
            pixels[at++] = (byte) Math.max(0, Math.min(255, level));
          }
        }
      }
    }
    return pixels;
  }

  /** Ten classes, pixels around zero. */
  public static Task task(int channels) {
    return new Task(
        Task.unnamed(10, channels).labels(),
        Collections.nCopies(channels, 0.5f),
        Collections.nCopies(channels, 0.25f));
  }
}
