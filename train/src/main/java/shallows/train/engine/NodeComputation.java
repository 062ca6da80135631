package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.pooling.Pool;
import java.util.List;
import java.util.stream.IntStream;
import shallows.model.graph.Extent;
import shallows.model.graph.FakeQuantization;
import shallows.model.graph.Operation;
import shallows.model.graph.PoolingRegions;
import shallows.model.graph.Precision;

/**
 * Computes one node on DJL's functional calls; the result belongs to the manager of the input. One
 * method for each operation, so it is as long as the list of them.
 */
final class NodeComputation implements Operation.Visitor<NDArray> {
  /** DJL's marker for "the channels are where torch expects them"; another axis makes copies. */
  private static final int CHANNEL_AXIS = -1;

  private final String node;
  private final NDArray[] inputs;
  private final RunMode mode;

  /**
   * @param node its name
   * @param inputs values and parameters in the order of the operation's description
   */
  NodeComputation(String node, NDArray[] inputs, RunMode mode) {
    this.node = node;
    this.inputs = inputs;
    this.mode = mode;
  }

  @Override
  public NDArray conv2d(Operation.Conv2d operation) {
    boolean latent = mode.latentWeights() && operation.precision() == Precision.BINARY;
    FakeRounding.Parameters rounded =
        rounded(latent ? StraightThrough.binarize(inputs[1]) : inputs[1]);
    return BrainFloats.isOne(inputs[0]) || BrainFloats.isOne(inputs[1])
        ? BrainFloats.convolution(operation, inputs[0], rounded.weight(), rounded.bias())
        : Convolution.of(operation, inputs[0], rounded.weight(), rounded.bias());
  }

  @Override
  public NDArray batchNorm(Operation.BatchNorm operation) {
    return BatchNorm.batchNorm(
            inputs[0],
            inputs[3],
            inputs[4],
            inputs[1],
            inputs[2],
            CHANNEL_AXIS,
            mode.keep(),
            operation.epsilon(),
            mode.batchStatistics())
        .singletonOrThrow();
  }

  @Override
  public NDArray relu(Operation.Relu operation) {
    return Activation.relu(inputs[0]);
  }

  @Override
  public NDArray clip(Operation.Clip operation) {
    return clip(inputs[0], operation.low(), operation.high());
  }

  /** Bounds are tensors for the reason given at {@link Scalar}. */
  private static NDArray clip(NDArray x, float low, float high) {
    try (NDArray least = Scalar.like(x, low);
        NDArray most = Scalar.like(x, high);
        NDArray above = x.maximum(least)) {
      return above.minimum(most);
    }
  }

  @Override
  public NDArray leakyRelu(Operation.LeakyRelu operation) {
    return Activation.leakyRelu(inputs[0], operation.slope());
  }

  @Override
  public NDArray activation(Operation.Activation operation) {
    NDArray x = inputs[0];
    return switch (operation.curve()) {
      case SIGMOID -> Activation.sigmoid(x);
      case HARD_SIGMOID -> hardSigmoid(x);
      case HARD_SWISH -> {
        try (NDArray gate = hardSigmoid(x)) {
          yield x.mul(gate);
        }
      }
      case GELU -> Activation.gelu(x);
      case GELU_TANH -> geluByTanh(x);
      case TANH -> x.tanh();
      case ELU -> Activation.elu(x, 1);
      case SOFTPLUS -> Activation.softPlus(x);
      case EXP -> x.exp();
      case LOG -> x.log();
      case ABS -> x.abs();
    };
  }

  /** x·(1 + tanh(z)) / 2 = x·sigmoid(2·z) with z = √(2/π)·(x + 0.044715·x³). */
  private static NDArray geluByTanh(NDArray x) {
    try (NDArray share = Scalar.like(x, 0.044715f);
        NDArray one = Scalar.like(x, 1);
        NDArray root = Scalar.like(x, 2 * Math.sqrt(2 / Math.PI));
        NDArray square = x.mul(x);
        NDArray small = square.mul(share);
        NDArray sum = small.add(one);
        NDArray product = sum.mul(x);
        NDArray twice = product.mul(root);
        NDArray gate = Activation.sigmoid(twice)) {
      return x.mul(gate);
    }
  }

  /** min(max(x + 3, 0), 6) / 6. */
  private static NDArray hardSigmoid(NDArray x) {
    try (NDArray three = Scalar.like(x, 3);
        NDArray moved = x.add(three);
        NDArray clipped = clip(moved, 0, 6);
        NDArray sixth = Scalar.like(x, 1f / 6)) {
      return clipped.mul(sixth);
    }
  }

  @Override
  public NDArray power(Operation.Power operation) {
    try (NDArray exponent = Scalar.like(inputs[0], operation.exponent())) {
      return inputs[0].pow(exponent);
    }
  }

  /** A parameter lacks the batch axis, so that it is aligned as it has to be. */
  @Override
  public NDArray binary(Operation.Binary operation) {
    NDArray x = inputs[0];
    NDArray y = inputs[1];
    return switch (operation.function()) {
      case ADD -> x.add(y);
      case SUBTRACT -> x.sub(y);
      case MULTIPLY -> x.mul(y);
      case DIVIDE -> x.div(y);
      case MINIMUM -> x.minimum(y);
      case MAXIMUM -> x.maximum(y);
      case PRELU -> {
        try (NDArray positive = Activation.relu(x);
            NDArray negative = x.sub(positive);
            NDArray scaled = negative.mul(y)) {
          yield positive.add(scaled);
        }
      }
    };
  }

  @Override
  public NDArray add(Operation.Add operation) {
    return inputs[0].add(inputs[1]);
  }

  @Override
  public NDArray multiply(Operation.Multiply operation) {
    return inputs[0].mul(inputs[1]);
  }

  @Override
  public NDArray concat(Operation.Concat operation) {
    return NDArrays.concat(new NDList(inputs), 1);
  }

  @Override
  public NDArray scale(Operation.Scale operation) {
    try (NDArray factor = Scalar.like(inputs[0], operation.factor())) {
      return inputs[0].mul(factor);
    }
  }

  @Override
  public NDArray dropout(Operation.Dropout operation) {
    NDArray x = inputs[0];
    try (NDArray mask = mode.dropout().draw(node, operation.rate(), x.getShape(), x.getManager())) {
      return x.mul(mask);
    }
  }

  @Override
  public NDArray maxPool(Operation.MaxPool operation) {
    return Pool.maxPool2d(
        inputs[0],
        shape(operation.kernel()),
        shape(operation.stride()),
        shape(operation.padding()),
        operation.ceil());
  }

  /** DJL 0.36 counts padding whatever it is told, so means that leave it out are corrected. */
  @Override
  public NDArray averagePool(Operation.AveragePool operation) {
    NDArray means =
        Pool.avgPool2d(
            inputs[0],
            shape(operation.kernel()),
            shape(operation.stride()),
            shape(operation.padding()),
            operation.ceil(),
            true);
    if (operation.countsPadding() || operation.padding().equals(Extent.ZERO)) {
      return means;
    }
    try (NDArray counted = means;
        NDArray ones = inputs[0].onesLike();
        NDArray shares =
            Pool.avgPool2d(
                ones,
                shape(operation.kernel()),
                shape(operation.stride()),
                shape(operation.padding()),
                operation.ceil(),
                true)) {
      return counted.div(shares);
    }
  }

  @Override
  public NDArray globalAveragePool(Operation.GlobalAveragePool operation) {
    Shape shape = inputs[0].getShape();
    try (NDArray flat = Pool.globalAvgPool2d(inputs[0])) {
      return flat.reshape(shape.get(0), shape.get(1), 1, 1);
    }
  }

  @Override
  public NDArray reduce(Operation.Reduce operation) {
    NDArray reduced = inputs[0];
    // DJL takes one axis at a time.
    for (Operation.Axis axis : operation.axes()) {
      int[] one = {axis.ordinal() + 1};
      boolean mean = operation.statistic() == Operation.Statistic.MEAN;
      NDArray next = mean ? reduced.mean(one, true) : reduced.max(one, true);
      if (reduced != inputs[0]) {
        reduced.close();
      }
      reduced = next;
    }
    return reduced;
  }

  @Override
  public NDArray padChannels(Operation.PadChannels operation) {
    NDArray x = inputs[0];
    NDList parts = new NDList();
    try (NDArray before = zeros(x, operation.before());
        NDArray after = zeros(x, operation.after())) {
      if (before != null) {
        parts.add(before);
      }
      parts.add(x);
      if (after != null) {
        parts.add(after);
      }
      return NDArrays.concat(parts, 1);
    }
  }

  /**
   * Made channels-last like everything else: torch concatenates into the layout all parts share.
   */
  private static NDArray zeros(NDArray like, int channels) {
    if (channels == 0) {
      return null;
    }
    Shape shape = like.getShape();
    try (NDArray zeros =
        like.getManager().zeros(new Shape(shape.get(0), shape.get(2), shape.get(3), channels))) {
      NDArray turned = zeros.transpose(0, 3, 1, 2);
      return BrainFloats.isOne(like) ? BrainFloats.of(turned) : turned;
    }
  }

  @Override
  public NDArray padImage(Operation.PadImage operation) {
    if (operation.border() != Operation.Border.ZEROS) {
      return PixelChoice.padded(inputs[0], operation);
    }
    // From the last axis to the first, before and behind.
    return inputs[0].pad(
        new Shape(operation.left(), operation.right(), operation.top(), operation.bottom()), 0);
  }

  @Override
  public NDArray cropImage(Operation.CropImage operation) {
    int bottom = operation.top() + operation.size().height();
    int right = operation.left() + operation.size().width();
    return inputs[0].get(
        new NDIndex(":, :, {}:{}, {}:{}", operation.top(), bottom, operation.left(), right));
  }

  /** A step that draws dropout's masks draws regions too. */
  @Override
  public NDArray selectPixels(Operation.SelectPixels operation) {
    boolean drawn = mode.dropout() != null && operation.regions() != PoolingRegions.FIXED;
    return PixelChoice.selected(
        inputs[0], drawn ? operation.redrawn(mode.dropout().seed(), node) : operation);
  }

  @Override
  public NDArray resize(Operation.Resize operation) {
    return PixelChoice.resized(inputs[0], operation);
  }

  @Override
  public NDArray sliceChannels(Operation.SliceChannels operation) {
    return inputs[0].get(new NDIndex(":, {}:{}", operation.from(), operation.to()));
  }

  @Override
  public NDArray channelShuffle(Operation.ChannelShuffle operation) {
    Shape shape = inputs[0].getShape();
    long groups = operation.groups();
    long perGroup = shape.get(1) / groups;
    try (NDArray grouped =
            inputs[0].reshape(shape.get(0), groups, perGroup, shape.get(2), shape.get(3));
        NDArray swapped = grouped.transpose(0, 2, 1, 3, 4)) {
      return swapped.reshape(shape);
    }
  }

  @Override
  public NDArray rearrange(Operation.Rearrange operation) {
    long batch = inputs[0].getShape().get(0);
    int axes = operation.order().size();
    int[] order =
        IntStream.rangeClosed(0, axes)
            .map(i -> i == 0 ? 0 : operation.order().get(i - 1) + 1)
            .toArray();
    try (NDArray split = inputs[0].reshape(behindBatch(batch, operation.split()));
        NDArray turned = split.transpose(order)) {
      return turned.reshape(behindBatch(batch, operation.result().dimensions()));
    }
  }

  private static Shape behindBatch(long batch, List<Integer> extents) {
    return new Shape(batch).addAll(new Shape(extents.stream().mapToLong(i -> i).toArray()));
  }

  @Override
  public NDArray groupNorm(Operation.GroupNorm operation) {
    Shape shape = inputs[0].getShape();
    int[] axis = {2};
    try (NDArray groups = inputs[0].reshape(shape.get(0), operation.groups(), -1);
        NDArray mean = groups.mean(axis, true);
        NDArray centered = groups.sub(mean);
        NDArray squares = centered.mul(centered);
        NDArray variance = squares.mean(axis, true);
        NDArray epsilon = Scalar.like(variance, operation.epsilon());
        NDArray positive = variance.add(epsilon);
        NDArray deviation = positive.sqrt();
        NDArray normal = centered.div(deviation)) {
      return normal.reshape(shape);
    }
  }

  /** Means over windows of channels, with zeros beyond them, are α's share of the sums. */
  @Override
  public NDArray localResponseNorm(Operation.LocalResponseNorm operation) {
    NDArray x = inputs[0];
    Shape shape = x.getShape();
    int around = operation.size() / 2;
    Shape window = new Shape(operation.size(), 1);
    try (NDArray squares = x.mul(x);
        NDArray columns = squares.reshape(shape.get(0), 1, shape.get(1), -1);
        NDArray means =
            Pool.avgPool2d(columns, window, new Shape(1, 1), new Shape(around, 0), false, true);
        NDArray alpha = Scalar.like(x, operation.alpha());
        NDArray scaled = means.mul(alpha);
        NDArray bias = Scalar.like(x, operation.bias());
        NDArray sum = scaled.add(bias);
        NDArray exponent = Scalar.like(x, -operation.beta());
        NDArray factors = sum.pow(exponent);
        NDArray image = factors.reshape(shape)) {
      return x.mul(image);
    }
  }

  /** Values lie channels last already, so that turning them costs nothing. */
  @Override
  public NDArray channelNorm(Operation.ChannelNorm operation) {
    Shape channels = inputs[1].getShape();
    try (NDArray last = inputs[0].transpose(0, 2, 3, 1);
        NDArray normalized =
            LayerNorm.layerNorm(last, channels, inputs[1], inputs[2], operation.epsilon())
                .singletonOrThrow()) {
      return normalized.transpose(0, 3, 1, 2);
    }
  }

  /** With the heads and the rows as axes in front, the products are those of matrices. */
  @Override
  public NDArray attention(Operation.Attention operation) {
    Shape result = inputs[2].getShape();
    long tokens = inputs[0].getShape().get(3);
    try (NDArray queries = heads(inputs[0], operation.heads(), 0, 1, 3, 4, 2);
        NDArray keys = heads(inputs[1], operation.heads(), 0, 1, 3, 2, 4);
        NDArray values = heads(inputs[2], operation.heads(), 0, 1, 3, 4, 2);
        NDArray factor = Scalar.like(queries, operation.scale());
        NDArray scaled = queries.mul(factor);
        NDArray weights = weights(scaled.matMul(keys), operation.softmax());
        NDArray sums = weights.matMul(values);
        NDArray turned = sums.transpose(0, 1, 4, 2, 3)) {
      return turned.reshape(result.get(0), result.get(1), result.get(2), tokens);
    }
  }

  /** Of {@code (N, C, R, L)} as {@code (N, heads, C / heads, R, L)}, in another order. */
  private static NDArray heads(NDArray value, long heads, int... order) {
    Shape shape = value.getShape();
    try (NDArray cut =
        value.reshape(shape.get(0), heads, shape.get(1) / heads, shape.get(2), shape.get(3))) {
      return cut.transpose(order);
    }
  }

  private NDArray weights(NDArray products, boolean softmax) {
    NDArray scores = products;
    for (int i = 3; i < inputs.length; i++) {
      NDArray sum = scores.add(inputs[i]);
      scores.close();
      scores = sum;
    }
    if (!softmax) {
      return scores;
    }
    NDArray weights = scores.softmax(-1);
    scores.close();
    return weights;
  }

  @Override
  public NDArray unflatten(Operation.Unflatten operation) {
    Shape shape = inputs[0].getShape();
    return inputs[0].reshape(shape.get(0), shape.get(1), 1, 1);
  }

  @Override
  public NDArray flatten(Operation.Flatten operation) {
    return inputs[0].reshape(inputs[0].getShape().get(0), -1);
  }

  @Override
  public NDArray linear(Operation.Linear operation) {
    FakeRounding.Parameters rounded = rounded(inputs[1]);
    return Linear.linear(inputs[0], rounded.weight(), rounded.bias()).singletonOrThrow();
  }

  /** Weight and bias, null where there is none, as this pass computes with them. */
  private FakeRounding.Parameters rounded(NDArray weight) {
    FakeQuantization.Layer layer = mode.quantization().layers().get(node);
    return layer == null
        ? new FakeRounding.Parameters(weight, inputs.length == 3 ? inputs[2] : null)
        : FakeRounding.parameters(weight, inputs[2], layer);
  }

  static Shape shape(Extent extent) {
    return new Shape(extent.height(), extent.width());
  }
}
