package shallows.model.network;

import java.util.Optional;
import java.util.regex.Pattern;
import shallows.model.graph.Block;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;

/**
 * Dense networks for small images: Huang et al. 2017, "Densely connected convolutional networks",
 * section 3. Each layer reads what all layers before it at its size have given, and puts k channels
 * (the growth rate) behind that. Three dense blocks of as many layers each are parted by
 * transitions: batch norm, ReLU, a convolution of 1x1, and the mean over 2x2 pixels.
 *
 * <p>{@code densenet-40-12} has 3n+4 = 40 layers with k = 12: batch norm, ReLU and a 3x3
 * convolution each; transitions keep the channels. In {@code densenet-bc-100-12}, of 6n+4
 * convolutions, a 1x1 convolution to 4k channels, with batch norm and ReLU behind it, stands before
 * each 3x3 one (B), and transitions keep half of the channels (C). With {@code -s2} the first
 * convolution has a stride of 2. The paper's dropout, for images that are not augmented, is left
 * out.
 *
 * <p><b>Stochastic depth.</b> Each layer is a {@link Block}: a step in which it is off computes
 * nothing of it and has zeros for its k channels, in all that read them. That is "stochastic
 * feature reuse" (Wang et al. 2018, "Multi-scale convolution aggregation and stochastic feature
 * reuse for DenseNets"), with one draw for all readers of a layer, which alone spares the work. The
 * rule for the test is that of the sum: the channels count p times. Batch norm in a reader then
 * does not undo p: its running statistics, means over steps on and off, are pμ and pσ² of a channel
 * whose own are μ and σ², so with (x − μ)/σ = z it gives (px − pμ)/√(pσ²) = √p·z, where steps had z
 * with probability p and 0 else.
 *
 * <p><b>Pruning.</b> A layer that is dropped leaves zeros; export leaves one channel of them in a
 * dense block ({@code MergeZeroChannels}).
 */
final class DenseNet implements Architecture {
  private static final Pattern NAME = Pattern.compile("densenet-(bc-)?(\\d{1,4})-(\\d{1,3})(-s2)?");
  private static final int DENSE_BLOCKS = 3;
  private static final int STEM_CHANNELS = 16;
  private static final int BOTTLENECK = 4;

  @Override
  public String pattern() {
    return "densenet-40-12 (any 3n+4 layers and growth rate), densenet-bc-100-12 (any 6n+4; with"
        + " -s2 as above)";
  }

  @Override
  public Pattern names() {
    return NAME;
  }

  @Override
  public Optional<Graph> create(AskedNetwork asked) {
    boolean bottlenecks = asked.has(1);
    int depth = asked.number(2);
    int growth = asked.number(3);
    int convolutions = DENSE_BLOCKS * (bottlenecks ? 2 : 1);
    if (depth < convolutions + 4 || (depth - 4) % convolutions != 0 || growth < 1) {
      return Optional.empty();
    }
    GraphBuilder builder = asked.builder();
    Layers layers = new Layers(builder);
    int stem = bottlenecks ? 2 * growth : STEM_CHANNELS;
    int stemStride = asked.stemStride(4);
    String x = layers.conv("stem/conv", builder.image(), stem, 3, stemStride);
    for (int stage = 1; stage <= DENSE_BLOCKS; stage++) {
      for (int layer = 1; layer <= (depth - 4) / convolutions; layer++) {
        String layerName = Block.name(stage, layer);
        String read = x;
        if (bottlenecks) {
          String activated = layers.normRelu(layerName + "/1", x);
          read = layers.conv(layerName + "/1/conv", activated, BOTTLENECK * growth, 1, 1);
        }
        String last = layerName + (bottlenecks ? "/2" : "/1");
        String given = layers.conv(last + "/conv", layers.normRelu(last, read), growth, 3, 1);
        x = builder.dense(layerName, x, given);
      }
      if (stage < DENSE_BLOCKS) {
        int kept = layers.channels(x) / (bottlenecks ? 2 : 1);
        String transition = "transition" + stage;
        x = layers.conv(transition + "/conv", layers.normRelu(transition, x), kept, 1, 1);
        Operation halve =
            new Operation.AveragePool(Extent.square(2), Extent.square(2), Extent.ZERO);
        x = builder.add(transition + "/pool", halve, x);
      }
    }
    return Optional.of(layers.classifier(layers.normRelu("last", x), asked.classes()));
  }
}
