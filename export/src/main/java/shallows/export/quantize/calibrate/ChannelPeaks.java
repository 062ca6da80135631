package shallows.export.quantize.calibrate;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import shallows.data.LabelledImages;
import shallows.data.PixelOrder;
import shallows.export.runtime.OnnxActivations;
import shallows.model.graph.Graph;

/** The largest magnitude that each channel of a value has, over images and positions. */
final class ChannelPeaks {
  private ChannelPeaks() {}

  /**
   * @param values of nodes
   * @return {@code (C)} by the value's name
   */
  static Map<String, double[]> of(Graph graph, Collection<String> values, LabelledImages images) {
    List<String> asked = values.stream().distinct().toList();
    try (OnnxActivations runtime = OnnxActivations.open(graph, asked, 1)) {
      List<Map<String, double[]>> batches =
          new ImageBatches(images, graph.task(), ValueHistograms.batch(graph))
              .map(
                  (from, pixels, count) -> {
                    float[] turned = PixelOrder.channelsFirst(pixels, count, images.channels());
                    Map<String, float[]> found = runtime.run(turned, count);
                    Map<String, double[]> peaks = new HashMap<>();
                    for (String value : asked) {
                      int channels = graph.shape(value).dimension(0);
                      peaks.put(value, peaks(found.get(value), count, channels));
                    }
                    return peaks;
                  });
      Map<String, double[]> peaks = new HashMap<>();
      for (Map<String, double[]> batch : batches) {
        batch.forEach((value, each) -> peaks.merge(value, each, ChannelPeaks::largest));
      }
      return peaks;
    }
  }

  private static double[] peaks(float[] values, int count, int channels) {
    double[] peaks = new double[channels];
    int perChannel = values.length / count / channels;
    for (int i = 0; i < values.length; i++) {
      int channel = i / perChannel % channels;
      peaks[channel] = Math.max(peaks[channel], Math.abs(values[i]));
    }
    return peaks;
  }

  private static double[] largest(double[] some, double[] others) {
    double[] largest = some.clone();
    Arrays.setAll(largest, channel -> Math.max(some[channel], others[channel]));
    return largest;
  }
}
