package shallows.model.onnx.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import shallows.model.graph.Extent;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.constant.Constant;

/**
 * Images that are looked at in the places of a grid, which is the same for each of them: what each
 * place gives is a sum of pixels with constant factors, so all of them are a matrix, which is a
 * convolution of 1x1 over the pixels as channels.
 */
final class OnnxGridSample {
  /** Of the matrix. */
  private static final long MOST_FACTORS = 1 << 22;

  /** Pixels from the image's corner; beyond that rounding moves places by whole pixels. */
  private static final float FARTHEST = 1 << 20;

  /** Of the cubic kernel (Keys 1981), as ONNX has it. */
  private static final float A = -0.75f;

  private final OnnxCall call;
  private boolean corners;
  private String padding = "";
  private int height;
  private int width;

  OnnxGridSample(OnnxCall call) {
    this.call = call;
  }

  void read() {
    call.inputs(2, 2);
    corners = call.attributes().integer("align_corners", 0) != 0;
    padding = call.attributes().text("padding_mode", "zeros");
    String mode = call.attributes().text("mode", "linear");
    if (!List.of("zeros", "border", "reflection").contains(padding)) {
      throw new IllegalArgumentException("expected a padding_mode of ONNX, found " + padding);
    }
    OnnxFlow x = call.image(0);
    Shape image = call.shape(x);
    height = image.dimension(1);
    width = image.dimension(2);
    Constant grid = call.constants().constant(call.constant(1));
    if (grid.rank() != 4 || grid.extent(0) != 1 || grid.extent(3) != 2 || grid.size() == 0) {
      throw call.misfit("a grid (1, H, W, 2) for all images of", x);
    }
    int rows = grid.extent(1);
    int columns = grid.extent(2);
    long factors = (long) rows * columns * height * width;
    if (factors > MOST_FACTORS) {
      throw call.misfit(
          String.format(
              Locale.ROOT,
              "at most %d places times pixels, not a grid of %d places for",
              MOST_FACTORS,
              rows * columns),
          x);
    }
    float[] matrix = matrix(grid.tensor().values(), mode);
    List<OnnxLayout.Part> pixels = new ArrayList<>(OnnxLayout.whole(1, height));
    pixels.addAll(OnnxLayout.whole(2, width));
    int channels = image.dimension(0);
    OnnxFlow rowed = call.arranged(x, List.of(pixels, List.of(), OnnxLayout.whole(0, channels)));
    String weight =
        call.derived("matrix", new Tensor(Shape.of(rows * columns, height * width, 1, 1), matrix));
    OnnxLayout places =
        OnnxLayout.behind(
            List.of(
                OnnxLayout.whole(2, channels),
                rows == 1 ? List.of() : List.of(new OnnxLayout.Part(0, columns, rows)),
                columns == 1 ? List.of() : List.of(new OnnxLayout.Part(0, 1, columns))));
    Operation product =
        new Operation.Conv2d(Extent.ONE, Extent.ZERO, Extent.ONE, 1, Precision.FLOAT);
    call.emit(product, places, List.of(rowed.value(), weight));
  }

  /** In single precision, as runtimes compute it, since rounding decides which pixel is nearest. */
  private float[] matrix(float[] grid, String mode) {
    float[] matrix = new float[grid.length / 2 * height * width];
    for (int place = 0; place < grid.length / 2; place++) {
      float x = position(grid[2 * place], width);
      float y = position(grid[2 * place + 1], height);
      // Turned round, so that a NaN is refused.
      if (!(Math.abs(x) < FARTHEST && Math.abs(y) < FARTHEST)) {
        throw new IllegalArgumentException(
            "expected places near the image, found one at (" + x + ", " + y + ")");
      }
      int row = place * height * width;
      switch (mode) {
        case "nearest" -> add(matrix, row, (int) Math.rint(y), (int) Math.rint(x), 1);
        case "bilinear", "linear" -> around(matrix, row, y, x, new int[] {0, 1}, false);
        case "bicubic", "cubic" -> around(matrix, row, y, x, new int[] {-1, 0, 1, 2}, true);
        default -> throw new IllegalArgumentException("expected a mode of ONNX, found " + mode);
      }
    }
    return matrix;
  }

  private float position(float normalized, int extent) {
    return corners ? (normalized + 1) / 2 * (extent - 1) : ((normalized + 1) * extent - 1) / 2;
  }

  private float reflected(int position, int extent) {
    float least = corners ? 0 : -0.5f;
    float most = corners ? extent - 1 : extent - 0.5f;
    float range = most - least;
    if (position >= least && position <= most || range == 0) {
      return Math.min(Math.max(position, least), most);
    }
    boolean below = position < least;
    float beyond = below ? least - position : position - most;
    int times = (int) (beyond / range);
    float rest = beyond - times * range;
    return times % 2 == 0 == below ? least + rest : most - rest;
  }

  private void around(float[] matrix, int row, float y, float x, int[] offsets, boolean cubic) {
    int top = (int) Math.floor(y);
    int left = (int) Math.floor(x);
    for (int down : offsets) {
      for (int right : offsets) {
        float factor = factor(y - top - down, cubic) * factor(x - left - right, cubic);
        add(matrix, row, top + down, left + right, factor);
      }
    }
  }

  /**
   * What a pixel counts for.
   *
   * @param distance from it
   */
  private static float factor(float distance, boolean cubic) {
    float d = Math.abs(distance);
    if (!cubic) {
      return 1 - d;
    }
    return d <= 1 ? ((A + 2) * d - (A + 3)) * d * d + 1 : ((A * d - 5 * A) * d + 8 * A) * d - 4 * A;
  }

  private void add(float[] matrix, int row, int y, int x, float factor) {
    int down = pixel(y, height);
    int right = pixel(x, width);
    if (down >= 0 && right >= 0) {
      matrix[row + down * width + right] += factor;
    }
  }

  /** The pixel in the place of one outside of the image; negative where there are zeros. */
  private int pixel(int index, int extent) {
    if (index >= 0 && index < extent) {
      return index;
    }
    return switch (padding) {
      case "border" -> Math.min(Math.max(index, 0), extent - 1);
      case "reflection" -> Math.min(Math.max((int) reflected(index, extent), 0), extent - 1);
      default -> -1;
    };
  }
}
