package shallows.export.unpack;

import static shallows.export.unpack.Schema.BUFFER;
import static shallows.export.unpack.Schema.BUFFERS;
import static shallows.export.unpack.Schema.DATA;
import static shallows.export.unpack.Schema.DATA_ELSEWHERE;
import static shallows.export.unpack.Schema.DEBUG_METADATA;
import static shallows.export.unpack.Schema.MODEL_FIELDS;
import static shallows.export.unpack.Schema.NAME;
import static shallows.export.unpack.Schema.OPERATORS;
import static shallows.export.unpack.Schema.OPTIONS_ELSEWHERE;
import static shallows.export.unpack.Schema.QUANTIZATION;
import static shallows.export.unpack.Schema.SHAPE;
import static shallows.export.unpack.Schema.SUBGRAPHS;
import static shallows.export.unpack.Schema.SUBGRAPH_FIELDS;
import static shallows.export.unpack.Schema.TENSORS;
import static shallows.export.unpack.Schema.TENSOR_FIELDS;
import static shallows.export.unpack.Schema.TYPE;
import static shallows.export.unpack.Schema.VERSION;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The tables of a TFLite model in which filters are stored that operators computed: model, graph
 * and the vectors of tensors, operators and buffers are new, what they list is that of the file but
 * for those filters.
 */
final class StoredFilters {
  private final FlatTable model;
  private final FlatTable graph;
  private final FrontTables front;
  private final List<byte[]> filters = new ArrayList<>();

  /**
   * @param kept the operators that remain, by index
   * @param computed what is stored, by the index of the tensor
   * @throws IndexOutOfBoundsException where the model has what is not known here
   */
  StoredFilters(
      FlatTable model, FlatTable graph, List<Integer> kept, Map<Integer, Constant> computed) {
    this.model = model;
    this.graph = graph;
    requireKnown();
    this.front = new FrontTables(model.bytes().getInt(Integer.BYTES));
    int tensorCount = graph.entries(TENSORS);
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

    int tensors = front.vector(tensorCount);
    int oldBuffers = model.count(BUFFERS);
    int buffers = front.vector(oldBuffers + computed.size());
    front.refer(newGraph[TENSORS], tensors);
    front.refer(newModel[BUFFERS], buffers);
    for (int i = 0; i < oldBuffers; i++) {
      front.referBehind(entry(buffers, i), model.entry(BUFFERS, i, "").at());
    }
    for (int i = 0; i < tensorCount; i++) {
      FlatTable tensor = graph.entry(TENSORS, i, "");
      if (computed.containsKey(i)) {
        int buffer = oldBuffers + filters.size();
        front.refer(entry(tensors, i), stored(front, tensor, buffer));
        int[] newBuffer = front.table(true);
        front.refer(entry(buffers, buffer), newBuffer[1]);
        front.referToData(newBuffer[DATA], filters.size());
        filters.add(computed.get(i).content());
      } else {
        front.referBehind(entry(tensors, i), tensor.at());
      }
    }
  }

  /** How many bytes go before the file. */
  long size() {
    return front.size(filters);
  }

  /** The new tables and filters, and the file behind them. */
  byte[] before(byte[] file) {
    return front.before(file, filters);
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
    for (int i = 0; i < model.entries(BUFFERS); i++) {
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
}
