package shallows.export.tflite;

import com.google.flatbuffers.FlatBufferBuilder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.AddOptions;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.FullyConnectedOptions;
import org.tensorflow.lite.schema.MulOptions;
import org.tensorflow.lite.schema.ReducerOptions;
import org.tensorflow.lite.schema.ReshapeOptions;
import shallows.export.pass.ChannelAffine;
import shallows.export.pass.FusedRelus;
import shallows.export.pass.NonNegativeValues;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * Lowers each node to one TFLite operator, or two where padding stands before it. A Relu that alone
 * reads the value of an operator with an activation is fused into it, and the operator then writes
 * the value of the Relu.
 */
final class TfliteOperations implements Operation.Visitor<Void> {
  /** Above, the ones that a mean would be taken with would count in the file. */
  private static final int LARGEST_FILTER = 256;

  private final Graph graph;
  private final TfliteFile file;
  private final FlatBufferBuilder builder;
  private final Windows windows;
  private final TfliteTensors kinds;
  private final TfliteLayers layers;
  private final Map<String, Node> fusedRelus;
  private final Set<String> nonNegative;
  private final Map<String, Integer> tensors = new HashMap<>();
  private Node node;
  private int input;
  private int output;

  /**
   * @param kinds how values and parameters are stored
   */
  TfliteOperations(Graph graph, TfliteFile file, TfliteTensors kinds) {
    this.graph = graph;
    this.file = file;
    this.builder = file.builder();
    this.windows = new Windows(file);
    this.kinds = kinds;
    this.layers = new TfliteLayers(graph, kinds);
    this.fusedRelus = FusedRelus.of(graph);
    this.nonNegative = NonNegativeValues.of(graph);
  }

  void writeNodes() {
    Graph.Input image = graph.input();
    input = kinds.image(image.name(), image.shape());
    tensors.put(image.name(), kinds.entering(image.name(), image.shape(), input));
    for (Node next : graph.nodes()) {
      node = next;
      // A fused Relu has its value already.
      if (!tensors.containsKey(node.name())) {
        node.operation().accept(this);
      }
    }
    String result = graph.output();
    output = kinds.leaving(result, graph.shape(result), tensors.get(result));
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
    boolean depthwise = conv.groups() > 1 && conv.groups() == channels();
    Shape weight = graph.parameter(node.inputs().get(1)).shape();
    int outputs = weight.dimension(0);
    int[] parameters = layers.convolution(node, conv, depthwise);
    Extent kernel = new Extent(weight.dimension(2), weight.dimension(3));
    Windows.Padded padded = padded(kernel, conv.stride(), conv.padding(), conv.dilation(), false);
    int[] inputs = {padded.tensor(), parameters[0], parameters[1]};
    if (depthwise) {
      int multiplier = outputs / conv.groups();
      windows.depthwise(inputs, target(), padded.scheme(), conv, multiplier, activation());
    } else {
      windows.convolution(inputs, target(), padded.scheme(), conv, activation());
    }
    return null;
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
    file.operator(BuiltinOperator.RELU, 1, new int[] {value(0)}, target());
    return null;
  }

  @Override
  public Void add(Operation.Add add) {
    int options = AddOptions.createAddOptions(builder, activation(), false);
    int[] inputs = {value(0), value(1)};
    file.operator(BuiltinOperator.ADD, 1, inputs, target(), BuiltinOptions.AddOptions, options);
    return null;
  }

  @Override
  public Void scale(Operation.Scale scale) {
    int factor = file.constant(node.name() + "/factor", Tensor.vector(scale.factor()));
    int options = MulOptions.createMulOptions(builder, activation());
    int[] inputs = {value(0), factor};
    file.operator(BuiltinOperator.MUL, 1, inputs, target(), BuiltinOptions.MulOptions, options);
    return null;
  }

  @Override
  public Void maxPool(Operation.MaxPool pool) {
    if (pool.kernel().equals(Extent.ONE)) {
      return subsample(pool.stride());
    }
    Windows.Padded padded = padded(pool.kernel(), pool.stride(), pool.padding(), Extent.ONE, true);
    windows.pool(
        BuiltinOperator.MAX_POOL_2D, padded, target(), pool.kernel(), pool.stride(), activation());
    return null;
  }

  /**
   * TFLite leaves padding out of its means, so zeros that count are put in by an operator. Averages
   * of 1x1, the option-A shortcut, become a depthwise convolution with ones: unlike the pool or a
   * strided slice, XNNPACK runs it.
   */
  @Override
  public Void averagePool(Operation.AveragePool pool) {
    if (pool.kernel().equals(Extent.ONE)) {
      return subsample(pool.stride());
    }
    Windows.Padded padded =
        windows.padExplicitly(node.name(), value(0), inputShape(), pool.padding());
    windows.pool(
        BuiltinOperator.AVERAGE_POOL_2D,
        padded,
        target(),
        pool.kernel(),
        pool.stride(),
        activation());
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
    int axes = file.constant(node.name() + "/axes", new int[] {2}, 1, 2);
    int options = ReducerOptions.createReducerOptions(builder, true);
    int[] inputs = {value(0), axes};
    file.operator(
        BuiltinOperator.MEAN, 1, inputs, target(), BuiltinOptions.ReducerOptions, options);
    return null;
  }

  @Override
  public Void padChannels(Operation.PadChannels pad) {
    windows.pad(
        node.name(), value(0), target(), new int[] {0, 0, 0, 0, 0, 0, pad.before(), pad.after()});
    return null;
  }

  /** Graphs count channels outermost, so an image of several positions is turned back first. */
  @Override
  public Void flatten(Operation.Flatten flatten) {
    int source = value(0);
    Shape shape = inputShape();
    if (shape.rank() == 3 && shape.dimension(1) * shape.dimension(2) > 1) {
      int order = file.constant(node.name() + "/order", new int[] {4}, 0, 3, 1, 2);
      int turned =
          file.valueLike(
              source,
              node.name() + "/channels_first",
              new int[] {1, shape.dimension(0), shape.dimension(1), shape.dimension(2)});
      file.operator(BuiltinOperator.TRANSPOSE, 1, new int[] {source, order}, turned);
      source = turned;
    }
    int[] flat = {-1, shape.size()};
    int newShape = file.constant(node.name() + "/shape", new int[] {2}, flat);
    int options =
        ReshapeOptions.createReshapeOptions(
            builder, ReshapeOptions.createNewShapeVector(builder, flat));
    int[] inputs = {source, newShape};
    file.operator(
        BuiltinOperator.RESHAPE, 1, inputs, target(), BuiltinOptions.ReshapeOptions, options);
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

  private Windows.Padded padded(
      Extent kernel, Extent stride, Extent padding, Extent dilation, boolean forMaximum) {
    if (Windows.isSame(inputShape(), kernel, stride, padding, dilation)) {
      return new Windows.Padded(value(0), Windows.SAME);
    }
    // Zeros never win over values that are not negative, and XNNPACK pads with zeros only.
    return forMaximum && !nonNegative.contains(node.inputs().get(0))
        ? windows.padWithLowest(node.name(), value(0), inputShape(), padding)
        : windows.padExplicitly(node.name(), value(0), inputShape(), padding);
  }

  private int value(int index) {
    return tensors.get(node.inputs().get(index));
  }

  private Shape inputShape() {
    return graph.shape(node.inputs().get(0));
  }

  private int channels() {
    return inputShape().dimension(0);
  }

  private byte activation() {
    return fusedRelus.containsKey(node.name())
        ? ActivationFunctionType.RELU
        : ActivationFunctionType.NONE;
  }

  /** Makes the tensor that the node, with a Relu that is fused into it, writes. */
  private int target() {
    String name = fusedRelus.getOrDefault(node.name(), node).name();
    int tensor = kinds.value(name, graph.shape(name));
    tensors.put(node.name(), tensor);
    tensors.put(name, tensor);
    return tensor;
  }
}
