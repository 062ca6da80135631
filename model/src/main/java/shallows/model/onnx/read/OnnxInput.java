package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;

/**
 * The image that goes into a file.
 *
 * @param image channels first
 * @param layout of the file
 * @param batch how many images the file takes, 0 where that is open
 */
record OnnxInput(Graph.Input image, OnnxLayout layout, long batch) {
  /** What may stand between the input and the Transpose that shows where its channels are. */
  private static final Set<String> ELEMENTWISE =
      Set.of("Add", "Sub", "Mul", "Div", "Cast", "Identity", "Clip", "Pad");

  /** The input that is no initializer: old files list those as inputs too. */
  static OnnxInput of(GraphProto file, OnnxConstants constants) {
    ValueInfoProto input =
        OnnxGraphReader.only(
            "input",
            file.getInputList().stream().filter(v -> !constants.contains(v.getName())).toList());
    TypeProto.Tensor type = input.getType().getTensorType();
    List<Dimension> dimensions = type.getShape().getDimList();
    boolean floats =
        type.getElemType() == DataType.FLOAT.getNumber()
            || type.getElemType() == DataType.FLOAT16.getNumber();
    if (!floats || dimensions.size() != 4) {
      throw new IllegalArgumentException(
          "expected input '"
              + input.getName()
              + "' of floats and shape (N, C, H, W), found element type "
              + type.getElemType()
              + " and "
              + dimensions.size()
              + " axes");
    }
    List<Integer> extents = new ArrayList<>();
    for (Dimension dimension : dimensions.subList(1, 4)) {
      long size = dimension.getDimValue();
      if (!dimension.hasDimValue() || size < 1 || size > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "expected fixed and positive C, H and W of input '"
                + input.getName()
                + "', found "
                + (dimension.hasDimValue() ? size : "'" + dimension.getDimParam() + "'"));
      }
      extents.add((int) size);
    }
    boolean last = isTurned(file, input.getName());
    Shape shape =
        last ? Shape.of(extents.get(2), extents.get(0), extents.get(1)) : new Shape(extents);
    return new OnnxInput(
        new Graph.Input(input.getName(), shape),
        last ? OnnxLayout.LAST : OnnxLayout.FIRST,
        Math.max(0, dimensions.get(0).getDimValue()));
  }

  /**
   * Whether the image is turned from channels last to channels first before anything looks at it.
   */
  private static boolean isTurned(GraphProto file, String input) {
    Set<String> images = new HashSet<>(Set.of(input));
    for (NodeProto node : file.getNodeList()) {
      if (node.getInputList().stream().noneMatch(images::contains)) {
        continue;
      }
      if (ELEMENTWISE.contains(node.getOpType())) {
        images.addAll(node.getOutputList());
      } else if (node.getOpType().equals("Transpose")) {
        return node.getAttributeList().stream()
            .anyMatch(attribute -> attribute.getIntsList().equals(List.of(0L, 3L, 1L, 2L)));
      }
    }
    return false;
  }
}
