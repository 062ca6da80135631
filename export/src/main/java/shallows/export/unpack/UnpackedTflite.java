package shallows.export.unpack;

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
  // Fields of the tables of TFLite's schema, version 3.
  private static final int VERSION = 0;
  private static final int CODES = 1;
  private static final int SUBGRAPHS = 2;
  private static final int BUFFERS = 4;
  private static final int MODEL_FIELDS = 8;
  private static final int TENSORS = 0;
  private static final int OUTPUTS = 2;
  private static final int OPERATORS = 3;
  private static final int DEBUG_METADATA = 5;
  private static final int SUBGRAPH_FIELDS = 6;
  private static final int SHAPE = 0;
  private static final int TYPE = 1;
  private static final int BUFFER = 2;
  private static final int NAME = 3;
  private static final int QUANTIZATION = 4;
  private static final int TENSOR_FIELDS = 5;
  private static final int HAS_RANK = 8;
  private static final int DATA = 0;
  private static final int DATA_ELSEWHERE = 1;
  private static final int CODE = 0;
  private static final int OPERATOR_INPUTS = 1;
  private static final int OPERATOR_OUTPUTS = 2;
  private static final int OPTIONS = 4;
  private static final int OPTIONS_ELSEWHERE = 9;
  private static final int OLD_CODE = 0;
  private static final int NEW_CODE = 3;

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
    this.constants = new Constant[entries(graph, TENSORS)];
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
    for (int i = 0; i < entries(graph, OPERATORS); i++) {
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
    return written(computed);
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

  private byte[] written(Map<Integer, Constant> computed) {
    requireKnown();
    FrontTables front = new FrontTables(model.bytes().getInt(Integer.BYTES));
    int[] newModel = front.table(fields(model, MODEL_FIELDS));
    front.refer(0, newModel[MODEL_FIELDS]);
    copy(front, model, newModel, VERSION, SUBGRAPHS, BUFFERS);
    int subgraphs = front.vector(1);
    front.refer(newModel[SUBGRAPHS], subgraphs);
    int[] newGraph = front.table(fields(graph, SUBGRAPH_FIELDS));
    front.refer(subgraphs + Integer.BYTES, newGraph[SUBGRAPH_FIELDS]);
    copy(front, graph, newGraph, DEBUG_METADATA, TENSORS, OPERATORS);

    int operators = front.vector(kept.size());
    front.refer(newGraph[OPERATORS], operators);
    for (int i = 0; i < kept.size(); i++) {
      front.referBehind(entry(operators, i), graph.entry(OPERATORS, kept.get(i), "").at());
    }

    int tensors = front.vector(constants.length);
    int oldBuffers = model.count(BUFFERS);
    int buffers = front.vector(oldBuffers + computed.size());
    front.refer(newGraph[TENSORS], tensors);
    front.refer(newModel[BUFFERS], buffers);
    for (int i = 0; i < oldBuffers; i++) {
      front.referBehind(entry(buffers, i), model.entry(BUFFERS, i, "").at());
    }
    List<byte[]> filters = new ArrayList<>();
    for (int i = 0; i < constants.length; i++) {
      FlatTable tensor = graph.entry(TENSORS, i, "");
      if (computed.containsKey(i)) {
        int buffer = oldBuffers + filters.size();
        front.refer(entry(tensors, i), stored(front, tensor, buffer));
        int[] newBuffer = front.table(true);
        front.refer(entry(buffers, buffer), newBuffer[1]);
        front.referToData(newBuffer[DATA], filters.size());
        take(computed.get(i).size());
        filters.add(computed.get(i).content());
      } else {
        front.referBehind(entry(tensors, i), tensor.at());
      }
    }
    take(front.size(filters) + file.length);
    byte[] unpacked = front.before(file, filters);
    ArchiveBehind.shift(unpacked, unpacked.length - file.length);
    return unpacked;
  }

  /** A tensor that is the same but that its content is stored; returns where its table is. */
  private static int stored(FrontTables front, FlatTable tensor, int buffer) {
    boolean[] has = fields(tensor, TENSOR_FIELDS);
    has[BUFFER] = true;
    int[] cells = front.table(has);
    for (int field : new int[] {SHAPE, NAME, QUANTIZATION}) {
      if (has[field]) {
        front.referBehind(cells[field], tensor.target(field));
      }
    }
    if (has[TYPE]) {
      front.number(cells[TYPE], tensor.octet(TYPE, 0));
    }
    front.number(cells[BUFFER], buffer);
    return cells[TENSOR_FIELDS];
  }

  /** The number of a vector's entries of four bytes, for which the file has room. */
  private static int entries(FlatTable table, int field) {
    int count = table.count(field);
    if (count > table.bytes().limit() / Integer.BYTES) {
      throw new IndexOutOfBoundsException(count + " entries");
    }
    return count;
  }

  private static int entry(int vector, int index) {
    return vector + (1 + index) * Integer.BYTES;
  }

  private static boolean[] fields(FlatTable table, int known) {
    boolean[] has = new boolean[known];
    for (int field = 0; field < known; field++) {
      has[field] = table.has(field);
    }
    return has;
  }

  /** Lets fields lead where they led, but for one that is a number and two that are replaced. */
  private static void copy(
      FrontTables front, FlatTable table, int[] cells, int number, int first, int second) {
    for (int field = 0; field < cells.length - 1; field++) {
      if (field == number && table.has(field)) {
        front.number(cells[field], table.number(field, 0));
      } else if (field != first && field != second && table.has(field)) {
        front.referBehind(cells[field], table.target(field));
      }
    }
  }

  /** What is not known here could not be taken along; places are counted from the file's start. */
  private void requireKnown() {
    if (model.fields() > MODEL_FIELDS || graph.fields() > SUBGRAPH_FIELDS) {
      throw new IndexOutOfBoundsException("it is of a newer kind than is known here");
    }
    for (int i = 0; i < entries(model, BUFFERS); i++) {
      if (model.entry(BUFFERS, i, "buffer").has(DATA_ELSEWHERE)) {
        throw new IndexOutOfBoundsException("its constants lie behind the model");
      }
    }
    for (int i = 0; i < graph.count(OPERATORS); i++) {
      if (graph.entry(OPERATORS, i, "operator").has(OPTIONS_ELSEWHERE)) {
        throw new IndexOutOfBoundsException("its options lie behind the model");
      }
    }
  }

  private void take(long bytes) {
    left -= bytes;
    if (bytes < 0 || left < 0) {
      throw new IndexOutOfBoundsException("it needs more memory than it may have");
    }
  }
}
