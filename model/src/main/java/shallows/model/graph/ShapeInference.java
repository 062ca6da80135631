package shallows.model.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The shape of every value of a graph, and the check that each node gets what it can take. One
 * method for each operation, so it is as long as the list of them.
 */
public final class ShapeInference implements Operation.Visitor<Shape> {
  private final Map<String, Tensor> parameters;
  private final Map<String, Shape> shapes = new HashMap<>();
  private Node node;

  /**
   * @param parameters by name; may grow while nodes are added
   */
  public ShapeInference(Graph.Input input, Map<String, Tensor> parameters) {
    this.parameters = parameters;
    shapes.put(input.name(), input.shape());
  }

  /**
   * Infers the shape of the next node in topological order.
   *
   * @throws IllegalArgumentException naming the node and what it expects
   */
  public void add(Node next) {
    node = next;
    if (shapes.containsKey(next.name())) {
      throw new IllegalArgumentException(next + ": the name is taken by an earlier value");
    }
    shapes.put(next.name(), next.operation().accept(this));
  }

  /** The shapes by value so far, without the batch axis. */
  public Map<String, Shape> shapes() {
    return shapes;
  }

  @Override
  public Shape conv2d(Operation.Conv2d conv) {
    requireInputs(2, 3);
    Shape x = image(0);
    Shape weight = parameter(1, 4);
    int channels = x.dimension(0);
    int outputs = weight.dimension(0);
    if (channels % conv.groups() != 0
        || outputs % conv.groups() != 0
        || weight.dimension(1) != channels / conv.groups()) {
      throw misfit(
          "a weight of (O, "
              + channels
              + " / "
              + conv.groups()
              + ", kH, kW) with O divisible by "
              + conv.groups(),
          weight);
    }
    if (node.inputs().size() == 3) {
      requireVector(2, outputs);
    }
    Extent kernel = new Extent(weight.dimension(2), weight.dimension(3));
    return windows(x, outputs, kernel, conv.stride(), conv.padding(), conv.dilation(), false);
  }

  @Override
  public Shape batchNorm(Operation.BatchNorm norm) {
    requireInputs(5, 5);
    Shape x = image(0);
    for (int i = 1; i < 5; i++) {
      requireVector(i, x.dimension(0));
    }
    return x;
  }

  @Override
  public Shape relu(Operation.Relu relu) {
    requireInputs(1, 1);
    return value(0);
  }

  @Override
  public Shape clip(Operation.Clip clip) {
    requireInputs(1, 1);
    return value(0);
  }

  @Override
  public Shape leakyRelu(Operation.LeakyRelu relu) {
    requireInputs(1, 1);
    return value(0);
  }

  @Override
  public Shape activation(Operation.Activation activation) {
    requireInputs(1, 1);
    return value(0);
  }

  @Override
  public Shape power(Operation.Power power) {
    requireInputs(1, 1);
    return value(0);
  }

  @Override
  public Shape binary(Operation.Binary binary) {
    requireInputs(2, 2);
    Shape x = value(0);
    Tensor constant = parameters.get(node.inputs().get(1));
    Shape y = constant == null ? value(1) : constant.shape();
    boolean fits = x.rank() == y.rank();
    List<Integer> both = new ArrayList<>();
    for (int axis = 0; fits && axis < x.rank(); axis++) {
      int a = x.dimension(axis);
      int b = y.dimension(axis);
      fits = a == b || b == 1 || a == 1 && binary.function() != Operation.Function.PRELU;
      both.add(Math.max(a, b));
    }
    if (!fits) {
      throw misfit("two inputs whose extents are the same or 1", x + " and " + y);
    }
    return new Shape(both);
  }

  @Override
  public Shape add(Operation.Add add) {
    requireInputs(2, 2);
    if (!value(0).equals(value(1))) {
      throw misfit("two inputs of one shape", value(0) + " and " + value(1));
    }
    return value(0);
  }

  @Override
  public Shape multiply(Operation.Multiply multiply) {
    requireInputs(2, 2);
    Shape x = value(0);
    Shape factor = value(1);
    boolean perChannel = x.rank() == 3 && factor.equals(Shape.of(x.dimension(0), 1, 1));
    if (!perChannel && !factor.equals(x)) {
      throw misfit("two inputs of one shape, or (C, H, W) and (C, 1, 1)", x + " and " + factor);
    }
    return x;
  }

  @Override
  public Shape concat(Operation.Concat concat) {
    requireInputs(2, Integer.MAX_VALUE);
    Shape first = value(0);
    long channels = 0;
    for (int i = 0; i < node.inputs().size(); i++) {
      Shape next = value(i);
      channels += channels(next);
      if (!withChannels(next, 1).equals(withChannels(first, 1))) {
        throw misfit("inputs that differ in their channels only", first + " and " + next);
      }
    }
    return withChannels(first, small(channels));
  }

  @Override
  public Shape scale(Operation.Scale scale) {
    requireInputs(1, 1);
    return value(0);
  }

  @Override
  public Shape dropout(Operation.Dropout dropout) {
    requireInputs(1, 1);
    return value(0);
  }

  @Override
  public Shape maxPool(Operation.MaxPool pool) {
    requireInputs(1, 1);
    return pooled(pool.kernel(), pool.stride(), pool.padding(), pool.ceil());
  }

  @Override
  public Shape averagePool(Operation.AveragePool pool) {
    requireInputs(1, 1);
    return pooled(pool.kernel(), pool.stride(), pool.padding(), pool.ceil());
  }

  @Override
  public Shape globalAveragePool(Operation.GlobalAveragePool pool) {
    requireInputs(1, 1);
    return Shape.of(image(0).dimension(0), 1, 1);
  }

  @Override
  public Shape reduce(Operation.Reduce reduce) {
    requireInputs(1, 1);
    List<Integer> dimensions = new ArrayList<>(image(0).dimensions());
    reduce.axes().forEach(axis -> dimensions.set(axis.ordinal(), 1));
    return new Shape(dimensions);
  }

  @Override
  public Shape padChannels(Operation.PadChannels pad) {
    requireInputs(1, 1);
    Shape x = image(0);
    long channels = (long) pad.before() + x.dimension(0) + pad.after();
    return Shape.of(small(channels), x.dimension(1), x.dimension(2));
  }

  @Override
  public Shape padImage(Operation.PadImage pad) {
    requireInputs(1, 1);
    Shape x = image(0);
    if (pad.border() == Operation.Border.REFLECTION
        && (Math.max(pad.top(), pad.bottom()) >= x.dimension(1)
            || Math.max(pad.left(), pad.right()) >= x.dimension(2))) {
      throw misfit("an image larger than its reflection", x);
    }
    long height = (long) pad.top() + x.dimension(1) + pad.bottom();
    long width = (long) pad.left() + x.dimension(2) + pad.right();
    return Shape.of(x.dimension(0), small(height), small(width));
  }

  @Override
  public Shape cropImage(Operation.CropImage crop) {
    requireInputs(1, 1);
    Shape x = image(0);
    Extent size = crop.size();
    if ((long) crop.top() + size.height() > x.dimension(1)
        || (long) crop.left() + size.width() > x.dimension(2)) {
      throw misfit("an image that holds " + crop, x);
    }
    return Shape.of(x.dimension(0), size.height(), size.width());
  }

  @Override
  public Shape selectPixels(Operation.SelectPixels select) {
    requireInputs(1, 1);
    Shape x = image(0);
    requireSelection("rows", select.rows(), x.dimension(1), select.regions(), x);
    requireSelection("columns", select.columns(), x.dimension(2), select.regions(), x);
    return Shape.of(x.dimension(0), select.rows().size(), select.columns().size());
  }

  private void requireSelection(
      String what, List<Integer> chosen, int size, PoolingRegions regions, Shape x) {
    boolean inside = chosen.stream().allMatch(i -> i >= 0 && i < size);
    boolean whole = regions == PoolingRegions.FIXED || chosen.get(chosen.size() - 1) == size - 1;
    if (!inside || !whole) {
      throw misfit("an image with the " + what + " " + chosen, x);
    }
  }

  @Override
  public Shape resize(Operation.Resize resize) {
    requireInputs(1, 1);
    return Shape.of(image(0).dimension(0), resize.size().height(), resize.size().width());
  }

  @Override
  public Shape sliceChannels(Operation.SliceChannels slice) {
    requireInputs(1, 1);
    Shape x = value(0);
    if (slice.to() > channels(x)) {
      throw misfit("at least " + slice.to() + " channels", x);
    }
    return withChannels(x, slice.to() - slice.from());
  }

  @Override
  public Shape channelShuffle(Operation.ChannelShuffle shuffle) {
    requireInputs(1, 1);
    Shape x = image(0);
    if (x.dimension(0) % shuffle.groups() != 0) {
      throw misfit("channels in " + shuffle.groups() + " groups", x);
    }
    return x;
  }

  @Override
  public Shape rearrange(Operation.Rearrange rearrange) {
    requireInputs(1, 1);
    if (value(0).size() != rearrange.result().size()) {
      throw misfit("as many numbers as " + rearrange.result() + " has", value(0));
    }
    return rearrange.result();
  }

  @Override
  public Shape groupNorm(Operation.GroupNorm norm) {
    requireInputs(1, 1);
    Shape x = image(0);
    if (x.dimension(0) % norm.groups() != 0) {
      throw misfit("channels in " + norm.groups() + " groups", x);
    }
    return x;
  }

  @Override
  public Shape localResponseNorm(Operation.LocalResponseNorm norm) {
    requireInputs(1, 1);
    return image(0);
  }

  @Override
  public Shape channelNorm(Operation.ChannelNorm norm) {
    requireInputs(3, 3);
    Shape x = image(0);
    requireVector(1, x.dimension(0));
    requireVector(2, x.dimension(0));
    return x;
  }

  @Override
  public Shape attention(Operation.Attention attention) {
    requireInputs(3, Integer.MAX_VALUE);
    Shape q = image(0);
    Shape k = image(1);
    Shape v = image(2);
    int heads = attention.heads();
    if (q.dimension(0) != k.dimension(0)
        || q.dimension(0) % heads != 0
        || v.dimension(0) % heads != 0
        || q.dimension(1) != k.dimension(1)
        || !Shape.of(k.dimension(1), k.dimension(2))
            .equals(Shape.of(v.dimension(1), v.dimension(2)))) {
      throw misfit(
          "queries (g·d, R, L), keys (g·d, R, M) and values (g·e, R, M) of " + heads + " heads",
          q + ", " + k + " and " + v);
    }
    for (int i = 3; i < node.inputs().size(); i++) {
      Shape bias = parameter(i, 4);
      boolean fits =
          (bias.dimension(0) == heads || bias.dimension(0) == 1)
              && (bias.dimension(1) == q.dimension(1) || bias.dimension(1) == 1)
              && bias.dimension(2) == q.dimension(2)
              && bias.dimension(3) == k.dimension(2);
      if (!fits) {
        throw misfit("a parameter (heads or 1, rows or 1, queries, keys)", bias);
      }
    }
    return Shape.of(v.dimension(0), q.dimension(1), q.dimension(2));
  }

  @Override
  public Shape unflatten(Operation.Unflatten unflatten) {
    requireInputs(1, 1);
    Shape x = value(0);
    if (x.rank() != 1) {
      throw misfit("a vector (F)", x);
    }
    return Shape.of(x.dimension(0), 1, 1);
  }

  @Override
  public Shape flatten(Operation.Flatten flatten) {
    requireInputs(1, 1);
    return Shape.of(value(0).size());
  }

  @Override
  public Shape linear(Operation.Linear linear) {
    requireInputs(2, 3);
    Shape x = value(0);
    Shape weight = parameter(1, 2);
    if (x.rank() != 1 || weight.dimension(1) != x.dimension(0)) {
      throw misfit("a vector of " + weight.dimension(1) + " features", x);
    }
    if (node.inputs().size() == 3) {
      requireVector(2, weight.dimension(0));
    }
    return Shape.of(weight.dimension(0));
  }

  private Shape pooled(Extent kernel, Extent stride, Extent padding, boolean ceil) {
    Shape x = image(0);
    return windows(x, x.dimension(0), kernel, stride, padding, Extent.ONE, ceil);
  }

  private Shape windows(
      Shape x,
      int channels,
      Extent kernel,
      Extent stride,
      Extent padding,
      Extent dilation,
      boolean ceil) {
    int height =
        positions(
            x.dimension(1),
            kernel.height(),
            stride.height(),
            padding.height(),
            dilation.height(),
            ceil);
    int width =
        positions(
            x.dimension(2),
            kernel.width(),
            stride.width(),
            padding.width(),
            dilation.width(),
            ceil);
    if (height < 1 || width < 1) {
      throw misfit("an image at least as large as the kernel " + kernel, x);
    }
    return Shape.of(channels, height, width);
  }

  private int positions(int size, int kernel, int stride, int padding, int dilation, boolean ceil) {
    // In long: a file may ask for a padding or a dilation that overflows an int.
    long room = size + 2L * padding - (long) dilation * (kernel - 1) - 1;
    if (room < 0) {
      return 0;
    }
    long more = room / stride;
    // One window beyond, if it begins before the padding behind the image.
    boolean beyond = ceil && room % stride != 0 && (more + 1) * stride < (long) size + padding;
    return small(more + (beyond ? 2 : 1));
  }

  private int small(long size) {
    if (size > Integer.MAX_VALUE) {
      throw misfit("a shape of less than 2^31", size);
    }
    return (int) size;
  }

  private static int channels(Shape value) {
    return value.rank() == 0 ? 1 : value.dimension(0);
  }

  private static Shape withChannels(Shape value, int channels) {
    List<Integer> dimensions = new ArrayList<>(value.dimensions());
    dimensions.set(0, channels);
    return new Shape(dimensions);
  }

  private void requireInputs(int least, int most) {
    int found = node.inputs().size();
    if (found < least || found > most) {
      throw misfit(least == most ? least + " inputs" : least + " to " + most + " inputs", found);
    }
  }

  private Shape value(int index) {
    String name = node.inputs().get(index);
    Shape shape = shapes.get(name);
    if (shape == null) {
      throw misfit("the input or an earlier node as input " + index, "'" + name + "'");
    }
    return shape;
  }

  private Shape image(int index) {
    Shape shape = value(index);
    if (shape.rank() != 3) {
      throw misfit("an image (C, H, W)", shape);
    }
    return shape;
  }

  private Shape parameter(int index, int rank) {
    String name = node.inputs().get(index);
    Tensor parameter = parameters.get(name);
    if (parameter == null) {
      throw misfit("a parameter as input " + index, "'" + name + "'");
    }
    if (parameter.shape().rank() != rank) {
      throw misfit("parameter '" + name + "' with " + rank + " axes", parameter.shape());
    }
    return parameter.shape();
  }

  private void requireVector(int index, int size) {
    Shape shape = parameter(index, 1);
    if (!shape.dimensions().equals(List.of(size))) {
      throw misfit("parameter '" + node.inputs().get(index) + "' of (" + size + ")", shape);
    }
  }

  private IllegalArgumentException misfit(String expected, Object found) {
    return new IllegalArgumentException(node + " expects " + expected + ", found " + found);
  }
}
