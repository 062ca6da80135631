package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.ResidualBlocks;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Task;
import shallows.model.onnx.OnnxLabels;
import shallows.model.onnx.OnnxMetadata;
import shallows.model.onnx.constant.ExternalData;
import shallows.model.onnx.constant.OnnxTensorReader;

/** A whole ONNX model as a graph. Everything wrong with it is an IllegalArgumentException. */
final class OnnxGraphReader {
  /** Between these the operators that we read mean the same, apart from attributes we refuse. */
  private static final int OLDEST_OPSET = 7;

  private static final int NEWEST_OPSET = 25;

  /** A file that names no labels gets invented ones; more than this is no classifier. */
  private static final int MOST_CLASSES = 1_000_000;

  private final ReadOptions options;
  private final OnnxConstants constants;
  private final OnnxRefusals refusals = new OnnxRefusals();
  private final List<String> notes = new ArrayList<>();
  private ImportedNetwork.Ending ending = ImportedNetwork.Ending.LOGITS;

  private Optional<String> logits = Optional.empty();

  private OnnxGraphReader(ExternalData external, ReadOptions options) {
    this.options = options;
    this.constants = new OnnxConstants(new OnnxTensorReader(external));
  }

  static ImportedNetwork read(ModelProto model, ExternalData external, ReadOptions options) {
    return new OnnxGraphReader(external, options).network(model);
  }

  /**
   * What becomes of the nodes of a file, whether all of them are read or not.
   *
   * @throws IllegalArgumentException when it cannot be begun with, or all of it is read and yet is
   *     no network
   */
  static OnnxCoverage coverage(ModelProto model, ExternalData external, ReadOptions options) {
    OnnxGraphReader reader = new OnnxGraphReader(external, options);
    try {
      reader.network(model);
    } catch (IllegalArgumentException e) {
      if (reader.refusals.coverage().isWhole()) {
        throw e;
      }
    }
    return reader.refusals.coverage();
  }

  private ImportedNetwork network(ModelProto model) {
    if (!model.hasGraph() || model.getGraph().getNodeCount() == 0) {
      throw new IllegalArgumentException("expected an ONNX model, found no graph in it");
    }
    int opset = opset(model);
    GraphProto file = model.getGraph();
    OnnxLimits.requireNodes(file.getNodeCount());
    for (TensorProto tensor : file.getInitializerList()) {
      constants.add(tensor.getName(), tensor);
    }
    file.getSparseInitializerList().forEach(constants::add);
    OnnxMetadata metadata = OnnxMetadata.read(model);
    OnnxInput input = OnnxInput.of(file, constants, options);
    String result = OnnxOutput.name(file, options.output());
    if (file.getOutputCount() > 1) {
      notes.add("of " + file.getOutputCount() + " outputs, '" + result + "' is read");
    }
    OnnxFolding folding = new OnnxFolding(constants, opset);
    List<NodeProto> inlined = OnnxFunctions.inlined(model, opset);
    OnnxLimits.requireNodes(inlined.size());
    List<NodeProto> computing = computing(inlined, result, folding);
    OnnxImport imported =
        imported(computing, folding, opset, input, result, metadata.blocks().isPresent());
    refusals.throwIfAny();
    double roundoff = OnnxPrecision.roundoff(model);
    if (roundoff > OnnxPrecision.SINGLE) {
      notes.add("numbers of half precision are read as floats");
    }
    OnnxFlow output = OnnxOutput.logits(imported, result);
    List<Node> nodes = metadata.withBinary(imported.nodes());
    Optional<StoredIntegers> integers = imported.integers().stored(nodes);
    integers.ifPresent(
        stored ->
            notes.add(
                stored.values().size()
                    + " values and the weights of "
                    + stored.weights().size()
                    + " layers are integers in the file"));
    Set<String> used = new HashSet<>();
    nodes.forEach(node -> used.addAll(node.inputs()));
    Graph graph =
        new Graph(
            file.getName().isEmpty() ? "network" : file.getName(),
            input.image(),
            nodes,
            output.value(),
            constants.parameters(used),
            metadata.blocks().orElse(List.of()),
            metadata.task().orElse(Task.unnamed(1, input.image().shape().dimension(0))),
            metadata.others());
    OnnxLimits.requireValues(graph);
    metadata.requireFits(graph);
    Graph named = metadata.task().isPresent() ? graph : withUnnamedTask(graph);
    return new ImportedNetwork(
        metadata.blocks().isPresent()
            ? named
            : ResidualBlocks.found(Rewrites.withoutDeadNodes(named)),
        input.isChannelsLast(),
        ending,
        notes,
        new ImportedNetwork.Source(result, logits, roundoff),
        integers);
  }

  private static Graph withUnnamedTask(Graph graph) {
    if (graph.classes() > MOST_CLASSES) {
      throw new IllegalArgumentException(
          "expected a classifier of at most "
              + MOST_CLASSES
              + " classes, found an output of shape "
              + graph.shape(graph.output()));
    }
    Task unnamed = Task.unnamed(graph.classes(), graph.input().shape().dimension(0));
    return graph.withTask(
        OnnxLabels.of(graph.metadata(), graph.classes())
            .map(labels -> new Task(labels, unnamed.normalization()))
            .orElse(unnamed));
  }

  static int opset(ModelProto model) {
    for (OperatorSetIdProto opset : model.getOpsetImportList()) {
      if (OnnxNodeReader.isStandard(opset.getDomain())) {
        requireKnown(opset.getVersion());
        return (int) opset.getVersion();
      }
    }
    throw new IllegalArgumentException("expected an ONNX opset, found none named");
  }

  /** An opset of the standard's own operators. */
  static void requireKnown(long opset) {
    if (opset < OLDEST_OPSET || opset > NEWEST_OPSET) {
      throw new IllegalArgumentException(
          "expected opset " + OLDEST_OPSET + " to " + NEWEST_OPSET + ", found " + opset);
    }
  }

  /** The nodes that the result depends on and that depend on the image, in their order. */
  private List<NodeProto> computing(List<NodeProto> nodes, String result, OnnxFolding folding) {
    List<NodeProto> sorted = OnnxOrder.sorted(nodes);
    if (!sorted.equals(nodes)) {
      notes.add("the nodes of the file are not in order: they were sorted");
    }
    List<NodeProto> live = OnnxOrder.live(sorted, List.of(result));
    countUnused(sorted, live);
    // All constants first: the names that are made up for tensors must differ from theirs.
    for (NodeProto node : live) {
      if (isConstant(node)) {
        try {
          constants.addConstant(node);
        } catch (IllegalArgumentException e) {
          refusals.add(node, e.getMessage());
        }
      }
    }
    List<NodeProto> computing = new ArrayList<>();
    Deque<NodeProto> open = new ArrayDeque<>(live);
    while (!open.isEmpty()) {
      NodeProto node = open.pop();
      if (isConstant(node)) {
        continue;
      }
      if (OnnxBranches.isDecided(node, constants)) {
        refusals.folding(node, () -> putInFront(OnnxBranches.taken(node, constants), open));
      } else if (folding.applies(node)) {
        refusals.folding(node, () -> folding.fold(node));
      } else {
        computing.add(node);
      }
    }
    return OnnxOrder.live(computing, List.of(result));
  }

  private void countUnused(List<NodeProto> all, List<NodeProto> live) {
    Set<String> used = new HashSet<>();
    live.forEach(node -> used.addAll(node.getOutputList()));
    all.stream()
        .filter(node -> node.getOutputList().stream().noneMatch(used::contains))
        .forEach(refusals::unused);
  }

  private static boolean isConstant(NodeProto node) {
    return node.getOpType().equals("Constant") && OnnxNodeReader.isStandard(node.getDomain());
  }

  private void putInFront(List<NodeProto> branch, Deque<NodeProto> open) {
    for (int i = branch.size() - 1; i >= 0; i--) {
      if (isConstant(branch.get(i))) {
        constants.addConstant(branch.get(i));
      } else {
        open.push(branch.get(i));
      }
    }
  }

  private OnnxImport imported(
      List<NodeProto> computing,
      OnnxFolding folding,
      int opset,
      OnnxInput input,
      String result,
      boolean own) {
    Map<String, Integer> readers = new HashMap<>();
    for (NodeProto node : computing) {
      node.getInputList().forEach(name -> readers.merge(name, 1, Integer::sum));
    }
    readers.merge(result, 1, Integer::sum);
    OnnxImport imported =
        new OnnxImport(
            constants, folding, opset, readers, input.image(), input.layout(), input.batch(), own);
    Optional<NodeProto> last = OnnxOutput.ending(computing, result, readers, opset);
    Deque<NodeProto> open =
        new ArrayDeque<>(OnnxPatterns.replaced(computing, readers, this::scalar));
    while (!open.isEmpty()) {
      NodeProto node = open.pop();
      if (OnnxBranches.isDecided(node, constants)) {
        refusals.folding(node, () -> putInFront(OnnxBranches.taken(node, constants), open));
        continue;
      }
      boolean ends =
          last.isPresent()
              && last.get().getOutput(0).equals(node.getOutput(0))
              && OnnxOutput.isOfClasses(node, imported);
      if (ends) {
        ending = OnnxOutput.ENDINGS.get(node.getOpType());
        logits = Optional.of(node.getInput(0));
        imported.integers().end();
        notes.add(OnnxRefusals.title(node) + OnnxOutput.leftOut(ending));
        imported.flow(node.getInput(0)).ifPresent(x -> imported.define(node.getOutput(0), x));
        continue;
      }
      if (folding.applies(node) || OnnxNodeReader.isShape(node)) {
        refusals.folding(node, () -> OnnxNodeReader.read(node, imported));
      } else {
        refusals.reading(node, () -> OnnxNodeReader.read(node, imported));
      }
    }
    return imported;
  }

  /** The number of a small constant. */
  private Optional<Float> scalar(String name) {
    if (!constants.contains(name) || !constants.isSingle(name)) {
      return Optional.empty();
    }
    for (long extent : constants.dimensions(name)) {
      if (extent != 1) {
        return Optional.empty();
      }
    }
    try {
      return Optional.of(constants.scalar(name));
    } catch (IllegalArgumentException e) {
      // Who reads it will say what is wrong with it.
      return Optional.empty();
    }
  }
}
