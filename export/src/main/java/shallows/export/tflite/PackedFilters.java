package shallows.export.tflite;

import java.nio.ByteBuffer;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.CastOptions;
import org.tensorflow.lite.schema.GatherOptions;
import org.tensorflow.lite.schema.MulOptions;
import org.tensorflow.lite.schema.ReshapeOptions;
import org.tensorflow.lite.schema.TensorType;
import shallows.export.quantize.PackedBits;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * Binary filters as constants of bits, with the operators that unpack them at every run. Of bytes
 * the signs are the filter, with α as its scales; floats are multiplied by α.
 *
 * <pre>  bits (n/8) → CAST → GATHER (n/8, 8) → RESHAPE (O, kH, kW, I) [ → MUL α (O, 1, 1, 1) ]
 * </pre>
 */
public final class PackedFilters {
  private static final String PREFIX = "unpack/";
  private static final int[] TABLE = {PackedBits.BYTE_VALUES, PackedBits.PER_BYTE};

  private final TfliteFile file;
  private final boolean bits;
  private int bytes = -1;
  private int floats = -1;

  /**
   * @param bits whether binary filters are stored as bits; otherwise none is
   */
  PackedFilters(TfliteFile file, boolean bits) {
    this.file = file;
    this.bits = bits;
  }

  /**
   * Whether a file that packs filters has that of a node as bits.
   *
   * @param graph of convolutions
   */
  public static boolean holds(Graph graph, Node node) {
    return node.operation() instanceof Operation.Conv2d conv
        && conv.precision() == Precision.BINARY
        && !TfliteOperatorWriter.isDepthwise(conv, graph.shape(node.inputs().get(0)))
        && graph.parameter(node.inputs().get(1)).size() % PackedBits.PER_BYTE == 0;
  }

  /**
   * Whether a filter is to be stored as bits. The outputs of a depthwise filter stand last, where
   * bits would be unpacked with scales of another shape; nine weights a channel are not worth it.
   *
   * @param filter as it is laid out
   */
  boolean holds(TfliteTensors.Layer layer, Tensor filter) {
    return bits
        && layer.binary()
        && layer.form() == TfliteTensors.Form.CONVOLUTION
        && filter.size() % PackedBits.PER_BYTE == 0;
  }

  /**
   * A filter of ±1 in bytes; returns the index of what is computed.
   *
   * @param filter {@code (O, kH, kW, I)}
   * @param kind with the scales of the filter
   */
  int signs(String name, Tensor filter, TensorKind kind) {
    return unpacked(name, name, PackedBits.of(filter), table(), filter.shape(), kind);
  }

  /**
   * A filter of ±α in floats; returns the index of what is computed.
   *
   * @param filter {@code (O, kH, kW, I)}
   */
  int floats(String name, Tensor filter) {
    PackedBits packed = PackedBits.of(filter);
    int signs =
        unpacked(name, name + "/signs", packed, floatTable(), filter.shape(), TensorKind.FLOAT);
    Shape each = Shape.of(packed.scales().length, 1, 1, 1);
    int factors = file.constant(name + "/scales", new Tensor(each, packed.scales()));
    int scaled = file.fixedValue(name, TfliteFile.extents(filter.shape()), TensorKind.FLOAT);
    file.operator(
        BuiltinOperator.MUL,
        1,
        new int[] {signs, factors},
        scaled,
        BuiltinOptions.MulOptions,
        MulOptions.createMulOptions(file.builder(), (byte) 0));
    return scaled;
  }

  private int unpacked(
      String name, String target, PackedBits packed, int table, Shape shape, TensorKind kind) {
    int[] rows = {packed.bits().length};
    int stored =
        file.constant(name + "/bits", rows, TensorType.UINT8, ByteBuffer.wrap(packed.bits()));
    int indices =
        cast(stored, TensorType.UINT8, name + "/rows", rows, TensorKind.plain(TensorType.INT32));
    int looked =
        file.fixedValue(
            name + "/looked",
            new int[] {rows[0], PackedBits.PER_BYTE},
            TensorKind.plain(kind.type()));
    file.operator(
        BuiltinOperator.GATHER,
        1,
        new int[] {table, indices},
        looked,
        BuiltinOptions.GatherOptions,
        GatherOptions.createGatherOptions(file.builder(), 0, 0));
    int[] extents = TfliteFile.extents(shape);
    int filter = file.fixedValue(target, extents, kind);
    int newShape = file.constant(name + "/shape", new int[] {extents.length}, extents);
    file.operator(
        BuiltinOperator.RESHAPE,
        1,
        new int[] {looked, newShape},
        filter,
        BuiltinOptions.ReshapeOptions,
        ReshapeOptions.createReshapeOptions(
            file.builder(), ReshapeOptions.createNewShapeVector(file.builder(), extents)));
    return filter;
  }

  /** The table of signs. */
  private int table() {
    if (bytes < 0) {
      bytes =
          file.constant(
              PREFIX + "table", TABLE, TensorType.INT8, ByteBuffer.wrap(PackedBits.table()));
    }
    return bytes;
  }

  /** The table of signs as floats, made of bytes once a run. */
  private int floatTable() {
    if (floats < 0) {
      floats = cast(table(), TensorType.INT8, PREFIX + "signs", TABLE, TensorKind.FLOAT);
    }
    return floats;
  }

  private int cast(int from, byte fromType, String name, int[] shape, TensorKind kind) {
    int to = file.fixedValue(name, shape, kind);
    int options = CastOptions.createCastOptions(file.builder(), fromType, kind.type());
    file.operator(
        BuiltinOperator.CAST, 1, new int[] {from}, to, BuiltinOptions.CastOptions, options);
    return to;
  }
}
