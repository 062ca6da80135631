package shallows.model.onnx.read;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.PoolingRegions;
import shallows.model.graph.Shape;

/** A Gather of rows or columns that are no neighbours, and two in a row as one operation. */
final class OnnxPixels {
  private static final int ROWS = 1;

  /** Of rows or columns: more than any image has, so that a file cannot name one without end. */
  private static final int MOST = 1 << 16;

  private final OnnxCall call;

  OnnxPixels(OnnxCall call) {
    this.call = call;
  }

  /**
   * Whether that is what the node does; then it is read.
   *
   * @param axis of the file
   * @param indices along it, negative ones from the end
   */
  boolean select(OnnxFlow x, int axis, long[] indices) {
    Shape shape = call.shape(x);
    List<OnnxLayout.Part> parts = x.layout().all().get(axis);
    int dimension = parts.size() == 1 ? parts.get(0).dimension() : 0;
    if (shape.rank() != 3
        || dimension < ROWS
        || !x.layout().isWhole(axis, dimension, shape)
        || areNeighbours(indices)) {
      return false;
    }
    if (indices.length > MOST) {
      throw call.misfit("at most " + MOST + " rows or columns, not " + indices.length, x);
    }
    int extent = shape.dimension(dimension);
    List<Integer> chosen =
        Arrays.stream(indices).mapToObj(index -> OnnxAxes.axis(index, extent)).toList();
    Optional<Operation.SelectPixels> other = before(x, 3 - dimension);
    List<Integer> rest =
        other
            .map(before -> dimension == ROWS ? before.columns() : before.rows())
            .orElseGet(() -> every(shape.dimension(3 - dimension)));
    List<Integer> rows = dimension == ROWS ? chosen : rest;
    List<Integer> columns = dimension == ROWS ? rest : chosen;
    String source = x.value();
    if (other.isPresent()) {
      Node node = call.imported().node(x.value()).orElseThrow();
      call.imported().remove(node);
      source = node.inputs().get(0);
    }
    PoolingRegions regions = PoolingRegions.ofConstant(call.inputs().get(1));
    boolean drawn = PoolingRegions.areRegions(rows) && PoolingRegions.areRegions(columns);
    call.emit(
        new Operation.SelectPixels(rows, columns, drawn ? regions : PoolingRegions.FIXED),
        x.layout().with(axis, OnnxLayout.whole(dimension, chosen.size())),
        List.of(source));
    return true;
  }

  /** What chose along the other axis alone, right before and for nobody else. */
  private Optional<Operation.SelectPixels> before(OnnxFlow x, int dimension) {
    Optional<Node> node = call.imported().ownNode(call.inputs().get(0), x);
    if (node.isEmpty() || !(node.get().operation() instanceof Operation.SelectPixels select)) {
      return Optional.empty();
    }
    List<Integer> own = dimension == ROWS ? select.columns() : select.rows();
    return own.equals(every(own.size())) ? Optional.of(select) : Optional.empty();
  }

  private static List<Integer> every(int size) {
    return IntStream.range(0, size).boxed().toList();
  }

  private static boolean areNeighbours(long[] indices) {
    return IntStream.range(1, indices.length).allMatch(i -> indices[i] == indices[i - 1] + 1);
  }
}
