package shallows.model.network;

import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;

/** Groups of layers that several architectures are made of, written into one graph. */
final class Layers {
  private final GraphBuilder builder;

  Layers(GraphBuilder builder) {
    this.builder = builder;
  }

  /** A square convolution padded so that a stride of 1 keeps the size; its kernel is odd. */
  String conv(String name, String x, int channels, int kernel, int stride) {
    return builder.conv(name, x, channels, kernel, Operation.Conv2d.of(stride, kernel / 2));
  }

  /** {@code name/conv}, {@code name/norm}. */
  String convNorm(String name, String x, int channels, int kernel, int stride) {
    String convolved = conv(name + "/conv", x, channels, kernel, stride);
    return builder.batchNorm(name + "/norm", convolved);
  }

  /** {@code name/conv}, {@code name/norm}, {@code name/relu}. */
  String convNormRelu(String name, String x, int channels, int kernel, int stride) {
    return relu(name + "/relu", convNorm(name, x, channels, kernel, stride));
  }

  /** {@code name/norm}, {@code name/relu}: what stands before a layer with pre-activation. */
  String normRelu(String name, String x) {
    return relu(name + "/relu", builder.batchNorm(name + "/norm", x));
  }

  String relu(String name, String x) {
    return builder.add(name, new Operation.Relu(), x);
  }

  /**
   * Option A of He et al. 2016: takes every {@code stride}th pixel and pads the missing channels
   * with zeros, so that it has no parameter.
   */
  String paddedShortcut(String name, String x, int channels, int stride) {
    Operation subsample = new Operation.AveragePool(Extent.ONE, Extent.square(stride), Extent.ZERO);
    String halved = builder.add(name + "/subsample", subsample, x);
    int missing = channels - channels(x);
    return builder.add(name + "/pad", new Operation.PadChannels(0, missing), halved);
  }

  /** Whether a shortcut to so many channels at this stride cannot be the value itself. */
  boolean changesShape(String x, int channels, int stride) {
    return stride != 1 || channels(x) != channels;
  }

  int channels(String x) {
    return builder.shape(x).dimension(0);
  }

  /** The mean of each channel, then a fully connected layer. */
  Graph classifier(String x, int classes) {
    String pooled = builder.add("pool", new Operation.GlobalAveragePool(), x);
    String flat = builder.add("flatten", new Operation.Flatten(), pooled);
    return builder.build(builder.linear("classifier", flat, classes));
  }
}
