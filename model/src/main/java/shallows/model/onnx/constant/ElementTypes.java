package shallows.model.onnx.constant;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.Set;

/** Types that the elements of tensors have in ONNX files. */
public final class ElementTypes {
  private static final Set<DataType> SINGLE =
      Set.of(DataType.FLOAT, DataType.FLOAT16, DataType.BFLOAT16);

  private ElementTypes() {}

  /** Whether they are no integers and no truth values. */
  static boolean isFloating(DataType type) {
    return SINGLE.contains(type) || type == DataType.DOUBLE;
  }

  /**
   * Whether they are numbers of single or half precision.
   *
   * @param type its number in ONNX
   */
  public static boolean isSingle(int type) {
    DataType known = DataType.forNumber(type);
    return known != null && SINGLE.contains(known);
  }

  /**
   * The type in words, known or not.
   *
   * @param type its number in ONNX
   */
  public static String words(int type) {
    DataType known = DataType.forNumber(type);
    return known == null ? "type " + type : known.toString();
  }
}
