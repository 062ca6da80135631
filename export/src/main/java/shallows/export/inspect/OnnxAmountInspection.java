package shallows.export.inspect;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import shallows.model.BadInputException;
import shallows.model.onnx.constant.ExternalData;

/** What is asked of constants that say how large a value becomes, or where it is read. */
final class OnnxAmountInspection {
  /** Of the positions of an image, by scales: 64 along each of two axes. */
  private static final double MOST_GROWTH = 1 << 12;

  /** Operators that make a value as many times as large as a constant of floats says. */
  private static final Set<String> SCALING = Set.of("Resize", "Upsample");

  /** Operators that make a value as large as a constant of integers says. */
  private static final Set<String> GROWING =
      Set.of("Pad", "Expand", "Tile", "ConstantOfShape", "Resize", "Range", "OneHot", "EyeLike");

  /** Places of a grid: ±1 are the edges of an image. */
  private static final float FARTHEST_PLACE = 64;

  private final String where;
  private final ExternalData external;

  /**
   * @param external where constants may lie that are not in the file
   */
  OnnxAmountInspection(String where, ExternalData external) {
    this.where = where;
    this.external = external;
  }

  /**
   * @param constants of the graph, by name, which hold what their shapes say
   * @throws BadInputException naming the file and what is too large
   */
  void check(NodeProto node, Map<String, TensorProto> constants) {
    if (isReflecting(node) && constants.containsKey(node.getInput(1))) {
      checkPlaces(constants.get(node.getInput(1)));
    }
    if (GROWING.contains(node.getOpType()) || SCALING.contains(node.getOpType())) {
      node.getInputList().stream()
          .filter(constants::containsKey)
          .forEach(name -> checkAmounts(node, constants.get(name)));
      node.getAttributeList().stream()
          .filter(attribute -> attribute.getName().equals("scales"))
          .forEach(attribute -> checkScales(node, attribute.getFloatsList()));
    }
  }

  private void checkAmounts(NodeProto node, TensorProto tensor) {
    if (tensor.getDataType() == TensorProto.DataType.FLOAT_VALUE
        && tensor.getName().equals(scales(node))) {
      checkScales(node, floats(tensor));
    }
    if (tensor.getDataType() != TensorProto.DataType.INT64_VALUE) {
      return;
    }
    long product = 1;
    List<Long> amounts = longs(tensor);
    for (long amount : amounts) {
      if (amount < -OnnxInspection.LARGEST_AMOUNT || amount > OnnxInspection.LARGEST_AMOUNT) {
        throw refused(node.getOpType() + " by " + amount);
      }
      product *= Math.max(1, amount);
      if (product > OnnxInspection.MOST_ELEMENTS) {
        throw refused(node.getOpType() + " to " + amounts);
      }
    }
  }

  /**
   * The input with the scales: the second one, or behind the region in newer Resizes; else null.
   */
  private static String scales(NodeProto node) {
    int place = node.getOpType().equals("Resize") && node.getInputCount() > 2 ? 2 : 1;
    return SCALING.contains(node.getOpType()) && node.getInputCount() > place
        ? node.getInput(place)
        : null;
  }

  private void checkScales(NodeProto node, List<Float> scales) {
    double product = 1;
    for (float scale : scales) {
      product *= Math.max(1, scale);
    }
    // Turned round, so that a NaN is refused.
    if (!(product <= MOST_GROWTH)) {
      throw refused(node.getOpType() + " by " + scales.subList(0, Math.min(8, scales.size())));
    }
  }

  private static boolean isReflecting(NodeProto node) {
    return node.getOpType().equals("GridSample")
        && node.getInputCount() > 1
        && node.getAttributeList().stream()
            .anyMatch(
                attribute ->
                    attribute.getName().equals("padding_mode")
                        && attribute.getS().toStringUtf8().equals("reflection"));
  }

  /** The runtime reflects places in single precision, and reads where rounding puts far ones. */
  private void checkPlaces(TensorProto grid) {
    if (grid.getDataType() != TensorProto.DataType.FLOAT_VALUE) {
      return;
    }
    for (float place : floats(grid)) {
      // Turned round, so that a NaN is refused.
      if (!(Math.abs(place) <= FARTHEST_PLACE)) {
        throw refused("GridSample in the place " + place);
      }
    }
  }

  private List<Float> floats(TensorProto tensor) {
    if (!isOutside(tensor) && !tensor.hasRawData()) {
      return tensor.getFloatDataList();
    }
    FloatBuffer values = bytes(tensor).asFloatBuffer();
    return Stream.generate(values::get).limit(values.remaining()).toList();
  }

  private List<Long> longs(TensorProto tensor) {
    if (!isOutside(tensor) && !tensor.hasRawData()) {
      return tensor.getInt64DataList();
    }
    LongBuffer values = bytes(tensor).asLongBuffer();
    return Stream.generate(values::get).limit(values.remaining()).toList();
  }

  private static boolean isOutside(TensorProto tensor) {
    return tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL
        || tensor.getExternalDataCount() > 0;
  }

  private ByteBuffer bytes(TensorProto tensor) {
    if (!isOutside(tensor)) {
      return tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
    long size = tensor.getDataType() == TensorProto.DataType.FLOAT_VALUE ? 4 : 8;
    for (long dimension : tensor.getDimsList()) {
      size *= dimension;
    }
    try {
      return external.bytes(tensor, size).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IllegalArgumentException e) {
      throw refused("a constant outside of the file (" + e.getMessage() + ")");
    }
  }

  private BadInputException refused(String found) {
    return Refusal.of(where, "an ONNX model", found);
  }
}
