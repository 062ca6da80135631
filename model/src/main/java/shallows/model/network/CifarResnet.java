package shallows.model.network;

import java.util.Optional;
import java.util.regex.Pattern;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;

/**
 * The residual networks of 6n+2 layers for small images: He et al. 2016, "Deep residual learning
 * for image recognition", section 4.2. Three stages of n blocks with 16, 32 and 64 channels; a
 * block is conv 3x3, batch norm, ReLU, conv 3x3, batch norm, and the sum passes another ReLU. Where
 * the second and the third stage begin, the image is halved.
 *
 * <p>{@code resnet-32} is the paper's network, whose shortcuts have no parameters (option A: every
 * second pixel, and zeros for the missing channels); in {@code resnet-32-b} they are convolutions
 * of 1x1 with batch norm where the shape changes (option B). {@code resnet-32-s2} has a stride of 2
 * in its first convolution and so costs a quarter.
 */
final class CifarResnet implements Architecture {
  private static final Pattern NAME = Pattern.compile("resnet-(\\d{1,4})(-b)?(-s2)?");
  private static final int[] CHANNELS = {16, 32, 64};

  @Override
  public String pattern() {
    return "resnet-20, resnet-32, resnet-56, resnet-110 (any 6n+2 layers; with -b projection"
        + " shortcuts, with -s2 a stem of stride 2)";
  }

  @Override
  public Pattern names() {
    return NAME;
  }

  @Override
  public Optional<Graph> create(AskedNetwork asked) {
    int depth = asked.number(1);
    if (depth < 8 || (depth - 2) % 6 != 0) {
      return Optional.empty();
    }
    boolean projects = asked.has(2);
    int stemStride = asked.stemStride(3);
    GraphBuilder builder = asked.builder();
    Layers layers = new Layers(builder);
    String x = layers.convNormRelu("stem", builder.image(), CHANNELS[0], 3, stemStride);
    for (int stage = 0; stage < CHANNELS.length; stage++) {
      for (int block = 0; block < (depth - 2) / 6; block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        String blockName = Block.name(stage + 1, block + 1);
        x = residualBlock(builder, layers, blockName, x, CHANNELS[stage], stride, projects);
      }
    }
    return Optional.of(layers.classifier(x, asked.classes()));
  }

  private static String residualBlock(
      GraphBuilder builder,
      Layers layers,
      String name,
      String x,
      int channels,
      int stride,
      boolean projects) {
    String branch = layers.convNormRelu(name + "/1", x, channels, 3, stride);
    branch = layers.convNorm(name + "/2", branch, channels, 3, 1);
    String shortcut = x;
    if (layers.changesShape(x, channels, stride)) {
      shortcut =
          projects
              ? layers.convNorm(name + "/shortcut", x, channels, 1, stride)
              : layers.paddedShortcut(name + "/shortcut", x, channels, stride);
    }
    return layers.relu(name + "/relu", builder.residual(name, shortcut, branch));
  }
}
