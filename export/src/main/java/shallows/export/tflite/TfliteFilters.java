package shallows.export.tflite;

import java.nio.ByteBuffer;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.CastOptions;
import org.tensorflow.lite.schema.GatherOptions;
import org.tensorflow.lite.schema.MulOptions;
import org.tensorflow.lite.schema.ReshapeOptions;
import org.tensorflow.lite.schema.TensorType;
import shallows.export.binary.PackedBits;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * The filters of convolutions: constants of floats, or constants of bits with the operators that
 * unpack them at every run.
 *
 * <pre>  bits (n/8) → CAST → GATHER (n/8, 8) → RESHAPE (O, kH, kW, I) → MUL α (O, 1, 1, 1)</pre>
 */
final class TfliteFilters {
  private static final String PREFIX = "unpack/";

  private final TfliteFile file;
  private final boolean packed;
  private int table = -1;

  /**
   * @param packed whether binary filters are stored as bits
   */
  TfliteFilters(TfliteFile file, boolean packed) {
    this.file = file;
    this.packed = packed;
  }

  /** A constant of floats; returns its index. */
  int floats(String name, Tensor filter) {
    return file.constant(name, filter);
  }

  /**
   * A filter whose values are ±α for each output.
   *
   * @param filter {@code (O, kH, kW, I)}
   */
  int binary(String name, Tensor filter) {
    if (!packed || filter.size() % PackedBits.PER_BYTE != 0) {
      return floats(name, filter);
    }
    PackedBits bits = PackedBits.of(filter);
    int[] rows = {bits.bits().length};
    int stored =
        file.constant(name + "/bits", rows, TensorType.UINT8, ByteBuffer.wrap(bits.bits()));
    int indices = cast(stored, TensorType.UINT8, name + "/rows", rows, TensorType.INT32);
    int signs =
        file.fixedValue(
            name + "/signs", new int[] {rows[0], PackedBits.PER_BYTE}, TensorType.FLOAT32);
    file.operator(
        BuiltinOperator.GATHER,
        1,
        new int[] {table(), indices},
        signs,
        BuiltinOptions.GatherOptions,
        GatherOptions.createGatherOptions(file.builder(), 0, 0));
    return scaled(name, reshaped(name, signs, filter.shape()), filter.shape(), bits.scales());
  }

  private int reshaped(String name, int signs, Shape shape) {
    int[] extents = TfliteFile.extents(shape);
    int shaped = file.fixedValue(name + "/shaped", extents, TensorType.FLOAT32);
    int newShape = file.constant(name + "/shape", new int[] {extents.length}, extents);
    file.operator(
        BuiltinOperator.RESHAPE,
        1,
        new int[] {signs, newShape},
        shaped,
        BuiltinOptions.ReshapeOptions,
        ReshapeOptions.createReshapeOptions(
            file.builder(), ReshapeOptions.createNewShapeVector(file.builder(), extents)));
    return shaped;
  }

  private int scaled(String name, int shaped, Shape shape, float[] scales) {
    int factors =
        file.constant(name + "/scales", new Tensor(Shape.of(scales.length, 1, 1, 1), scales));
    int filter = file.fixedValue(name, TfliteFile.extents(shape), TensorType.FLOAT32);
    file.operator(
        BuiltinOperator.MUL,
        1,
        new int[] {shaped, factors},
        filter,
        BuiltinOptions.MulOptions,
        MulOptions.createMulOptions(file.builder(), (byte) 0));
    return filter;
  }

  /** The table of signs as floats, made of bytes once a run. */
  private int table() {
    if (table < 0) {
      int[] shape = {PackedBits.BYTE_VALUES, PackedBits.PER_BYTE};
      int bytes =
          file.constant(
              PREFIX + "table", shape, TensorType.INT8, ByteBuffer.wrap(PackedBits.table()));
      table = cast(bytes, TensorType.INT8, PREFIX + "signs", shape, TensorType.FLOAT32);
    }
    return table;
  }

  private int cast(int from, byte fromType, String name, int[] shape, byte toType) {
    int to = file.fixedValue(name, shape, toType);
    int options = CastOptions.createCastOptions(file.builder(), fromType, toType);
    file.operator(
        BuiltinOperator.CAST, 1, new int[] {from}, to, BuiltinOptions.CastOptions, options);
    return to;
  }
}
