package shallows.model.network;

import java.util.Optional;
import java.util.regex.Pattern;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;

/**
 * Residual networks for small images with pre-activation: He et al. 2016, "Identity mappings in
 * deep residual networks". Batch norm and ReLU stand before each convolution, and nothing stands
 * behind a sum, so that a shortcut is the identity from the first block of a stage to its last.
 *
 * <p>The first block of the network, and every block that changes the shape, activates before it
 * splits into branch and shortcut; after the last sum comes one more batch norm and ReLU (the
 * paper's appendix).
 *
 * <p>{@code preresnet-110}, with any 6n+2 layers, has blocks of two 3x3 convolutions with 16, 32
 * and 64 channels. {@code preresnet-164} and {@code preresnet-1001} are the paper's networks of
 * 9n+2 layers, whose blocks are bottlenecks: 1x1, 3x3, and 1x1 to four times the channels.
 * Shortcuts that change the shape are option A with {@code preresnet-110}, and 1x1 convolutions
 * with {@code preresnet-110-b} and the bottlenecks. With {@code -s2} the first convolution has a
 * stride of 2.
 */
final class PreactivationResnet implements Architecture {
  private static final Pattern NAME = Pattern.compile("preresnet-(\\d{1,4})(-b)?(-s2)?");
  private static final Pattern BOTTLENECKS = Pattern.compile("164|1001");
  private static final int[] CHANNELS = {16, 32, 64};
  private static final int EXPANSION = 4;

  @Override
  public String pattern() {
    return "preresnet-110 (any 6n+2 layers; -b and -s2 as above), preresnet-164, preresnet-1001"
        + " (of bottlenecks)";
  }

  @Override
  public Pattern names() {
    return NAME;
  }

  @Override
  public Optional<Graph> create(AskedNetwork asked) {
    int depth = asked.number(1);
    boolean bottlenecks = BOTTLENECKS.matcher(asked.name().group(1)).matches();
    boolean projects = asked.has(2);
    int convolutions = bottlenecks ? 9 : 6;
    if (depth < convolutions + 2 || (depth - 2) % convolutions != 0 || bottlenecks && projects) {
      return Optional.empty();
    }
    GraphBuilder builder = asked.builder();
    Layers layers = new Layers(builder);
    int stemStride = asked.stemStride(3);
    String x = layers.convNormRelu("stem", builder.image(), CHANNELS[0], 3, stemStride);
    boolean activated = true;
    for (int stage = 0; stage < CHANNELS.length; stage++) {
      int channels = CHANNELS[stage] * (bottlenecks ? EXPANSION : 1);
      for (int block = 0; block < (depth - 2) / convolutions; block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        String blockName = Block.name(stage + 1, block + 1);
        boolean changes = layers.changesShape(x, channels, stride);
        String begin = activated ? x : layers.normRelu(blockName + "/1", x);
        String shortcut = changes || activated ? begin : x;
        if (changes) {
          shortcut =
              projects || bottlenecks
                  ? layers.conv(blockName + "/shortcut/conv", begin, channels, 1, stride)
                  : layers.paddedShortcut(blockName + "/shortcut", begin, channels, stride);
        }
        String branch =
            bottlenecks
                ? bottleneck(layers, blockName, begin, CHANNELS[stage], stride)
                : basic(layers, blockName, begin, channels, stride);
        x = builder.residual(blockName, shortcut, branch);
        activated = false;
      }
    }
    return Optional.of(layers.classifier(layers.normRelu("last", x), asked.classes()));
  }

  /**
   * @param begin activated already
   */
  private static String basic(Layers layers, String name, String begin, int channels, int stride) {
    String x = layers.conv(name + "/1/conv", begin, channels, 3, stride);
    return layers.conv(name + "/2/conv", layers.normRelu(name + "/2", x), channels, 3, 1);
  }

  /**
   * @param channels of the two narrow convolutions
   */
  private static String bottleneck(
      Layers layers, String name, String begin, int channels, int stride) {
    String x = layers.conv(name + "/1/conv", begin, channels, 1, 1);
    x = layers.conv(name + "/2/conv", layers.normRelu(name + "/2", x), channels, 3, stride);
    int wide = EXPANSION * channels;
    return layers.conv(name + "/3/conv", layers.normRelu(name + "/3", x), wide, 1, 1);
  }
}
