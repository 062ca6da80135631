package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
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

  OnnxFlow flow(int index) {
    String name = inputs.get(index);
    return imported
        .flow(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "expected a computed value as input " + index + ", found '" + name + "'"));
  }

  /** A value that the operator takes in this layout only. */
  OnnxFlow flow(int index, OnnxLayout layout) {
    OnnxFlow flow = flow(index);
    if (!flow.layout().equals(layout)) {
      throw misfit(axes(layout), flow);
    }
    return flow;
  }

  /** An image, channels first or last. */
  OnnxFlow image(int index) {
    OnnxFlow flow = flow(index);
    if (!flow.layout().isImage()) {
      throw misfit("an image", flow);
    }
    return flow;
  }

  IllegalArgumentException misfit(String expected, OnnxFlow found) {
    long[] extents = imported.extents(found);
    return new IllegalArgumentException(
        "expected "
            + expected
            + ", found axes (N, "
            + Arrays.toString(Arrays.copyOfRange(extents, 1, extents.length)).substring(1)
            + (found.layout().equals(OnnxLayout.LAST) ? " with channels last" : ""));
  }

  private static String axes(OnnxLayout layout) {
    return switch (layout.order()) {
      case FIRST -> "an image (N, C, H, W)";
      case LAST -> "an image (N, H, W, C)";
      case VECTOR -> "a vector (N, F)";
      default -> "channels in groups";
    };
  }

  Shape shape(OnnxFlow flow) {
    return imported.shape(flow.value());
  }

  /** The name of a constant of floats. */
  String constant(int index) {
    String name = index < inputs.size() ? inputs.get(index) : "";
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

  /** The output stands for a value that is there. */
  void alias(OnnxFlow flow) {
    imported.define(outputs.get(0), flow);
  }
}
