package shallows.export.inspect;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import shallows.model.BadInputException;
import shallows.model.onnx.constant.ExternalData;

/** What is asked of the constants of an ONNX file: that they hold what their shapes say. */
final class OnnxConstantInspection {
  private final String where;
  private final ExternalData external;
  private boolean needsOthers;

  /**
   * @param external where constants may lie that are not in the file
   */
  OnnxConstantInspection(String where, ExternalData external) {
    this.where = where;
    this.external = external;
  }

  /** Whether one of those that were looked at lies outside of the file. */
  boolean needsOthers() {
    return needsOthers;
  }

  /**
   * @throws BadInputException naming the file and what does not fit
   */
  void check(TensorProto tensor) {
    long size = 1;
    for (long dimension : tensor.getDimsList()) {
      if (dimension < 0 || dimension > OnnxInspection.MOST_ELEMENTS) {
        throw refused("a constant of shape " + tensor.getDimsList());
      }
      size *= dimension;
      if (size > OnnxInspection.MOST_ELEMENTS) {
        throw refused("a constant of shape " + tensor.getDimsList());
      }
    }
    long bytes = (size * elementBits(tensor.getDataType()) + 7) / 8;
    if (tensor.getDataLocation() == DataLocation.EXTERNAL || tensor.getExternalDataCount() > 0) {
      checkExternal(tensor, bytes);
      return;
    }
    if (tensor.hasRawData() && bytes > 0 && tensor.getRawData().size() != bytes) {
      throw refused(
          "a constant of " + bytes + " bytes with " + tensor.getRawData().size() + " in the file");
    }
    if (!tensor.hasRawData() && stored(tensor) > size) {
      throw refused("a constant of " + size + " values with " + stored(tensor) + " in the file");
    }
  }

  private void checkExternal(TensorProto tensor, long bytes) {
    try {
      if (elementBits(tensor.getDataType()) == 0) {
        throw new IllegalArgumentException("elements of type " + tensor.getDataType());
      }
      external.check(tensor, bytes);
      needsOthers = true;
    } catch (IllegalArgumentException e) {
      throw refused("a constant outside of the file (" + e.getMessage() + ")");
    }
  }

  /** Typed values; halves and bytes stand in those of 32 bits. */
  private static long stored(TensorProto tensor) {
    return (long) tensor.getFloatDataCount()
        + tensor.getInt32DataCount()
        + tensor.getInt64DataCount()
        + tensor.getDoubleDataCount()
        + tensor.getUint64DataCount();
  }

  /** Of a number; of anything else 0. */
  private static int elementBits(int type) {
    TensorProto.DataType known = TensorProto.DataType.forNumber(type);
    if (known == null) {
      return 0;
    }
    return switch (known) {
      case FLOAT, INT32, UINT32 -> 32;
      case FLOAT16, BFLOAT16, INT16, UINT16 -> 16;
      case INT8, UINT8, BOOL, FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ -> 8;
      case INT64, UINT64, DOUBLE -> 64;
      case INT4, UINT4 -> 4;
      default -> 0;
    };
  }

  private BadInputException refused(String found) {
    return Refusal.of(where, "an ONNX model", found);
  }
}
