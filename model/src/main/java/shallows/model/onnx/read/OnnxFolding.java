package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.constant.Constant;
import shallows.model.onnx.constant.ConstantOperators;
import shallows.model.onnx.constant.ElementTypes;

/**
 * Computes what depends on no pixel. What depends on the number of images is computed for two such
 * numbers: where both give the same it depends on nothing, and where they give these numbers
 * themselves it is the number of images.
 */
final class OnnxFolding {
  /**
   * Stands for the number of images in a vector of extents, and a multiple of it for a multiple of
   * that number: a prime that no extent of a file has as a factor.
   */
  static final long BATCH = 1_000_000_007;

  /** Coprime, and hardly a limit at which anything else ends. */
  private static final int FEW = 7;

  private static final int MANY = 11;

  /** Give a constant other axes. */
  private static final Set<String> MOVES =
      Set.of("Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze");

  private final OnnxConstants constants;
  private final int opset;
  private final Map<String, Varying> varying = new HashMap<>();

  /** A value for few images, and the same for many. */
  private record Varying(Constant few, Constant many) {}

  OnnxFolding(OnnxConstants constants, int opset) {
    this.constants = constants;
    this.opset = opset;
  }

  /** Whether all that the node reads is known here. */
  boolean applies(NodeProto node) {
    return node.getInputList().stream().anyMatch(this::isKnown)
        && node.getInputList().stream().allMatch(name -> name.isEmpty() || isKnown(name))
        && OnnxNodeReader.isStandard(node.getDomain());
  }

  /** Whether this name stands for numbers that depend on no pixel. */
  boolean isKnown(String name) {
    return constants.contains(name) || varying.containsKey(name);
  }

  void fold(NodeProto node) {
    String first = node.getInput(0);
    boolean one = node.getInputCount() == 1 && node.getOutputCount() == 1;
    if (one && constants.contains(first) && (isIdentity(node) || castsFloats(node, first))) {
      constants.alias(node.getOutput(0), first);
      return;
    }
    List<Constant> few = apply(node, Varying::few);
    List<Constant> many =
        node.getInputList().stream().anyMatch(varying::containsKey)
            ? apply(node, Varying::many)
            : few;
    for (int i = 0; i < node.getOutputCount(); i++) {
      if (!node.getOutput(i).isEmpty()) {
        if (i >= few.size()) {
          throw new IllegalArgumentException("unknown output '" + node.getOutput(i) + "'");
        }
        define(node.getOutput(i), few.get(i), many.get(i));
      }
    }
    if (node.getOpType().equals("DequantizeLinear") && constants.contains(node.getOutput(0))) {
      noteIntegers(node);
    } else if (MOVES.contains(node.getOpType())
        && constants.contains(first)
        && constants.contains(node.getOutput(0))) {
      constants.moveRounded(node);
    }
  }

  /** The floats are known; who writes integers again needs their scale. */
  private void noteIntegers(NodeProto node) {
    Constant integers = constants.constant(node.getInput(0));
    Constant scale = constants.constant(node.getInput(1));
    if (integers.type() != DataType.INT8 && integers.type() != DataType.UINT8) {
      return;
    }
    boolean hasZero = node.getInputCount() > 2 && !node.getInput(2).isEmpty();
    long middle = integers.type() == DataType.INT8 ? 0 : 128;
    boolean symmetric =
        hasZero
            ? Arrays.stream(constants.constant(node.getInput(2)).integers())
                .allMatch(zero -> zero == middle)
            : middle == 0;
    int axis =
        node.getAttributeList().stream()
            .filter(attribute -> attribute.getName().equals("axis"))
            .mapToInt(attribute -> (int) attribute.getI())
            .findFirst()
            .orElse(1);
    int along = axis < 0 ? axis + integers.rank() : axis;
    // Others are for blocks of an axis.
    if (scale.size() == 1 || scale.rank() == 1 && scale.size() == integers.extent(along)) {
      constants.putRounded(node.getOutput(0), scale.tensor().values(), along, symmetric);
    }
  }

  private static boolean isIdentity(NodeProto node) {
    return node.getOpType().equals("Identity");
  }

  /** Between single and half precision; both are floats here. */
  private boolean castsFloats(NodeProto node, String name) {
    return node.getOpType().equals("Cast")
        && constants.isSingle(name)
        && node.getAttributeList().stream()
            .anyMatch(to -> to.getName().equals("to") && ElementTypes.isSingle((int) to.getI()));
  }

  private List<Constant> apply(NodeProto node, Function<Varying, Constant> which) {
    // A list that may hold null.
    List<Constant> inputs =
        node.getInputList().stream()
            .map(
                name ->
                    name.isEmpty()
                        ? null
                        : varying.containsKey(name)
                            ? which.apply(varying.get(name))
                            : constants.constant(name))
            .toList();
    return ConstantOperators.apply(node, inputs, opset);
  }

  private void define(String name, Constant few, Constant many) {
    if (few == many || few.isSameAs(many)) {
      constants.put(name, few);
    } else if (isKnown(name)) {
      throw new IllegalArgumentException(
          "expected a name of its own for each value, found '" + name + "' again");
    } else {
      varying.put(name, new Varying(few, many));
    }
  }

  /**
   * A Shape or Size node of a value that depends on pixels.
   *
   * @param extents multiples of {@link #BATCH} among them
   */
  void extents(NodeProto node, long[] extents) {
    define(node.getOutput(0), looked(node, extents, FEW), looked(node, extents, MANY));
  }

  private Constant looked(NodeProto node, long[] extents, int images) {
    int[] all =
        LongStream.of(extents)
            .map(extent -> extent % BATCH == 0 ? images * (extent / BATCH) : extent)
            .mapToInt(extent -> (int) Math.min(extent, Integer.MAX_VALUE))
            .toArray();
    return ConstantOperators.ofShape(node, all);
  }

  /** Floats, for a few images where their extent or they themselves depend on the number. */
  Tensor floats(String name) {
    Varying known = varying.get(name);
    return known == null ? constants.floats(name) : known.few().tensor();
  }

  /** Floats whose first axis is the images, of one image; empty where these differ. */
  Optional<Tensor> ofEachImage(String name) {
    Tensor few = floats(name);
    if (few.shape().rank() == 0 || few.shape().dimension(0) != FEW) {
      return Optional.empty();
    }
    int size = few.size() / FEW;
    for (int i = size; i < few.size(); i++) {
      if (few.values()[i] != few.values()[i - size]) {
        return Optional.empty();
      }
    }
    List<Integer> extents = new ArrayList<>(few.shape().dimensions());
    extents.set(0, 1);
    return Optional.of(new Tensor(new Shape(extents), Arrays.copyOf(few.values(), size)));
  }

  boolean hasIntegers(String name) {
    return varying.containsKey(name)
        ? !varying.get(name).few().isFloating()
        : constants.isInteger(name);
  }

  /**
   * Integers, multiples of {@link #BATCH} among them where they are so many times the images.
   *
   * @throws IllegalArgumentException when one depends on that number in another way
   */
  long[] integers(String name) {
    Varying known = varying.get(name);
    if (known == null) {
      return constants.integers(name);
    }
    long[] few = known.few().integers();
    long[] many = known.many().integers();
    if (few.length != many.length) {
      throw otherwise();
    }
    return IntStream.range(0, few.length)
        .mapToLong(
            i -> {
              if (few[i] == many[i]) {
                return few[i];
              }
              if (few[i] > 0 && few[i] % FEW == 0 && few[i] / FEW * MANY == many[i]) {
                return few[i] / FEW * BATCH;
              }
              throw otherwise();
            })
        .toArray();
  }

  private static IllegalArgumentException otherwise() {
    return new IllegalArgumentException("expected no arithmetic with the number of images");
  }
}
