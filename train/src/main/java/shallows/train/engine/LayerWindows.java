package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;

/** What a layer reads at each position that it is applied at, as rows of a matrix. */
final class LayerWindows {
  private LayerWindows() {}

  /** How many positions its kernel has; 1 of a fully connected layer. */
  static int positions(Node layer, Graph graph) {
    if (layer.operation() instanceof Operation.Linear) {
      return 1;
    }
    if (layer.operation() instanceof Operation.Conv2d conv && conv.groups() == 1) {
      shallows.model.graph.Shape weight = graph.parameter(layer.inputs().get(1)).shape();
      return weight.dimension(2) * weight.dimension(3);
    }
    throw new IllegalArgumentException("no layer of one group: " + layer);
  }

  /**
   * @param x what the layer reads, {@code (N, C, H, W)} or {@code (N, F)}
   * @param own gets what is made on the way
   * @return {@code (N · H' · W', positions · C)}, the position in the kernel outermost
   */
  static NDArray rows(Node layer, Graph graph, NDArray x, NDManager own) {
    if (!(layer.operation() instanceof Operation.Conv2d conv)) {
      return x;
    }
    shallows.model.graph.Shape weight = graph.parameter(layer.inputs().get(1)).shape();
    shallows.model.graph.Shape output = graph.shape(layer.name());
    NDArray last = x.transpose(0, 2, 3, 1);
    last.attach(own);
    if (!conv.padding().equals(Extent.ZERO)) {
      long high = conv.padding().height();
      long wide = conv.padding().width();
      last = last.pad(new Shape(0, 0, wide, wide, high, high), 0);
      last.attach(own);
    }
    NDList windows = new NDList();
    for (int i = 0; i < weight.dimension(2); i++) {
      for (int j = 0; j < weight.dimension(3); j++) {
        int top = i * conv.dilation().height();
        int left = j * conv.dilation().width();
        NDArray window =
            last.get(
                new NDIndex(
                    ":, {}:{}:{}, {}:{}:{}, :",
                    top,
                    top + (output.dimension(1) - 1) * conv.stride().height() + 1,
                    conv.stride().height(),
                    left,
                    left + (output.dimension(2) - 1) * conv.stride().width() + 1,
                    conv.stride().width()));
        window.attach(own);
        windows.add(window);
      }
    }
    NDArray joined = windows.size() == 1 ? windows.get(0) : NDArrays.concat(windows, 3);
    joined.attach(own);
    NDArray rows = joined.reshape(-1, joined.getShape().get(3));
    rows.attach(own);
    return rows;
  }

  /** The values of a layer's output, {@code (N, O, H', W')} or {@code (N, O)}, as rows likewise. */
  static NDArray flat(NDArray values) {
    if (values.getShape().dimension() == 2) {
      return values;
    }
    return values.transpose(0, 2, 3, 1).reshape(-1, values.getShape().get(1));
  }
}
