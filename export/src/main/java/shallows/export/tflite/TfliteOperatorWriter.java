package shallows.export.tflite;

import com.google.flatbuffers.FlatBufferBuilder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.FullyConnectedOptions;
import shallows.export.pass.FusedActivations;
import shallows.export.pass.NonNegativeValues;
import shallows.model.graph.ChannelAffine;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * Lowers each node to one TFLite operator, or two where padding stands before it. An activation
 * that alone reads the value of an operator may be fused into it, and the operator then writes the
 * value of the activation.
 *
 * <p>Long, as there is a case for each operation, and what they share has gone elsewhere.
 */
final class TfliteOperatorWriter implements Operation.Visitor<Void> {
  /** Above, the ones that a mean would be taken with would count in the file. */
  private static final int LARGEST_FILTER = 256;

  private final Graph graph;
  private final TfliteFile file;
  private final FlatBufferBuilder builder;
  private final Windows windows;
  private final Pools pools;
  private final Elementwise elementwise;
  private final Channels channels;
  private final Norms norms;

  /** Of the file. */
  private final TfliteTensors all;

  private final Map<String, Node> fused;
  private final Set<String> nonNegative;
  private final Map<String, Integer> tensors = new HashMap<>();

  /** Of integers, for nodes that compute in floats. */
  private final Map<String, Integer> asFloats = new HashMap<>();

  private Node node;

  /** Of the node. */
  private TfliteTensors kinds;

  private TfliteLayers layers;
  private int input;
  private int output;

  /**
   * @param kinds how values and parameters are stored
   */
  TfliteOperatorWriter(Graph graph, TfliteFile file, TfliteTensors kinds) {
    this.graph = graph;
    this.file = file;
    this.builder = file.builder();
    this.windows = new Windows(file);
    this.pools = new Pools(file, windows);
    this.elementwise = new Elementwise(file);
    this.channels = new Channels(file);
    this.norms = new Norms(file, elementwise, channels);
    this.all = kinds;
    this.fused = FusedActivations.of(graph);
    this.nonNegative = NonNegativeValues.of(graph);
  }

  void writeNodes() {
    Graph.Input image = graph.input();
    input = all.image(image.name(), image.shape());
    tensors.put(image.name(), all.entering(image.name(), image.shape(), input));
    for (Node next : graph.nodes()) {
      node = next;
      // A fused activation has its value already.
      if (!tensors.containsKey(node.name())) {
        kinds = all.of(node);
        layers = new TfliteLayers(graph, kinds);
        node.operation().accept(this);
        round();
      }
    }
    String result = graph.output();
    output = all.leaving(result, graph.shape(result), tensors.get(result));
  }

  /** Of a node that computes in floats between integers. */
  private void round() {
    String value = written();
    if (kinds != all && all.isRounded(value)) {
      setTarget(all.rounded(value, graph.shape(value), tensors.get(value)));
    }
  }

  /** The index of the tensor that goes in. */
  int input() {
    return input;
  }

  /** The index of the tensor that comes out. */
  int output() {
    return output;
  }

  @Override
  public Void conv2d(Operation.Conv2d conv) {
    boolean depthwise = isDepthwise(conv, inputShape());
    Shape weight = graph.parameter(node.inputs().get(1)).shape();
    int outputs = weight.dimension(0);
    int[] parameters = layers.convolution(node, conv, depthwise);
    Extent kernel = new Extent(weight.dimension(2), weight.dimension(3));
    Windows.Padded padded = padded(kernel, conv);
    int[] inputs = {padded.tensor(), parameters[0], parameters[1]};
    if (depthwise) {
      int multiplier = outputs / conv.groups();
      windows.depthwise(inputs, target(), padded.scheme(), conv, multiplier, activation());
    } else {
      windows.convolution(inputs, target(), padded.scheme(), conv, activation());
    }
    return null;
  }

  static boolean isDepthwise(Operation.Conv2d conv, Shape image) {
    return conv.groups() > 1 && conv.groups() == image.dimension(0);
  }

  /** One multiplication and addition a channel is a depthwise convolution of 1x1. */
  @Override
  public Void batchNorm(Operation.BatchNorm norm) {
    ChannelAffine affine = ChannelAffine.of(node, graph::parameter);
    float[] factors = new float[affine.channels()];
    float[] offsets = new float[affine.channels()];
    for (int channel = 0; channel < factors.length; channel++) {
      factors[channel] = (float) affine.factor(channel);
      offsets[channel] = (float) affine.offset(channel);
    }
    depthwise(Extent.ONE, Extent.ONE, factors, offsets);
    return null;
  }

  @Override
  public Void relu(Operation.Relu relu) {
    elementwise.unary(BuiltinOperator.RELU, value(0), target());
    return null;
  }

  @Override
  public Void clip(Operation.Clip clip) {
    if (clip.equals(Operation.Clip.RELU6)) {
      elementwise.unary(BuiltinOperator.RELU6, value(0), target());
    } else {
      inFloats(
          (source, target) -> elementwise.clip(node.name(), source[0], target, clip, extents()));
    }
    return null;
  }

  @Override
  public Void leakyRelu(Operation.LeakyRelu relu) {
    elementwise.leakyRelu(value(0), target(), relu.slope());
    return null;
  }

  @Override
  public Void activation(Operation.Activation activation) {
    Operation.Curve curve = activation.curve();
    if (kinds.hasOperator(curve, node.name())) {
      elementwise.curve(node.name(), curve, value(0), target(), extents());
    } else {
      inFloats(
          (source, target) -> elementwise.curve(node.name(), curve, source[0], target, extents()));
    }
    return null;
  }

  @Override
  public Void power(Operation.Power power) {
    inFloats(
        (source, target) -> elementwise.power(node.name(), source[0], target, power.exponent()));
    return null;
  }

  @Override
  public Void binary(Operation.Binary binary) {
    inFloats(
        (source, target) ->
            elementwise.binary(
                binary.function(),
                source[0],
                source.length > 1 ? source[1] : constant(node.inputs().get(1)),
                target));
    return null;
  }

  /** A parameter that counts for every image. */
  private int constant(String parameter) {
    Tensor tensor = graph.parameter(parameter);
    return tensors.computeIfAbsent(parameter, name -> file.constant(name, Layout.constant(tensor)));
  }

  @Override
  public Void add(Operation.Add add) {
    Optional<int[]> convolution =
        inputShape().rank() == 3 ? kinds.sum(node, channels()) : Optional.empty();
    if (convolution.isPresent()) {
      addSideBySide(convolution.get());
    } else {
      elementwise.add(value(0), value(1), target(), activation());
    }
    return null;
  }

  @Override
  public Void multiply(Operation.Multiply multiply) {
    elementwise.multiply(value(0), value(1), target(), activation());
    return null;
  }

  @Override
  public Void concat(Operation.Concat concat) {
    int[] sources = node.inputs().stream().mapToInt(this::read).toArray();
    channels.concatenate(sources, target(), rank());
    return null;
  }

  @Override
  public Void scale(Operation.Scale scale) {
    int factor = file.constant(node.name() + "/factor", Tensor.vector(scale.factor()));
    elementwise.multiply(value(0), factor, target(), activation());
    return null;
  }

  /** A copy: the export passes remove it from whatever is meant to be fast. */
  @Override
  public Void dropout(Operation.Dropout dropout) {
    int[] extents = extents();
    extents[0] = -1;
    channels.reshape(node.name(), value(0), target(), extents);
    return null;
  }

  @Override
  public Void maxPool(Operation.MaxPool pool) {
    if (pool.kernel().equals(Extent.ONE)) {
      return subsample(pool.stride());
    }
    pools.max(
        node.name(),
        new Pools.Source(value(0), inputShape(), nonNegative.contains(node.inputs().get(0))),
        new Pools.Target(target(), graph.shape(node.name()), activation()),
        pool);
    return null;
  }

  /**
   * Averages of 1x1, the option-A shortcut, become a depthwise convolution with ones: unlike the
   * pool or a strided slice, XNNPACK runs it.
   */
  @Override
  public Void averagePool(Operation.AveragePool pool) {
    if (pool.kernel().equals(Extent.ONE)) {
      return subsample(pool.stride());
    }
    Shape result = graph.shape(node.name());
    if (kinds.areFloats() || !Pools.needsCorrection(inputShape(), result, pool)) {
      Pools.Source source = new Pools.Source(value(0), inputShape(), false);
      pools.average(node.name(), source, new Pools.Target(target(), result, activation()), pool);
      return null;
    }
    inFloats(
        (source, target) ->
            pools.average(
                node.name(),
                new Pools.Source(source[0], inputShape(), false),
                new Pools.Target(target, result, activation()),
                pool));
    return null;
  }

  @Override
  public Void globalAveragePool(Operation.GlobalAveragePool pool) {
    Extent image = new Extent(inputShape().dimension(1), inputShape().dimension(2));
    if (!kinds.hasExactMean() && image.height() * image.width() <= LARGEST_FILTER) {
      float[] shares = new float[channels() * image.height() * image.width()];
      Arrays.fill(shares, 1f / (image.height() * image.width()));
      depthwise(Extent.ONE, image, shares, new float[channels()]);
      return null;
    }
    norms.mean(node.name(), value(0), target(), 1, 2);
    return null;
  }

  @Override
  public Void reduce(Operation.Reduce reduce) {
    inFloats((source, target) -> norms.reduce(node.name(), source[0], target, reduce));
    return null;
  }

  @Override
  public Void padChannels(Operation.PadChannels pad) {
    windows.pad(
        node.name(), value(0), target(), new int[] {0, 0, 0, 0, 0, 0, pad.before(), pad.after()});
    return null;
  }

  @Override
  public Void padImage(Operation.PadImage pad) {
    int[] amounts = {0, 0, pad.top(), pad.bottom(), pad.left(), pad.right(), 0, 0};
    switch (pad.border()) {
      case ZEROS -> windows.pad(node.name(), value(0), target(), amounts);
      case REFLECTION -> windows.mirror(node.name(), value(0), target(), amounts, false);
      case EDGE -> padWithEdge(amounts);
    }
    return null;
  }

  /** A mirror at the edge repeats one row or column; there is no other operator that does. */
  private void padWithEdge(int[] amounts) {
    int[] lacking = amounts.clone();
    int[] extents = Layout.ofValue(inputShape());
    int source = value(0);
    for (int step = 1; Arrays.stream(lacking).anyMatch(amount -> amount > 0); step++) {
      int[] one = Arrays.stream(lacking).map(amount -> Math.min(1, amount)).toArray();
      for (int i = 0; i < one.length; i++) {
        lacking[i] -= one[i];
        extents[i / 2] += one[i];
      }
      boolean last = Arrays.stream(lacking).allMatch(amount -> amount == 0);
      String name = node.name() + "/edge" + step;
      int next = last ? target() : file.valueLike(source, name, extents.clone());
      windows.mirror(name, source, next, one, true);
      source = next;
    }
  }

  @Override
  public Void cropImage(Operation.CropImage crop) {
    int[] begin = {0, crop.top(), crop.left(), 0};
    int[] size = {-1, crop.size().height(), crop.size().width(), -1};
    channels.slice(node.name(), value(0), target(), begin, size);
    return null;
  }

  /** The names of the constants say how training draws them, as in ONNX files. */
  @Override
  public Void selectPixels(Operation.SelectPixels select) {
    String constant = node.name() + "/" + select.regions().prefix();
    int[] extents = extents();
    extents[2] = inputShape().dimension(2);
    int chosen = file.valueLike(value(0), node.name() + "/of_rows", extents);
    channels.gather(constant + "rows", value(0), chosen, 1, select.rows());
    channels.gather(constant + "columns", chosen, target(), 2, select.columns());
    return null;
  }

  @Override
  public Void resize(Operation.Resize resize) {
    inFloats((source, target) -> windows.resize(node.name(), source[0], target, resize));
    return null;
  }

  @Override
  public Void sliceChannels(Operation.SliceChannels slice) {
    int[] begin = new int[rank()];
    int[] size = new int[rank()];
    Arrays.fill(size, -1);
    begin[rank() - 1] = slice.from();
    size[rank() - 1] = slice.to() - slice.from();
    channels.slice(node.name(), value(0), target(), begin, size);
    return null;
  }

  @Override
  public Void channelShuffle(Operation.ChannelShuffle shuffle) {
    channels.shuffle(node.name(), value(0), target(), inputShape(), shuffle.groups());
    return null;
  }

  @Override
  public Void rearrange(Operation.Rearrange rearrange) {
    channels.rearrange(node.name(), value(0), target(), inputShape(), rearrange);
    return null;
  }

  @Override
  public Void groupNorm(Operation.GroupNorm norm) {
    inFloats((source, target) -> norms.groupNorm(node.name(), source[0], target, extents(), norm));
    return null;
  }

  @Override
  public Void localResponseNorm(Operation.LocalResponseNorm norm) {
    inFloats((source, target) -> norms.localResponse(source[0], target, norm));
    return null;
  }

  @Override
  public Void channelNorm(Operation.ChannelNorm norm) {
    Tensor scale = graph.parameter(node.inputs().get(1));
    Tensor bias = graph.parameter(node.inputs().get(2));
    inFloats(
        (source, target) ->
            norms.channelNorm(
                node.name(), source[0], target, extents(), norm.epsilon(), scale, bias));
    return null;
  }

  @Override
  public Void attention(Operation.Attention attention) {
    List<Tensor> biases =
        node.inputs().subList(3, node.inputs().size()).stream().map(graph::parameter).toList();
    List<Shape> shapes = node.inputs().subList(0, 3).stream().map(graph::shape).toList();
    inFloats(
        (sources, target) -> {
          // One value may be read as queries, keys and values.
          int[] three = new int[3];
          List<String> values = node.inputs().subList(0, 3).stream().distinct().toList();
          for (int i = 0; i < three.length; i++) {
            three[i] = sources[values.indexOf(node.inputs().get(i))];
          }
          new AttentionHeads(file, channels, elementwise, node.name(), attention)
              .write(three, shapes, biases, target);
        });
    return null;
  }

  @Override
  public Void unflatten(Operation.Unflatten unflatten) {
    channels.reshape(node.name(), value(0), target(), -1, 1, 1, inputShape().size());
    return null;
  }

  /** Graphs count channels outermost, so an image of several positions is turned back first. */
  @Override
  public Void flatten(Operation.Flatten flatten) {
    int source = value(0);
    Shape shape = inputShape();
    if (shape.rank() == 3 && shape.dimension(1) * shape.dimension(2) > 1) {
      int turned =
          file.valueLike(
              source,
              node.name() + "/channels_first",
              new int[] {1, shape.dimension(0), shape.dimension(1), shape.dimension(2)});
      channels.transpose(node.name(), source, turned, 0, 3, 1, 2);
      source = turned;
    }
    channels.reshape(node.name(), source, target(), -1, shape.size());
    return null;
  }

  @Override
  public Void linear(Operation.Linear linear) {
    int[] parameters = layers.linear(node);
    int options =
        FullyConnectedOptions.createFullyConnectedOptions(
            builder, activation(), (byte) 0, false, false);
    file.operator(
        BuiltinOperator.FULLY_CONNECTED,
        1,
        new int[] {value(0), parameters[0], parameters[1]},
        target(),
        BuiltinOptions.FullyConnectedOptions,
        options);
    return null;
  }

  /**
   * a + b as a 1x1 convolution over the channels of both.
   *
   * @param parameters its filter and bias
   */
  private void addSideBySide(int[] parameters) {
    int[] extents = extents();
    extents[3] *= 2;
    int terms = file.valueLike(value(0), node.name() + "/terms", extents);
    channels.concatenate(new int[] {value(0), value(1)}, terms, rank());
    Operation.Conv2d sum =
        new Operation.Conv2d(Extent.ONE, Extent.ZERO, Extent.ONE, 1, Precision.FLOAT);
    int[] inputs = {terms, parameters[0], parameters[1]};
    windows.convolution(inputs, target(), Windows.VALID, sum, activation());
  }

  private Void subsample(Extent stride) {
    float[] ones = new float[channels()];
    Arrays.fill(ones, 1);
    depthwise(stride, Extent.ONE, ones, new float[ones.length]);
    return null;
  }

  /**
   * A depthwise convolution that no node of the graph is.
   *
   * @param filter (C, kH, kW)
   * @param offsets (C)
   */
  private void depthwise(Extent stride, Extent kernel, float[] filter, float[] offsets) {
    int[] parameters = layers.depthwise(node, kernel, filter, offsets);
    int[] inputs = {value(0), parameters[0], parameters[1]};
    Operation.Conv2d conv =
        new Operation.Conv2d(stride, Extent.ZERO, Extent.ONE, offsets.length, Precision.FLOAT);
    windows.depthwise(inputs, target(), Windows.VALID, conv, 1, activation());
  }

  private Windows.Padded padded(Extent kernel, Operation.Conv2d conv) {
    Extent padding = conv.padding();
    return Windows.isSame(inputShape(), kernel, conv.stride(), padding, conv.dilation())
        ? new Windows.Padded(value(0), Windows.SAME)
        : windows.padExplicitly(node.name(), value(0), inputShape(), padding, padding);
  }

  /** Computes the node on floats, whatever the numbers of the file are. */
  private void inFloats(Computation computation) {
    String name = written();
    List<String> values =
        node.inputs().stream().filter(input -> !graph.parameters().containsKey(input)).toList();
    int[] sources = new int[values.size()];
    for (int i = 0; i < sources.length; i++) {
      String unrounded = node.name() + "/unrounded" + (i == 0 ? "" : i);
      sources[i] = kinds.asFloats(unrounded, graph.shape(values.get(i)), read(values.get(i)));
    }
    int target = kinds.floats(name, graph.shape(name));
    computation.write(sources, target);
    setTarget(kinds.rounded(name, graph.shape(name), target));
  }

  /** Operators from the values that a node reads to one tensor. */
  private interface Computation {
    void write(int[] sources, int target);
  }

  private int value(int index) {
    return read(node.inputs().get(index));
  }

  /** The tensor of a value, of the kind that the node computes with. */
  private int read(String value) {
    int tensor = tensors.get(value);
    return kinds != all && all.isRounded(value)
        ? asFloats.computeIfAbsent(
            value, name -> all.asFloats(name + "/dequantized", graph.shape(name), tensor))
        : tensor;
  }

  private Shape inputShape() {
    return graph.shape(node.inputs().get(0));
  }

  /** Of the node's value, with a batch axis in front. */
  private int rank() {
    return 1 + graph.shape(node.name()).rank();
  }

  private int[] extents() {
    return Layout.ofValue(graph.shape(node.name()));
  }

  private int channels() {
    return inputShape().dimension(0);
  }

  private byte activation() {
    Node activation = fused.get(node.name());
    if (activation == null) {
      return ActivationFunctionType.NONE;
    }
    if (activation.operation() instanceof Operation.Relu) {
      return ActivationFunctionType.RELU;
    }
    return activation.operation().equals(Operation.Clip.RELU6)
        ? ActivationFunctionType.RELU6
        : ActivationFunctionType.RELU_N1_TO_1;
  }

  /** The value that the node, with an activation that is fused into it, writes. */
  private String written() {
    return fused.getOrDefault(node.name(), node).name();
  }

  /** Makes the tensor of that value. */
  private int target() {
    int tensor = kinds.value(written(), graph.shape(written()));
    setTarget(tensor);
    return tensor;
  }

  private void setTarget(int tensor) {
    tensors.put(node.name(), tensor);
    tensors.put(written(), tensor);
  }
}
