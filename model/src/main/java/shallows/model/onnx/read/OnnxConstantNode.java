package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.constant.Constant;
import shallows.model.onnx.constant.OnnxAttributes;
import shallows.model.onnx.constant.OnnxTensorReader;

/** What a Constant node holds that is no dense tensor. */
final class OnnxConstantNode {
  private OnnxConstantNode() {}

  /**
   * @param kind of the value: the attribute's name
   */
  static Constant value(OnnxAttributes attributes, String kind, OnnxTensorReader tensors) {
    return switch (kind) {
      case "sparse_value" ->
          tensors.read(
              attributes.take(kind, AttributeType.SPARSE_TENSOR).orElseThrow().getSparseTensor());
      case "value_float" ->
          Constant.of(new Tensor(Shape.of(), new float[] {attributes.number(kind, 0)}));
      case "value_floats" -> {
        AttributeProto numbers = attributes.take(kind, AttributeType.FLOATS).orElseThrow();
        float[] values = new float[numbers.getFloatsCount()];
        for (int i = 0; i < values.length; i++) {
          values[i] = numbers.getFloats(i);
        }
        yield Constant.of(DataType.FLOAT, new int[] {values.length}, values);
      }
      case "value_int" -> {
        AttributeProto integer = attributes.take(kind, AttributeType.INT).orElseThrow();
        yield Constant.of(DataType.INT64, new int[0], new long[] {integer.getI()});
      }
      case "value_ints" -> Constant.vector(attributes.integers(kind).orElseThrow());
      default -> throw new IllegalArgumentException("unknown attribute " + kind);
    };
  }
}
