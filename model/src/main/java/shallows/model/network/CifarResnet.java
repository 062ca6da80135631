package shallows.model.network;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;

/**
 * The residual networks of 6n+2 layers for small images, with shortcuts without parameters (option
 * A): He et al. 2016, "Deep residual learning for image recognition", section 4.2. Three stages of
 * n blocks with 16, 32 and 64 channels; a block is conv 3x3, batch norm, ReLU, conv 3x3, batch
 * norm, and the sum passes another ReLU. Where a stage begins, the image is halved, and the
 * shortcut takes every second pixel and pads the missing channels with zeros.
 *
 * <p>{@code resnet-32} is the paper's network; {@code resnet-32-s2} has a stride of 2 in its first
 * convolution and so costs a quarter.
 */
final class CifarResnet implements Architecture {
  private static final Pattern NAME = Pattern.compile("resnet-(\\d{1,4})(-s2)?");
  private static final int[] CHANNELS = {16, 32, 64};

  @Override
  public String pattern() {
    return "resnet-20, resnet-32, resnet-56, resnet-110 (any 6n+2 layers; with -s2 behind a stem of"
        + " stride 2)";
  }

  @Override
  public Optional<Graph> create(String name, Shape image, Task task, long seed) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int layers = Integer.parseInt(matcher.group(1));
    if (layers < 8 || (layers - 2) % 6 != 0) {
      return Optional.empty();
    }
    GraphBuilder builder = new GraphBuilder(name, image, task, seed);
    int stemStride = matcher.group(2) == null ? 1 : 2;
    return Optional.of(build(builder, (layers - 2) / 6, stemStride, task.labels().size()));
  }

  private static Graph build(GraphBuilder builder, int blocks, int stemStride, int classes) {
    Operation.Conv2d stem = Operation.Conv2d.of(stemStride, 1);
    String x = convNormRelu(builder, "stem", builder.image(), CHANNELS[0], stem);
    for (int stage = 0; stage < CHANNELS.length; stage++) {
      for (int block = 0; block < blocks; block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        String name = "stage%d/block%02d".formatted(stage + 1, block + 1);
        x = residualBlock(builder, name, x, CHANNELS[stage], stride);
      }
    }
    x = builder.add("pool", new Operation.GlobalAveragePool(), x);
    x = builder.add("flatten", new Operation.Flatten(), x);
    return builder.build(builder.linear("classifier", x, classes));
  }

  private static String residualBlock(
      GraphBuilder builder, String name, String x, int channels, int stride) {
    Operation.Conv2d first = Operation.Conv2d.of(stride, 1);
    String branch = convNormRelu(builder, name + "/1", x, channels, first);
    branch = builder.conv(name + "/2/conv", branch, channels, 3, Operation.Conv2d.of(1, 1));
    branch = builder.batchNorm(name + "/2/norm", branch);
    String shortcut = stride == 1 ? x : shortcut(builder, name, x, channels);
    String sum = builder.residual(name, shortcut, branch);
    return builder.add(name + "/relu", new Operation.Relu(), sum);
  }

  private static String shortcut(GraphBuilder builder, String name, String x, int channels) {
    Operation subsample = new Operation.AveragePool(Extent.ONE, Extent.square(2), Extent.ZERO);
    String halved = builder.add(name + "/shortcut/subsample", subsample, x);
    int missing = channels - builder.shape(x).dimension(0);
    return builder.add(name + "/shortcut/pad", new Operation.PadChannels(0, missing), halved);
  }

  private static String convNormRelu(
      GraphBuilder builder, String name, String x, int channels, Operation.Conv2d conv) {
    String convolved = builder.conv(name + "/conv", x, channels, 3, conv);
    String normalized = builder.batchNorm(name + "/norm", convolved);
    return builder.add(name + "/relu", new Operation.Relu(), normalized);
  }
}
