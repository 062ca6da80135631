package shallows.export.quantize.calibrate;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import shallows.data.LabelledImages;
import shallows.data.PixelOrder;
import shallows.export.runtime.OnnxActivations;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;

/** The mean of each output of layers, over images and positions. */
final class ChannelMeans {
  private ChannelMeans() {}

  /**
   * What the convolutions and linear layers of a graph of floats give, before any activation.
   *
   * @return {@code (O)} by the layer's name
   */
  static Map<String, double[]> ofLayers(Graph graph, LabelledImages images) {
    List<String> layers =
        graph.nodes().stream().filter(node -> node.operation().weighs()).map(Node::name).toList();
    Map<String, double[]> means = new HashMap<>();
    try (OnnxActivations runtime = OnnxActivations.open(graph, layers, 1)) {
      List<Map<String, double[]>> batches =
          new ImageBatches(images, graph.task(), ValueHistograms.batch(graph))
              .map(
                  (from, pixels, count) -> {
                    Map<String, double[]> sums = new HashMap<>();
                    Map<String, float[]> found =
                        runtime.run(
                            PixelOrder.channelsFirst(pixels, count, images.channels()), count);
                    for (String layer : layers) {
                      int channels = graph.shape(layer).dimension(0);
                      double[] sum = new double[channels];
                      add(found.get(layer), count, sum);
                      sums.put(layer, sum);
                    }
                    return sums;
                  });
      for (String layer : layers) {
        int channels = graph.shape(layer).dimension(0);
        double[] mean = new double[channels];
        for (Map<String, double[]> batch : batches) {
          Arrays.setAll(mean, o -> mean[o] + batch.get(layer)[o]);
        }
        means.put(layer, divided(mean, (long) images.size() * graph.shape(layer).size()));
      }
    }
    return means;
  }

  /**
   * @param outputs of one image each, {@code (O, …)}
   */
  static double[] of(float[][] outputs, int channels) {
    List<double[]> sums =
        Arrays.stream(outputs)
            .parallel()
            .map(
                output -> {
                  double[] sum = new double[channels];
                  add(output, 1, sum);
                  return sum;
                })
            .toList();
    double[] mean = new double[channels];
    for (double[] sum : sums) {
      Arrays.setAll(mean, o -> mean[o] + sum[o]);
    }
    return divided(mean, (long) outputs.length * outputs[0].length);
  }

  /** Adds the sum over images and positions to that of each channel. */
  private static void add(float[] values, int count, double[] sums) {
    int perChannel = values.length / count / sums.length;
    for (int i = 0, at = 0; i < count; i++) {
      for (int o = 0; o < sums.length; o++) {
        double sum = 0;
        for (int end = at + perChannel; at < end; at++) {
          sum += values[at];
        }
        sums[o] += sum;
      }
    }
  }

  private static double[] divided(double[] sums, long size) {
    double perChannel = (double) size / sums.length;
    for (int o = 0; o < sums.length; o++) {
      sums[o] /= perChannel;
    }
    return sums;
  }
}
