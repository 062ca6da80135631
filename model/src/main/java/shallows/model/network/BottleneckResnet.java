package shallows.model.network;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.graph.Block;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;

/**
 * ImageNet's residual networks of 50, 101 and 152 layers: He et al. 2016, "Deep residual learning
 * for image recognition", table 1. Behind a stem that divides the image by four (conv 7x7 and a max
 * pool, both of stride 2) come four stages of bottlenecks: conv 1x1, 3x3, and 1x1 to four times the
 * channels, each with batch norm. Where the shape changes, the shortcut is a 1x1 convolution with
 * batch norm (option B).
 *
 * <p>A stage's stride of 2 is in the 3x3 convolution of its first block, as in all of today's
 * libraries (Goyal et al. 2017, "Accurate, large minibatch SGD", section 5.1, and torchvision), not
 * in its first 1x1 convolution as in the paper. {@code bottleneck-50} is what the field calls
 * ResNet-50; the name keeps it apart from the networks of 6n+2 layers.
 */
final class BottleneckResnet implements Architecture {
  private static final Pattern NAME = Pattern.compile("bottleneck-(\\d{2,3})");
  private static final Map<String, int[]> BLOCKS =
      Map.of(
          "50", new int[] {3, 4, 6, 3},
          "101", new int[] {3, 4, 23, 3},
          "152", new int[] {3, 8, 36, 3});
  private static final int STEM_CHANNELS = 64;
  private static final int EXPANSION = 4;

  /** The last stage sees a thirty-second of the image: below this, a single pixel. */
  private static final int SMALLEST = 64;

  @Override
  public String pattern() {
    return "bottleneck-50, bottleneck-101, bottleneck-152 (ImageNet's ResNets, for images of "
        + SMALLEST
        + " pixels and more)";
  }

  @Override
  public Pattern names() {
    return NAME;
  }

  @Override
  public Optional<Graph> create(AskedNetwork asked) {
    int[] blocks = BLOCKS.get(asked.name().group(1));
    if (blocks == null) {
      return Optional.empty();
    }
    Shape image = asked.image();
    if (image.dimension(1) < SMALLEST || image.dimension(2) < SMALLEST) {
      throw new BadInputException(
          "network '" + asked.name().group() + "'",
          "images of at least " + SMALLEST + "x" + SMALLEST + " pixels",
          image.dimension(1) + "x" + image.dimension(2),
          Phrase.of(
              "enlarge them with %s %s, or take a network for small images such as resnet-56",
              Setting.SIZE, SMALLEST));
    }
    GraphBuilder builder = asked.builder();
    Layers layers = new Layers(builder);
    String x = layers.convNormRelu("stem", builder.image(), STEM_CHANNELS, 7, 2);
    Operation halve = new Operation.MaxPool(Extent.square(3), Extent.square(2), Extent.square(1));
    x = builder.add("stem/pool", halve, x);
    for (int stage = 0; stage < blocks.length; stage++) {
      for (int block = 0; block < blocks[stage]; block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        String blockName = Block.name(stage + 1, block + 1);
        x = residualBlock(builder, layers, blockName, x, STEM_CHANNELS << stage, stride);
      }
    }
    return Optional.of(layers.classifier(x, asked.classes()));
  }

  /**
   * @param channels of the two narrow convolutions
   */
  private static String residualBlock(
      GraphBuilder builder, Layers layers, String name, String x, int channels, int stride) {
    int wide = EXPANSION * channels;
    String branch = layers.convNormRelu(name + "/1", x, channels, 1, 1);
    branch = layers.convNormRelu(name + "/2", branch, channels, 3, stride);
    branch = layers.convNorm(name + "/3", branch, wide, 1, 1);
    String shortcut =
        layers.changesShape(x, wide, stride)
            ? layers.convNorm(name + "/shortcut", x, wide, 1, stride)
            : x;
    return layers.relu(name + "/relu", builder.residual(name, shortcut, branch));
  }
}
