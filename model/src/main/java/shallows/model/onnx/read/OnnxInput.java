package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.onnx.constant.ElementTypes;

/**
 * The image that goes into a file.
 *
 * @param image channels first
 * @param layout of the file
 * @param batch how many images the file takes, 0 where that is open
 */
record OnnxInput(Graph.Input image, OnnxLayout layout, long batch) {
  /** Whether the file has the channels behind the columns. */
  boolean isChannelsLast() {
    return !layout.isFirst(image.shape());
  }

  /** What may stand between the input and the Transpose that shows where its channels are. */
  private static final Set<String> ELEMENTWISE =
      Set.of("Add", "Sub", "Mul", "Div", "Cast", "Identity", "Clip", "Pad");

  private static final Set<Integer> FLOATS =
      Set.of(DataType.FLOAT_VALUE, DataType.FLOAT16_VALUE, DataType.DOUBLE_VALUE);

  /** The input that is no initializer: old files list those as inputs too. */
  static OnnxInput of(GraphProto file, OnnxConstants constants, ReadOptions options) {
    List<ValueInfoProto> inputs =
        file.getInputList().stream().filter(v -> !constants.contains(v.getName())).toList();
    if (inputs.size() != 1) {
      throw new IllegalArgumentException(
          "expected one input, found "
              + inputs.size()
              + inputs.stream()
                  .map(each -> " '" + each.getName() + "'")
                  .reduce("", String::concat));
    }
    ValueInfoProto input = inputs.get(0);
    TypeProto.Tensor type = input.getType().getTensorType();
    List<Dimension> dimensions = type.getShape().getDimList();
    if (!FLOATS.contains(type.getElemType()) || dimensions.size() != 4) {
      throw new IllegalArgumentException(
          "expected input '"
              + input.getName()
              + "' of floats and shape (N, C, H, W), found elements of type "
              + ElementTypes.words(type.getElemType())
              + " and "
              + dimensions.size()
              + " axes");
    }
    boolean last = isTurned(file, input.getName());
    List<Integer> extents = extents(input.getName(), dimensions, last, options);
    Shape shape =
        last ? Shape.of(extents.get(2), extents.get(0), extents.get(1)) : new Shape(extents);
    return new OnnxInput(
        new Graph.Input(input.getName(), shape),
        last ? OnnxLayout.last(shape) : OnnxLayout.first(shape),
        Math.max(0, dimensions.get(0).getDimValue()));
  }

  /** Whether the file leaves open how large its images are. */
  static boolean isOfAnySize(GraphProto file) {
    Set<String> constants =
        file.getInitializerList().stream().map(TensorProto::getName).collect(Collectors.toSet());
    // Whether channels come first or last, the third axis is one of the image.
    return file.getInputList().stream()
        .filter(input -> !constants.contains(input.getName()))
        .map(input -> input.getType().getTensorType().getShape())
        .anyMatch(shape -> shape.getDimCount() == 4 && shape.getDim(2).getDimValue() < 1);
  }

  /** Of the axes behind the batch; what the file leaves open is asked for. */
  private static List<Integer> extents(
      String input, List<Dimension> dimensions, boolean last, ReadOptions options) {
    List<Integer> extents = new ArrayList<>();
    List<Setting> missing = new ArrayList<>();
    for (int axis = 1; axis < dimensions.size(); axis++) {
      Dimension dimension = dimensions.get(axis);
      boolean open = !dimension.hasDimValue() || dimension.getDimValue() == -1;
      boolean isChannels = axis == (last ? 3 : 1);
      boolean isHeight = axis == (last ? 1 : 2);
      long size = dimension.getDimValue();
      OptionalInt said =
          isChannels
              ? options.channels()
              : options
                  .size()
                  .map(extent -> OptionalInt.of(isHeight ? extent.height() : extent.width()))
                  .orElse(OptionalInt.empty());
      if (open && said.isEmpty()) {
        missing.add(isChannels ? Setting.CHANNELS : Setting.SIZE);
      } else if (!open && said.isPresent() && said.getAsInt() != size) {
        throw new RefusedFileException(
            "expected images as input '"
                + input
                + "' has them, found "
                + said.getAsInt()
                + " in the place of "
                + size,
            Phrase.of("leave %s out", isChannels ? Setting.CHANNELS : Setting.SIZE));
      } else {
        extents.add(open ? said.getAsInt() : (int) Math.min(size, Integer.MAX_VALUE));
      }
      if (!open && (size < 1 || size > Integer.MAX_VALUE)) {
        throw new IllegalArgumentException(
            "expected positive C, H and W of input '" + input + "', found " + size);
      }
    }
    if (!missing.isEmpty()) {
      throw new RefusedFileException(
          "expected fixed C, H and W of input '"
              + input
              + "', found "
              + dimensions.stream()
                  .skip(1)
                  .map(d -> d.hasDimValue() ? "" + d.getDimValue() : "'" + d.getDimParam() + "'")
                  .collect(Collectors.joining(", ", "(", ")")),
          missing.contains(Setting.CHANNELS)
              ? Phrase.of("say them, for example %s 3 %s 224", Setting.CHANNELS, Setting.SIZE)
              : Phrase.of("say the size of the images, for example %s 224", Setting.SIZE));
    }
    return extents;
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
