package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * Images whose rows and columns are old ones or means of two of them: products with a matrix from
 * each side, one for the rows and one for the columns, which torch differentiates like any other.
 */
final class PixelChoice {
  private PixelChoice() {}

  static NDArray resized(NDArray x, Operation.Resize resize) {
    int height = (int) x.getShape().get(2);
    int width = (int) x.getShape().get(3);
    return product(
        x,
        resize.mode().matrix(height, resize.size().height()),
        resize.mode().matrix(width, resize.size().width()));
  }

  /** With a border that is no zeros. */
  static NDArray padded(NDArray x, Operation.PadImage pad) {
    int height = (int) x.getShape().get(2);
    int width = (int) x.getShape().get(3);
    return product(
        x,
        border(height, pad.top(), pad.bottom(), pad.border()),
        border(width, pad.left(), pad.right(), pad.border()));
  }

  private static Tensor border(int size, int before, int behind, Operation.Border border) {
    int all = before + size + behind;
    float[] matrix = new float[all * size];
    for (int i = 0; i < all; i++) {
      matrix[i * size + border.source(i - before, size)] = 1;
    }
    return new Tensor(Shape.of(all, size), matrix);
  }

  private static NDArray product(NDArray x, Tensor rows, Tensor columns) {
    try (NDArray left = array(x, rows);
        NDArray right = array(x, columns);
        NDArray turned = right.transpose();
        NDArray wide = x.matMul(turned)) {
      return left.matMul(wide);
    }
  }

  private static NDArray array(NDArray like, Tensor matrix) {
    return like.getManager()
        .create(
            matrix.values(),
            new ai.djl.ndarray.types.Shape(
                matrix.shape().dimension(0), matrix.shape().dimension(1)));
  }
}
