package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.constant.OnnxAttributes;

/** One node of a file, with what it reads and a place for what it computes. */
final class OnnxCall {
  private final NodeProto file;
  private final OnnxImport imported;
  private final OnnxAttributes attributes;

  /** Without the empty names at the end, which stand for optional inputs that are not there. */
  private final List<String> inputs;

  private final List<String> outputs;

  OnnxCall(NodeProto file, OnnxImport imported) {
    this.file = file;
    this.imported = imported;
    this.attributes = new OnnxAttributes(file);
    this.inputs = withoutEmptyEnd(file.getInputList());
    this.outputs = withoutEmptyEnd(file.getOutputList());
  }

  private static List<String> withoutEmptyEnd(List<String> names) {
    int end = names.size();
    while (end > 0 && names.get(end - 1).isEmpty()) {
      end--;
    }
    return names.subList(0, end);
  }

  String operator() {
    return file.getOpType();
  }

  OnnxAttributes attributes() {
    return attributes;
  }

  OnnxConstants constants() {
    return imported.constants();
  }

  OnnxImport imported() {
    return imported;
  }

  List<String> inputs(int least, int most) {
    if (inputs.size() < least || inputs.size() > most) {
      throw new IllegalArgumentException(
          "expected "
              + (least == most ? least : least + " to " + most)
              + " inputs, found "
              + inputs.size());
    }
    return inputs;
  }

  List<String> inputs() {
    return inputs;
  }

  boolean has(int index) {
    return index < inputs.size() && !inputs.get(index).isEmpty();
  }

  List<String> outputs() {
    return outputs;
  }

  /** The name of the only output. */
  String output() {
    if (outputs.size() != 1 || outputs.get(0).isEmpty()) {
      throw new IllegalArgumentException("expected one output, found " + outputs);
    }
    return outputs.get(0);
  }

  boolean isFlow(int index) {
    return imported.flow(inputs.get(index)).isPresent();
  }

  Optional<OnnxScores> scores(int index) {
    return imported.scores(inputs.get(index));
  }

  boolean readsScores() {
    return inputs.stream().anyMatch(name -> imported.scores(name).isPresent());
  }

  OnnxFlow flow(int index) {
    String name = inputs.get(index);
    return imported
        .flow(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "expected a computed value as input " + index + ", found '" + name + "'"));
  }

  /**
   * The value with the axes that the file has, as an operator on images takes them. A value of
   * three axes is an image of one row, as in one-dimensional convolutions.
   */
  OnnxFlow first(int index) {
    return first(flow(index));
  }

  /** As above. */
  OnnxFlow first(OnnxFlow given) {
    OnnxFlow x = given.layout().repeats() ? OnnxRepeats.copied(this, given) : given;
    List<List<OnnxLayout.Part>> axes = x.layout().axes();
    return switch (x.layout().rank()) {
      case 2, 4 -> arranged(x, axes);
      case 3 -> arranged(x, List.of(axes.get(0), List.of(), axes.get(1)));
      default -> throw misfit("an image (N, C, H, W)", x);
    };
  }

  /** As {@link #first}, of a file's own four axes. */
  OnnxFlow image(int index) {
    OnnxFlow x = flow(index);
    if (x.layout().rank() != 4) {
      throw misfit("an image (N, C, H, W)", x);
    }
    return first(x);
  }

  /** A value whose own axes are these. */
  OnnxFlow arranged(OnnxFlow x, List<List<OnnxLayout.Part>> axes) {
    if (x.layout().repeats()) {
      throw misfit("a value that is not repeated along its axes", x);
    }
    Shape result = new Shape(axes.stream().map(OnnxLayout::extent).toList());
    return OnnxArrangement.of(shape(x), axes.stream().map(OnnxLayout::merged).toList())
        .map(operation -> step(x, "arranged", operation))
        .orElse(x)
        .withLayout(OnnxLayout.first(result));
  }

  IllegalArgumentException misfit(String expected, OnnxFlow found) {
    return new IllegalArgumentException(
        "expected " + expected + ", found axes " + described(imported.extents(found)));
  }

  /** Extents, N the number of images. */
  static String described(long... extents) {
    return Arrays.stream(extents)
        .mapToObj(
            extent ->
                extent == 0 || extent % OnnxImport.BATCH != 0
                    ? Long.toString(extent)
                    : extent == OnnxImport.BATCH ? "N" : extent / OnnxImport.BATCH + "·N")
        .collect(Collectors.joining(", ", "(", ")"));
  }

  Shape shape(OnnxFlow flow) {
    return imported.shape(flow.value());
  }

  /** The name of a constant of floats. */
  String constant(int index) {
    String given = index < inputs.size() ? inputs.get(index) : "";
    String name = imported.ofEachImage(given).orElse(given);
    if (!constants().contains(name)) {
      throw new IllegalArgumentException(
          "expected a constant as input " + index + ", found '" + name + "'");
    }
    return name;
  }

  long[] integers(int index) {
    String name = inputs.get(index);
    if (!imported.hasIntegers(name)) {
      throw new IllegalArgumentException(
          "expected constant integers as input " + index + ", found '" + name + "'");
    }
    return imported.integers(name);
  }

  /** A node under the name of the output, in the layout of what it reads. */
  void emit(OnnxFlow flow, Operation operation, String... parameters) {
    List<String> all = new ArrayList<>(List.of(flow.value()));
    all.addAll(List.of(parameters));
    emit(operation, flow.layout(), all);
  }

  void emit(Operation operation, OnnxLayout layout, List<String> values) {
    String name = output();
    if (imported.flow(name).isPresent()) {
      throw new IllegalArgumentException(
          "expected a name of its own for each value, found '" + name + "' again");
    }
    imported.define(name, new OnnxFlow(imported.add(name, operation, values), layout));
  }

  /** A node before that, of the same layout. */
  OnnxFlow step(OnnxFlow flow, String suffix, Operation operation, String... parameters) {
    List<String> all = new ArrayList<>(List.of(flow.value()));
    all.addAll(List.of(parameters));
    String wish = outputs.get(0) + "/" + suffix;
    return new OnnxFlow(imported.add(wish, operation, all), flow.layout());
  }

  /** As {@link #emit(OnnxFlow, Operation, String...)}, of a value with other extents. */
  void emitFirst(OnnxFlow flow, Operation operation, String... parameters) {
    emit(flow, operation, parameters);
    OnnxFlow result = imported.flow(output()).orElseThrow();
    imported.redefine(output(), result.withLayout(OnnxLayout.first(shape(result))));
  }

  /** As {@link #step}, likewise. */
  OnnxFlow stepFirst(OnnxFlow flow, String suffix, Operation operation, String... parameters) {
    OnnxFlow result = step(flow, suffix, operation, parameters);
    return result.withLayout(OnnxLayout.first(shape(result)));
  }

  /** The node that was made last for this, under the name of the output. */
  void rename(OnnxFlow flow) {
    Node node = imported.node(flow.value()).orElseThrow();
    imported.remove(node);
    emit(node.operation(), flow.layout(), node.inputs());
  }

  /**
   * As {@link #alias}, of the input whose axes are those of the value again. ONNX has some norms
   * and attention over other axes only: their value is the one whose axes were put back.
   */
  void restored(OnnxFlow flow) {
    Optional<Node> turned =
        flow.layout().isFirst(shape(flow))
            ? imported.node(flow.value()).filter(node -> isTurned(node.operation()))
            : Optional.empty();
    if (turned.isPresent() && imported.turnedNode(flow).isPresent()) {
      imported.remove(turned.get());
      emit(turned.get().operation(), flow.layout(), turned.get().inputs());
    } else {
      alias(flow);
    }
  }

  private static boolean isTurned(Operation operation) {
    return operation instanceof Operation.ChannelNorm
        || operation instanceof Operation.GroupNorm
        || operation instanceof Operation.Attention;
  }

  /** Whether an input is a constant without axes. */
  boolean isScalar(int index) {
    String name = inputs.get(index);
    return constants().contains(name) && constants().dimensions(name).length == 0;
  }

  /** The output stands for a value that is there. */
  void alias(OnnxFlow flow) {
    imported.define(outputs.get(0), flow);
  }

  /** A constant that the file does not have, named after this node. */
  String derived(String suffix, Tensor value) {
    return constants().derived(output() + "/" + suffix, value);
  }
}
