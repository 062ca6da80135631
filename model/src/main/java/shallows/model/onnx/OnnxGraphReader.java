package shallows.model.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;

/** A whole ONNX model as a graph. Everything wrong with it is an IllegalArgumentException. */
final class OnnxGraphReader {
  /** Between these the operators that we read mean the same, apart from attributes we refuse. */
  private static final int OLDEST_OPSET = 9;

  private static final int NEWEST_OPSET = 21;

  /** A file that names no labels gets invented ones; more than this is no classifier. */
  private static final int MOST_CLASSES = 1_000_000;

  private static final int NAMED_NODES = 3;

  private final OnnxConstants constants = new OnnxConstants();
  private final List<String> refused = new ArrayList<>();

  private OnnxGraphReader() {}

  static Graph read(ModelProto model) {
    return new OnnxGraphReader().graph(model);
  }

  private Graph graph(ModelProto model) {
    if (!model.hasGraph() || model.getGraph().getNodeCount() == 0) {
      throw new IllegalArgumentException("expected an ONNX model, found no graph in it");
    }
    requireOpset(model);
    GraphProto file = model.getGraph();
    for (TensorProto tensor : file.getInitializerList()) {
      constants.add(tensor.getName(), tensor);
    }
    OnnxMetadata metadata = OnnxMetadata.read(model);
    List<Node> nodes = withBinary(metadata.binary(), nodes(file));
    Graph.Input input = input(file);
    Map<String, Tensor> parameters = constants.parameters();
    requireOwnNames(input, nodes, parameters.keySet());
    Graph graph =
        new Graph(
            file.getName().isEmpty() ? "network" : file.getName(),
            input,
            nodes,
            only("output", file.getOutputList()).getName(),
            parameters,
            metadata.blocks(),
            metadata.task().orElse(Task.unnamed(1, input.shape().dimension(0))),
            metadata.others());
    return metadata.task().isPresent() ? graph : withUnnamedTask(graph);
  }

  /** ONNX has one space of names; a graph would tell two apart by where they are read. */
  private void requireOwnNames(Graph.Input input, List<Node> nodes, Set<String> parameters) {
    Set<String> values = nodes.stream().map(Node::name).collect(Collectors.toSet());
    values.add(input.name());
    for (String value : values) {
      if (constants.contains(value) || parameters.contains(value)) {
        throw new IllegalArgumentException(
            "expected a name of its own for each value, found '" + value + "' as a tensor's too");
      }
    }
  }

  private static Graph withUnnamedTask(Graph graph) {
    if (graph.classes() > MOST_CLASSES) {
      throw new IllegalArgumentException(
          "expected a classifier of at most "
              + MOST_CLASSES
              + " classes, found an output of shape "
              + graph.shape(graph.output()));
    }
    return graph.withTask(Task.unnamed(graph.classes(), graph.input().shape().dimension(0)));
  }

  private static void requireOpset(ModelProto model) {
    for (OperatorSetIdProto opset : model.getOpsetImportList()) {
      if (OnnxNodeReader.isStandard(opset.getDomain())) {
        long version = opset.getVersion();
        if (version < OLDEST_OPSET || version > NEWEST_OPSET) {
          throw new IllegalArgumentException(
              "expected opset " + OLDEST_OPSET + " to " + NEWEST_OPSET + ", found " + version);
        }
        if (model.getFunctionsCount() > 0) {
          throw new IllegalArgumentException(
              "expected operators only, found "
                  + model.getFunctionsCount()
                  + " functions of the model's own");
        }
        return;
      }
    }
    throw new IllegalArgumentException("expected an ONNX opset, found none named");
  }

  /** All nodes but the constants; if some are refused, the first of those are named. */
  private List<Node> nodes(GraphProto file) {
    // All constants first: the names that are made up for tensors must differ from theirs.
    for (NodeProto node : file.getNodeList()) {
      if (isConstant(node)) {
        orRefuse(node, () -> constants.addConstant(node));
      }
    }
    List<Node> nodes = new ArrayList<>();
    for (NodeProto node : file.getNodeList()) {
      if (!isConstant(node)) {
        orRefuse(node, () -> nodes.add(OnnxNodeReader.read(node, constants)));
      }
    }
    if (!refused.isEmpty()) {
      throw new IllegalArgumentException(
          "expected only what a graph can express, found " + refusedInShort());
    }
    return nodes;
  }

  /** The first of them: a file may hold a million. */
  private String refusedInShort() {
    String first = refused.stream().limit(NAMED_NODES).collect(Collectors.joining(", "));
    int more = refused.size() - NAMED_NODES;
    return more > 0 ? first + " and " + more + " more" : first;
  }

  private static boolean isConstant(NodeProto node) {
    return node.getOpType().equals("Constant") && OnnxNodeReader.isStandard(node.getDomain());
  }

  private void orRefuse(NodeProto node, Runnable reading) {
    try {
      reading.run();
    } catch (IllegalArgumentException e) {
      refused.add(title(node) + " (" + e.getMessage() + ")");
    }
  }

  private static String title(NodeProto node) {
    boolean named = !node.getName().isEmpty() || node.getOutputCount() == 0;
    return node.getOpType() + " '" + (named ? node.getName() : node.getOutput(0)) + "'";
  }

  private static List<Node> withBinary(Set<String> binary, List<Node> nodes) {
    Set<String> convolutions =
        nodes.stream()
            .filter(node -> node.operation() instanceof Operation.Conv2d)
            .map(Node::name)
            .collect(Collectors.toSet());
    for (String name : binary) {
      if (!convolutions.contains(name)) {
        throw new IllegalArgumentException(
            "metadata shallows.binary: expected convolutions, found '" + name + "'");
      }
    }
    return nodes.stream()
        .map(
            node ->
                binary.contains(node.name())
                    ? node.withOperation(
                        ((Operation.Conv2d) node.operation()).withPrecision(Precision.BINARY))
                    : node)
        .toList();
  }

  /** The input that is no initializer: old files list those as inputs too. */
  private Graph.Input input(GraphProto file) {
    ValueInfoProto input =
        only(
            "input",
            file.getInputList().stream().filter(v -> !constants.contains(v.getName())).toList());
    TypeProto.Tensor type = input.getType().getTensorType();
    List<Dimension> dimensions = type.getShape().getDimList();
    if (type.getElemType() != TensorProto.DataType.FLOAT_VALUE || dimensions.size() != 4) {
      throw new IllegalArgumentException(
          "expected input '"
              + input.getName()
              + "' of floats and shape (N, C, H, W), found element type "
              + type.getElemType()
              + " and "
              + dimensions.size()
              + " axes");
    }
    List<Integer> shape = new ArrayList<>();
    for (Dimension dimension : dimensions.subList(1, 4)) {
      long size = dimension.getDimValue();
      if (!dimension.hasDimValue() || size < 1 || size > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "expected fixed and positive C, H and W of input '"
                + input.getName()
                + "', found "
                + (dimension.hasDimValue() ? size : "'" + dimension.getDimParam() + "'"));
      }
      shape.add((int) size);
    }
    return new Graph.Input(input.getName(), new Shape(shape));
  }

  private static ValueInfoProto only(String what, List<ValueInfoProto> values) {
    if (values.size() != 1) {
      throw new IllegalArgumentException("expected one " + what + ", found " + values.size());
    }
    return values.get(0);
  }
}
