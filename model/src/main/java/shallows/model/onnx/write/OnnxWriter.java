package shallows.model.onnx.write;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import shallows.model.BadInputException;
import shallows.model.file.AtomicFile;
import shallows.model.graph.BinaryWeights;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;
import shallows.model.onnx.OnnxMetadata;

/**
 * Writes a graph as an ordinary ONNX model. The same graph always gives the same bytes, and {@code
 * OnnxReader} gives the same graph back.
 *
 * <p>Weights of binary convolutions are written {@link BinaryWeights#project projected}, as floats,
 * so that any runtime computes what the graph means.
 */
public final class OnnxWriter {
  /** The newest opset and file format that checkers of 2022 know; the operations need no newer. */
  static final int OPSET = 17;

  private static final int IR_VERSION = 8;
  private static final String PRODUCER_VERSION = "0.1.0";

  /** The name of the batch axis, whose extent is left open. */
  private static final String BATCH = "batch";

  private OnnxWriter() {}

  /**
   * Writes {@code file}, whole or not at all.
   *
   * @throws BadInputException when the file cannot be written
   * @throws IllegalArgumentException as {@link #bytes}
   */
  public static void write(Graph graph, Path file) {
    WrittenModel model = model(graph);
    AtomicFile.write(
        file,
        out -> {
          CodedOutputStream coded = CodedOutputStream.newInstance(out);
          model.writeTo(coded);
          coded.flush();
        });
  }

  /**
   * The content of the file.
   *
   * @throws BadInputException when it would be more than such a file may be
   * @throws IllegalArgumentException when a name stands for two values, which a graph can hold but
   *     an ONNX file cannot, or when one weight is read both as binary and as it is
   */
  public static byte[] bytes(Graph graph) {
    WrittenModel model = model(graph);
    byte[] bytes = new byte[model.size()];
    try {
      model.writeTo(CodedOutputStream.newInstance(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory fails", e);
    }
    return bytes;
  }

  private static WrittenModel model(Graph graph) {
    GraphProto.Builder file = GraphProto.newBuilder().setName(graph.name());
    file.addInput(value(graph.input().name(), graph.input().shape()));
    Set<String> names = names(graph);
    Set<String> binary = binaryWeights(graph);
    List<WrittenModel.Constant> parameters = new ArrayList<>();
    graph
        .parameters()
        .forEach(
            (name, tensor) ->
                parameters.add(
                    WrittenModel.Constant.of(
                        name, binary.contains(name) ? BinaryWeights.project(tensor) : tensor)));
    for (Node node : graph.nodes()) {
      file.addNode(node.operation().accept(new OnnxNodeWriter(graph, node, names, file)));
      if (!node.name().equals(graph.output())) {
        file.addValueInfo(value(node.name(), graph.shape(node.name())));
      }
    }
    file.addOutput(value(graph.output(), graph.shape(graph.output())));
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName(OnnxMetadata.PRODUCER)
            .setProducerVersion(PRODUCER_VERSION)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET));
    OnnxMetadata.write(graph, model);
    return new WrittenModel(model.build(), file.build(), parameters);
  }

  /** In ONNX inputs, parameters and values share one space of names, and none is empty. */
  private static Set<String> names(Graph graph) {
    Set<String> names = new HashSet<>();
    names.add("");
    requireNew(graph.input().name(), names);
    graph.parameters().keySet().forEach(name -> requireNew(name, names));
    graph.nodes().forEach(node -> requireNew(node.name(), names));
    return names;
  }

  private static void requireNew(String name, Set<String> names) {
    if (!names.add(name)) {
      throw new IllegalArgumentException(
          "names of the input, the nodes and the parameters must be all different and not empty,"
              + " found '"
              + name
              + "' again");
    }
  }

  private static Set<String> binaryWeights(Graph graph) {
    Set<String> binary = new HashSet<>();
    Set<String> plain = new HashSet<>();
    for (Node node : graph.nodes()) {
      boolean projects =
          node.operation() instanceof Operation.Conv2d conv && conv.precision() == Precision.BINARY;
      for (int i = 0; i < node.inputs().size(); i++) {
        (projects && i == 1 ? binary : plain).add(node.inputs().get(i));
      }
    }
    for (String weight : binary) {
      if (plain.contains(weight)) {
        throw new IllegalArgumentException(
            "parameter '" + weight + "' is read by a binary convolution and by another node");
      }
    }
    return binary;
  }

  private static ValueInfoProto value(String name, Shape shape) {
    TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
    dimensions.addDimBuilder().setDimParam(BATCH);
    shape.dimensions().forEach(size -> dimensions.addDimBuilder().setDimValue(size));
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT_VALUE)
                        .setShape(dimensions)))
        .build();
  }
}
