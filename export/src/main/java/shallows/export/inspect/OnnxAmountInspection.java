package shallows.export.inspect;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  /** Of a list of numbers, in a refusal. */
  private static final int SHOWN = 8;

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
          .forEach(attribute -> checkScales(node, buffer(attribute.getFloatsList())));
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
    LongBuffer amounts = longs(tensor);
    for (int i = 0; i < amounts.limit(); i++) {
      long amount = amounts.get(i);
      if (amount < -OnnxInspection.LARGEST_AMOUNT || amount > OnnxInspection.LARGEST_AMOUNT) {
        throw refused(node.getOpType() + " by " + amount);
      }
      product *= Math.max(1, amount);
      if (product > OnnxInspection.MOST_ELEMENTS) {
        long[] first = new long[Math.min(SHOWN, amounts.limit())];
        amounts.get(0, first);
        throw refused(node.getOpType() + " to " + Arrays.toString(first));
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

  private void checkScales(NodeProto node, FloatBuffer scales) {
    double product = 1;
    for (int i = 0; i < scales.limit(); i++) {
      product *= Math.max(1, scales.get(i));
    }
    // Turned round, so that a NaN is refused.
    if (!(product <= MOST_GROWTH)) {
      float[] first = new float[Math.min(SHOWN, scales.limit())];
      scales.get(0, first);
      throw refused(node.getOpType() + " by " + Arrays.toString(first));
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
    FloatBuffer places = floats(grid);
    while (places.hasRemaining()) {
      float place = places.get();
      // Turned round, so that a NaN is refused.
      if (!(Math.abs(place) <= FARTHEST_PLACE)) {
        throw refused("GridSample in the place " + place);
      }
    }
  }

  // Buffers, not lists: what is inspected may be as large as a file can be.

  private FloatBuffer floats(TensorProto tensor) {
    return isOutside(tensor) || tensor.hasRawData()
        ? bytes(tensor).asFloatBuffer()
        : buffer(tensor.getFloatDataList());
  }

  private static FloatBuffer buffer(List<Float> list) {
    FloatBuffer values = FloatBuffer.allocate(list.size());
    list.forEach(values::put);
    return values.flip();
  }

  private LongBuffer longs(TensorProto tensor) {
    return isOutside(tensor) || tensor.hasRawData()
        ? bytes(tensor).asLongBuffer()
        : LongBuffer.wrap(tensor.getInt64DataList().stream().mapToLong(i -> i).toArray());
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
