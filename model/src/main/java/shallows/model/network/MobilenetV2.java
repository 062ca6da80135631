package shallows.model.network;

import java.util.Optional;
import java.util.regex.Pattern;
import shallows.model.graph.Block;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;

/**
 * MobileNetV2: Sandler et al. 2018, "MobileNetV2: inverted residuals and linear bottlenecks", table
 * 2. An inverted residual widens its input by a 1x1 convolution, filters each channel by a 3x3
 * depthwise one, both with batch norm and ReLU6, and narrows by a 1x1 convolution with batch norm
 * alone. Where it changes neither size nor channels it has a shortcut, which is the identity, and
 * is a block; the others have none, so nothing would be left of them.
 *
 * <p>{@code mobilenet-v2} is the paper's network, which divides an image by 32; {@code
 * mobilenet-v2-s1} keeps the first two strides at 1, for small images, and divides it by 8. The
 * paper's dropout before the classifier is left out.
 */
final class MobilenetV2 implements Architecture {
  private static final Pattern NAME = Pattern.compile("mobilenet-v2(-s1)?");
  private static final int STEM = 32;
  private static final int LAST = 1280;

  /** Table 2: expansion t, output channels c, repeats n, and the stride s of the first of them. */
  private static final int[][] STAGES = {
    {1, 16, 1, 1},
    {6, 24, 2, 2},
    {6, 32, 3, 2},
    {6, 64, 4, 2},
    {6, 96, 3, 1},
    {6, 160, 3, 2},
    {6, 320, 1, 1}
  };

  @Override
  public String pattern() {
    return "mobilenet-v2 (with -s1 for small images)";
  }

  @Override
  public Pattern names() {
    return NAME;
  }

  @Override
  public Optional<Graph> create(AskedNetwork asked) {
    boolean small = asked.has(1);
    GraphBuilder builder = asked.builder();
    Layers layers = new Layers(builder);
    String x = layers.convNorm("stem", builder.image(), STEM, 3, small ? 1 : 2);
    x = relu6(builder, "stem", x);
    for (int stage = 0; stage < STAGES.length; stage++) {
      int[] row = STAGES[stage];
      for (int block = 0; block < row[2]; block++) {
        boolean strides = block == 0 && !(small && stage == 1);
        String blockName = Block.name(stage + 1, block + 1);
        x = invertedResidual(builder, layers, blockName, x, row, strides ? row[3] : 1);
      }
    }
    x = relu6(builder, "last", layers.convNorm("last", x, LAST, 1, 1));
    return Optional.of(layers.classifier(x, asked.classes()));
  }

  /**
   * @param row of {@link #STAGES}
   */
  private static String invertedResidual(
      GraphBuilder builder, Layers layers, String name, String x, int[] row, int stride) {
    int wide = row[0] * layers.channels(x);
    String branch = x;
    if (row[0] != 1) {
      branch = relu6(builder, name + "/1", layers.convNorm(name + "/1", x, wide, 1, 1));
    }
    Operation.Conv2d depthwise =
        new Operation.Conv2d(
            Extent.square(stride), Extent.square(1), Extent.ONE, wide, Precision.FLOAT);
    branch = builder.conv(name + "/2/conv", branch, wide, 3, depthwise);
    branch = relu6(builder, name + "/2", builder.batchNorm(name + "/2/norm", branch));
    branch = layers.convNorm(name + "/3", branch, row[1], 1, 1);
    return layers.changesShape(x, row[1], stride) ? branch : builder.residual(name, x, branch);
  }

  private static String relu6(GraphBuilder builder, String name, String x) {
    return builder.add(name + "/relu6", Operation.Clip.RELU6, x);
  }
}
