package shallows.export.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import shallows.model.graph.Shape;

/** A part of an ONNX file of ours: from values that are given to values that are asked for. */
public final class OnnxPart {
  private static final String BATCH = "N";

  private OnnxPart() {}

  /**
   * @param given values of floats that nothing computes any more, each with its shape, without the
   *     batch
   * @param asked what comes out; none of those that are given
   */
  public static byte[] of(byte[] model, Map<String, Shape> given, Collection<String> asked) {
    ModelProto.Builder part = OnnxParts.parsed(model, "a part of a network").toBuilder();
    GraphProto.Builder graph = part.getGraphBuilder();
    Set<String> needed = new HashSet<>(asked);
    List<NodeProto> nodes = new ArrayList<>();
    for (int i = graph.getNodeCount() - 1; i >= 0; i--) {
      NodeProto node = graph.getNode(i);
      if (node.getOutputList().stream()
          .anyMatch(output -> needed.contains(output) && !given.containsKey(output))) {
        nodes.add(node);
        needed.addAll(node.getInputList());
      }
    }
    Collections.reverse(nodes);
    List<TensorProto> constants =
        graph.getInitializerList().stream()
            .filter(constant -> needed.contains(constant.getName()))
            .toList();
    graph.clearNode().clearInitializer().clearInput().clearOutput().clearValueInfo();
    graph.addAllNode(nodes).addAllInitializer(constants);
    given.forEach((name, shape) -> graph.addInput(floats(name, shape)));
    asked.forEach(name -> graph.addOutput(ValueInfoProto.newBuilder().setName(name)));
    return part.build().toByteArray();
  }

  private static ValueInfoProto floats(String name, Shape shape) {
    TensorShapeProto.Builder extents = TensorShapeProto.newBuilder();
    extents.addDimBuilder().setDimParam(BATCH);
    shape.dimensions().forEach(extent -> extents.addDimBuilder().setDimValue(extent));
    TypeProto.Tensor.Builder type =
        TypeProto.Tensor.newBuilder()
            .setElemType(TensorProto.DataType.FLOAT.getNumber())
            .setShape(extents);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(type))
        .build();
  }
}
