package shallows.model.network;

import java.util.Optional;
import java.util.regex.Pattern;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;

/**
 * Wide residual networks for small images: Zagoruyko and Komodakis 2016, "Wide residual networks".
 * {@code wrn-28-10} has 6n+4 = 28 convolutions and is k = 10 times as wide as a network of 16, 32
 * and 64 channels. Blocks are of two 3x3 convolutions with pre-activation, and three 1x1
 * convolutions serve as shortcuts where the shape changes; such a block activates before it splits,
 * the others keep the identity. After the last sum comes one more batch norm and ReLU.
 *
 * <p>{@code wrn-28-10-d0.3} drops 0.3 of the values between the two convolutions of a block while
 * it trains (section 2.4). With {@code -s2} the first convolution has a stride of 2.
 */
final class WideResnet implements Architecture {
  private static final Pattern NAME =
      Pattern.compile("wrn-(\\d{2,3})-(\\d{1,2})(?:-d(0\\.\\d+))?(-s2)?");
  private static final int[] CHANNELS = {16, 32, 64};

  @Override
  public String pattern() {
    return "wrn-16-8, wrn-28-10 (any 6n+4 convolutions and width; with -d0.3 dropout in"
        + " the branches, -s2 as above)";
  }

  @Override
  public Pattern names() {
    return NAME;
  }

  @Override
  public Optional<Graph> create(AskedNetwork asked) {
    int depth = asked.number(1);
    int width = asked.number(2);
    float dropout = asked.share(3);
    if (depth < 10 || (depth - 4) % 6 != 0 || width < 1 || dropout == 1) {
      return Optional.empty();
    }
    GraphBuilder builder = asked.builder();
    Layers layers = new Layers(builder);
    int stemStride = asked.stemStride(4);
    String x = layers.conv("stem/conv", builder.image(), CHANNELS[0], 3, stemStride);
    for (int stage = 0; stage < CHANNELS.length; stage++) {
      for (int block = 0; block < (depth - 4) / 6; block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        String blockName = Block.name(stage + 1, block + 1);
        x = residualBlock(builder, layers, blockName, x, CHANNELS[stage] * width, stride, dropout);
      }
    }
    return Optional.of(layers.classifier(layers.normRelu("last", x), asked.classes()));
  }

  private static String residualBlock(
      GraphBuilder builder,
      Layers layers,
      String name,
      String x,
      int channels,
      int stride,
      float dropout) {
    String activated = layers.normRelu(name + "/1", x);
    String shortcut =
        layers.changesShape(x, channels, stride)
            ? layers.conv(name + "/shortcut/conv", activated, channels, 1, stride)
            : x;
    String branch = layers.conv(name + "/1/conv", activated, channels, 3, stride);
    branch = layers.normRelu(name + "/2", branch);
    if (dropout > 0) {
      branch = builder.add(name + "/2/dropout", new Operation.Dropout(dropout), branch);
    }
    branch = layers.conv(name + "/2/conv", branch, channels, 3, 1);
    return builder.residual(name, shortcut, branch);
  }
}
