package shallows.export.unpack;

import static shallows.export.unpack.Schema.BUFFER;
import static shallows.export.unpack.Schema.BUFFERS;
import static shallows.export.unpack.Schema.CODE;
import static shallows.export.unpack.Schema.CODES;
import static shallows.export.unpack.Schema.DATA;
import static shallows.export.unpack.Schema.HAS_RANK;
import static shallows.export.unpack.Schema.NEW_CODE;
import static shallows.export.unpack.Schema.OLD_CODE;
import static shallows.export.unpack.Schema.OPERATORS;
import static shallows.export.unpack.Schema.OPERATOR_INPUTS;
import static shallows.export.unpack.Schema.OPERATOR_OUTPUTS;
import static shallows.export.unpack.Schema.OPTIONS;
import static shallows.export.unpack.Schema.OUTPUTS;
import static shallows.export.unpack.Schema.SHAPE;
import static shallows.export.unpack.Schema.SUBGRAPHS;
import static shallows.export.unpack.Schema.TENSORS;
import static shallows.export.unpack.Schema.TENSOR_FIELDS;
import static shallows.export.unpack.Schema.TYPE;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The same network with its filters as they are computed with. A {@code mixed} or {@code binary}
 * file has filters of one bit a weight, and stock operators that unpack them at every run; XNNPACK
 * does not take a convolution whose filter is computed. Here the operators of constants are
 * replaced by what they compute. Numbers, names, metadata and associated files stay; the file grows
 * by the filters and a few hundred bytes, as the bits stay where they lie.
 */
public final class UnpackedTflite {
  /** TFL3, little-endian. */
  private static final int IDENTIFIER = 0x334c4654;

  /** Of operators that unpack, and of what they read. */
  private static final int MOST_INPUTS = 2;

  private static final int MOST_AXES = 8;

  private final byte[] file;
  private final FlatTable model;
  private final FlatTable graph;
  private final Constant[] constants;
  private final List<Integer> kept = new ArrayList<>();
  private long left;

  private UnpackedTflite(byte[] file, long mostBytes) {
    this.file = file;
    this.left = mostBytes;
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.getInt(Integer.BYTES) != IDENTIFIER) {
      throw new IndexOutOfBoundsException("it begins otherwise");
    }
    this.model = FlatTable.root(bytes);
    if (model.count(SUBGRAPHS) != 1) {
      throw new IndexOutOfBoundsException(model.count(SUBGRAPHS) + " graphs");
    }
    this.graph = model.entry(SUBGRAPHS, 0, "graph");
    this.constants = new Constant[graph.entries(TENSORS)];
  }

  /**
   * A file that gives the outputs of this one, bit for bit in TFLite's own kernels. XNNPACK, which
   * takes the whole of it, rounds integers its own way, as it does with {@code int8}.
   *
   * @param file a TFLite file
   * @param mostBytes that may be allocated for the new file and what is computed for it; beside
   *     them there are some dozen bytes for each tensor, buffer and operator of the file
   * @return another array, or {@code file} itself where nothing in it is packed
   * @throws IllegalArgumentException in one line, when the file is damaged, of a newer kind than is
   *     known here, or would need more bytes
   */
  public static byte[] of(byte[] file, long mostBytes) {
    try {
      return new UnpackedTflite(file, mostBytes).unpacked();
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      throw new IllegalArgumentException("no TFLite file to unpack: " + e.getMessage(), e);
    }
  }

  private byte[] unpacked() {
    Map<Integer, Constant> computed = new LinkedHashMap<>();
    for (int i = 0; i < graph.entries(OPERATORS); i++) {
      FlatTable operator = graph.entry(OPERATORS, i, "operator");
      ConstantOperator constant = constant(operator);
      if (constant == null) {
        kept.add(i);
      } else {
        take(constant.bytes());
        int output = operator.number(OPERATOR_OUTPUTS, 0, "output");
        constants[output] = constant.output();
        computed.put(output, constants[output]);
      }
    }
    if (computed.isEmpty()) {
      return file;
    }
    boolean[] read = read();
    computed.keySet().removeIf(tensor -> !read[tensor]);
    computed.values().forEach(filter -> take(filter.size()));
    StoredFilters stored = new StoredFilters(model, graph, kept, computed);
    take(stored.size() + file.length);
    byte[] unpacked = stored.before(file);
    ArchiveBehind.shift(unpacked, unpacked.length - file.length);
    return unpacked;
  }

  /** The operator if it computes a constant of other constants, in a way that is known; or null. */
  private ConstantOperator constant(FlatTable operator) {
    int inputs = operator.count(OPERATOR_INPUTS);
    if (inputs < 1 || inputs > MOST_INPUTS || operator.count(OPERATOR_OUTPUTS) != 1) {
      return null;
    }
    Constant[] of = new Constant[inputs];
    for (int i = 0; i < inputs; i++) {
      int input = operator.number(OPERATOR_INPUTS, i, "input");
      of[i] = input < 0 ? null : constant(input);
      if (of[i] == null) {
        return null;
      }
    }
    int output = operator.number(OPERATOR_OUTPUTS, 0, "output");
    FlatTable tensor = graph.entry(TENSORS, output, "tensor");
    if (!isPlain(tensor) || tensor.number(BUFFER, 0) > 0) {
      return null;
    }
    FlatTable options = operator.has(OPTIONS) ? operator.table(OPTIONS) : null;
    int type = tensor.octet(TYPE, 0);
    ConstantOperator known =
        new ConstantOperator(code(operator), of, options, type, tensor.numbers(SHAPE));
    return known.isKnown() ? known : null;
  }

  /** Whether all that is said of a tensor is what is taken along. */
  private static boolean isPlain(FlatTable tensor) {
    for (int field = TENSOR_FIELDS; field < tensor.fields(); field++) {
      if (field != HAS_RANK && tensor.has(field)) {
        return false;
      }
    }
    return tensor.count(SHAPE) <= MOST_AXES;
  }

  private int code(FlatTable operator) {
    FlatTable code = model.entry(CODES, operator.number(CODE, 0), "operator code");
    return Math.max(code.octet(OLD_CODE, 0), code.number(NEW_CODE, 0));
  }

  /** The content of a tensor, or null where it is not known before a run. */
  private Constant constant(int index) {
    FlatTable tensor = graph.entry(TENSORS, index, "tensor");
    if (constants[index] == null && tensor.number(BUFFER, 0) > 0) {
      FlatTable buffer = model.entry(BUFFERS, tensor.number(BUFFER, 0), "buffer");
      int type = tensor.octet(TYPE, 0);
      int bytes = Constant.elementBytes(type);
      if (bytes > 0 && buffer.count(DATA) > 0 && tensor.count(SHAPE) <= MOST_AXES) {
        int[] shape = tensor.numbers(SHAPE);
        if (Math.multiplyExact(Constant.elements(shape), (long) bytes) != buffer.count(DATA)
            || buffer.first(DATA) < 0
            || buffer.first(DATA) > file.length - buffer.count(DATA)) {
          throw new IndexOutOfBoundsException("tensor " + index + " and its buffer differ in size");
        }
        constants[index] = new Constant(type, shape, file, buffer.first(DATA));
      }
    }
    return constants[index];
  }

  /** Which tensors are read by what remains. */
  private boolean[] read() {
    boolean[] read = new boolean[constants.length];
    // A vector that many operators share could make this take hours.
    int most = file.length / Integer.BYTES;
    for (int i : kept) {
      FlatTable operator = graph.entry(OPERATORS, i, "operator");
      int inputs = operator.count(OPERATOR_INPUTS);
      most -= inputs;
      if (most < 0) {
        throw new IndexOutOfBoundsException("more inputs than it has room for");
      }
      for (int k = 0; k < inputs; k++) {
        int input = operator.number(OPERATOR_INPUTS, k, "input");
        if (input >= 0) {
          read[input] = true;
        }
      }
    }
    for (int output : graph.numbers(OUTPUTS)) {
      read[output] = true;
    }
    return read;
  }

  private void take(long bytes) {
    left -= bytes;
    if (bytes < 0 || left < 0) {
      throw new IndexOutOfBoundsException("it needs more memory than it may have");
    }
  }
}
