package shallows.model.onnx.constant;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The operators that are computed where nothing that they read depends on an image. */
public final class ConstantOperators {
  private static final Map<String, Function<ConstantCall, List<Constant>>> OPERATORS =
      new HashMap<>();

  static {
    ElementwiseOperators.all().forEach((name, operator) -> add(name, operator));
    ShapeOperators.all().forEach((name, operator) -> add(name, operator));
    IndexOperators.all().forEach((name, operator) -> add(name, operator));
    ReducingOperators.all().forEach((name, operator) -> add(name, operator));
    MatrixOperators.all().forEach((name, operator) -> add(name, operator));
    ResizingOperators.all().forEach((name, operator) -> add(name, operator));
    OPERATORS.put("Split", IndexOperators::split);
  }

  private ConstantOperators() {}

  private static void add(String name, Function<ConstantCall, Constant> operator) {
    OPERATORS.put(name, call -> List.of(operator.apply(call)));
  }

  public static boolean knows(NodeProto node) {
    return OPERATORS.containsKey(node.getOpType());
  }

  /** What a Shape or Size node gives for a value of these extents. */
  public static Constant ofShape(NodeProto node, int[] extents) {
    return apply(node, List.of(Constant.of(DataType.BOOL, extents, new long[0])), 0).get(0);
  }

  /**
   * What the node computes.
   *
   * @param inputs null for optional ones that are not there
   * @param opset by which the operator is meant
   * @return the value of each output, from the first on; optional ones may be missing at the end
   * @throws IllegalArgumentException saying why it is not computed, without the node's name
   */
  public static List<Constant> apply(NodeProto node, List<Constant> inputs, int opset) {
    Function<ConstantCall, List<Constant>> operator = OPERATORS.get(node.getOpType());
    if (operator == null) {
      throw new IllegalArgumentException("unknown operation on constants");
    }
    ConstantCall call = new ConstantCall(node, inputs, opset);
    List<Constant> results;
    try {
      results = operator.apply(call);
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      throw new IllegalArgumentException("its shapes or indices cannot be right", e);
    }
    call.attributes().requireNoneLeft();
    return results;
  }
}
