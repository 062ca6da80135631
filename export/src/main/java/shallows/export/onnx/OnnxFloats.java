package shallows.export.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.util.Set;
import shallows.model.BadInputException;
import shallows.model.onnx.OnnxMessage;
import shallows.model.onnx.OnnxTensors;
import shallows.model.onnx.constant.ExternalData;
import shallows.model.onnx.constant.OnnxTensorReader;
import shallows.model.onnx.read.OnnxFunctions;

/**
 * A model of half precision as one of single precision: the same nodes and numbers, in another
 * element type wherever one is named; functions are put in the place of their calls, which may say
 * of what type they compute. What it gives differs from the model's own answers by what half
 * precision rounds away, and from a network that was read rightly by next to nothing.
 */
public final class OnnxFloats {
  private static final Set<Integer> HALVES =
      Set.of(DataType.FLOAT16_VALUE, DataType.BFLOAT16_VALUE);

  /** Attributes that name an element type. */
  private static final Set<String> TYPES = Set.of("to", "dtype");

  private final OnnxTensorReader tensors;

  private OnnxFloats(ExternalData external) {
    this.tensors = new OnnxTensorReader(external);
  }

  /**
   * @param where the file's name, for messages
   * @throws BadInputException when the bytes are no ONNX model, or a tensor in it is damaged
   */
  public static byte[] of(byte[] model, String where, ExternalData external) {
    try {
      ModelProto.Builder result = OnnxFunctions.inlined(OnnxMessage.of(model)).toBuilder();
      new OnnxFloats(external).change(result.getGraphBuilder());
      return result.build().toByteArray();
    } catch (IOException | IllegalArgumentException e) {
      throw new BadInputException(
          where, "an ONNX model of half precision", e.getMessage(), "write or copy it again", e);
    }
  }

  private void change(GraphProto.Builder graph) {
    graph.getInitializerBuilderList().forEach(this::change);
    graph.getInputBuilderList().forEach(OnnxFloats::change);
    graph.getOutputBuilderList().forEach(OnnxFloats::change);
    graph.getValueInfoBuilderList().forEach(OnnxFloats::change);
    graph.getNodeBuilderList().stream()
        .flatMap(node -> node.getAttributeBuilderList().stream())
        .forEach(this::change);
  }

  private void change(AttributeProto.Builder attribute) {
    if (attribute.hasT()) {
      change(attribute.getTBuilder());
    }
    if (attribute.hasG()) {
      change(attribute.getGBuilder());
    }
    if (TYPES.contains(attribute.getName()) && HALVES.contains((int) attribute.getI())) {
      attribute.setI(DataType.FLOAT_VALUE);
    }
  }

  private void change(TensorProto.Builder tensor) {
    boolean half = HALVES.contains(tensor.getDataType());
    boolean outside = tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
    if (half || outside && tensor.getDataType() == DataType.FLOAT_VALUE) {
      TensorProto floats =
          OnnxTensors.floats(tensor.getName(), tensors.read(tensor.build()).tensor());
      tensor.clear().mergeFrom(floats);
    }
  }

  private static void change(ValueInfoProto.Builder value) {
    TypeProto.Tensor.Builder type = value.getTypeBuilder().getTensorTypeBuilder();
    if (HALVES.contains(type.getElemType())) {
      type.setElemType(DataType.FLOAT_VALUE);
    }
  }
}
