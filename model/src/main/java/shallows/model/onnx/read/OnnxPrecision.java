package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.List;
import java.util.stream.Stream;

/** How exactly a file computes. */
final class OnnxPrecision {
  /** Of single precision. */
  static final double SINGLE = 0x1p-24;

  private OnnxPrecision() {}

  /** Half of the distance of two neighbours around 1, of the least precise type in the file. */
  static double roundoff(ModelProto model) {
    List<Integer> types =
        Stream.concat(
                model.getGraph().getInitializerList().stream().map(TensorProto::getDataType),
                Stream.concat(
                        model.getGraph().getNodeList().stream(),
                        model.getFunctionsList().stream().flatMap(f -> f.getNodeList().stream()))
                    .flatMap(OnnxPrecision::types))
            .distinct()
            .toList();
    if (types.contains(DataType.BFLOAT16_VALUE)) {
      return 0x1p-8;
    }
    return types.contains(DataType.FLOAT16_VALUE) ? 0x1p-11 : SINGLE;
  }

  private static Stream<Integer> types(NodeProto node) {
    return node.getAttributeList().stream()
        .filter(attribute -> attribute.hasT() || attribute.getName().equals("to"))
        .map(
            (AttributeProto attribute) ->
                attribute.hasT() ? attribute.getT().getDataType() : (int) attribute.getI());
  }
}
