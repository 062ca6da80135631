package shallows.export.runtime;

import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteTensorByteSize;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteTensorData;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteTensorDim;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteTensorNumDims;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteTensorType;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.kTfLiteFloat32;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.kTfLiteInt8;

import java.util.function.Supplier;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorflowlite.TfLiteQuantizationParams;
import org.bytedeco.tensorflowlite.TfLiteTensor;

/**
 * The input or output of a TFLite interpreter, as floats: where it holds 8-bit integers q, x =
 * scale·(q − zero point). The memory is the interpreter's. The Android app has a copy of this
 * source too.
 */
public final class TfliteEdge {
  private final Supplier<TfLiteTensor> source;
  private final int[] shape;
  private final int size;
  private final float scale;
  private final int zeroPoint;

  /**
   * @param source asked each time, since the runtime moves its tensors when an operator that
   *     computes a filter asks for more of them
   */
  public TfliteEdge(Supplier<TfLiteTensor> source) {
    this.source = source;
    TfLiteTensor tensor = source.get();
    this.shape = new int[TfLiteTensorNumDims(tensor)];
    long product = 1;
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = TfLiteTensorDim(tensor, axis);
      product = Math.multiplyExact(product, (long) shape[axis]);
    }
    this.size = Math.toIntExact(product);
    TfLiteQuantizationParams quantization = tensor.params();
    this.scale = quantization.scale();
    this.zeroPoint = quantization.zero_point();
  }

  public int[] shape() {
    return shape;
  }

  /** The number of elements. */
  public int size() {
    return size;
  }

  /** Whether there is memory for floats, or for integers whose scale is known. */
  public boolean holdsNumbers() {
    TfLiteTensor tensor = source.get();
    boolean integers =
        TfLiteTensorType(tensor) == kTfLiteInt8 && scale > 0 && Float.isFinite(scale);
    boolean known = isFloat(tensor) || integers;
    long bytes = (long) size * (isFloat(tensor) ? Float.BYTES : Byte.BYTES);
    return known
        && size > 0
        && TfLiteTensorByteSize(tensor) == bytes
        && TfLiteTensorData(tensor) != null;
  }

  private static boolean isFloat(TfLiteTensor tensor) {
    return TfLiteTensorType(tensor) == kTfLiteFloat32;
  }

  /** Writes the whole tensor. */
  public void put(float[] values, int from, int count) {
    TfLiteTensor tensor = source.get();
    Pointer data = TfLiteTensorData(tensor);
    if (isFloat(tensor)) {
      new FloatPointer(data).put(values, from, count);
      return;
    }
    byte[] integers = new byte[count];
    for (int i = 0; i < count; i++) {
      // Halves go to the even neighbour, as the QUANTIZE operator has it in XNNPACK.
      double integer = Math.rint(values[from + i] / (double) scale) + zeroPoint;
      integers[i] = (byte) Math.max(Byte.MIN_VALUE, Math.min(Byte.MAX_VALUE, integer));
    }
    new BytePointer(data).put(integers, 0, count);
  }

  /** Reads the whole tensor. */
  public void get(float[] values) {
    TfLiteTensor tensor = source.get();
    Pointer data = TfLiteTensorData(tensor);
    if (isFloat(tensor)) {
      new FloatPointer(data).get(values);
      return;
    }
    byte[] integers = new byte[values.length];
    new BytePointer(data).get(integers);
    for (int i = 0; i < values.length; i++) {
      values[i] = scale * (integers[i] - zeroPoint);
    }
  }
}
