package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import java.util.List;
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

  /** Rows first, then columns, in the channels-last layout, so that what comes out lies so too. */
  static NDArray selected(NDArray x, Operation.SelectPixels select) {
    ai.djl.ndarray.types.Shape shape = x.getShape();
    long images = shape.get(0);
    long channels = shape.get(1);
    long rows = select.rows().size();
    long columns = select.columns().size();
    try (NDArray left = array(x, choice(select.rows(), (int) shape.get(2)));
        NDArray right = array(x, choice(select.columns(), (int) shape.get(3)));
        NDArray last = x.transpose(0, 2, 3, 1);
        NDArray lines = last.reshape(images, shape.get(2), -1);
        NDArray chosen = left.matMul(lines);
        NDArray pixels = chosen.reshape(images * rows, shape.get(3), channels);
        NDArray both = right.matMul(pixels);
        NDArray image = both.reshape(images, rows, columns, channels)) {
      return image.transpose(0, 3, 1, 2);
    }
  }

  private static Tensor choice(List<Integer> chosen, int size) {
    float[] matrix = new float[chosen.size() * size];
    for (int i = 0; i < chosen.size(); i++) {
      matrix[i * size + chosen.get(i)] = 1;
    }
    return new Tensor(Shape.of(chosen.size(), size), matrix);
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
    return OwnedByTorch.of(
        matrix.values(),
        new ai.djl.ndarray.types.Shape(matrix.shape().dimension(0), matrix.shape().dimension(1)),
        like.getManager());
  }
}
