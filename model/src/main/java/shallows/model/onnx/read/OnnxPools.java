package shallows.model.onnx.read;

import java.util.Arrays;
import java.util.List;
import shallows.model.graph.Extent;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.OnnxPool;

/** Pools over windows of an image. */
final class OnnxPools {
  private final OnnxCall call;
  private final OnnxWindows windows;

  OnnxPools(OnnxCall call) {
    this.call = call;
    this.windows = new OnnxWindows(call);
  }

  void maxPool() {
    call.inputs(1, 1);
    // The order of the indices, an output that is refused.
    call.attributes().integer("storage_order", 0);
    Extent kernel = poolKernel();
    Extent stride = windows.extent("strides", 1).orElse(Extent.ONE);
    Extent dilation = windows.extent("dilations", 1).orElse(Extent.ONE);
    boolean ceil = call.attributes().integer("ceil_mode", 0) != 0;
    OnnxFlow x = call.first(0);
    int[] pads = windows.pads(x, kernel, stride, dilation);
    if (!dilation.equals(Extent.ONE)) {
      dilated(x, kernel, stride, dilation, pads, ceil);
      return;
    }
    boolean fits = OnnxWindows.symmetric(pads) || roundsUp(x, kernel, stride, pads, ceil);
    if (!fits || isWide(kernel, pads) && !ceil) {
      // What is at the edge already is no new maximum.
      OnnxFlow padded = windows.padded(x, pads, Operation.Border.EDGE);
      windows.emit(padded, new Operation.MaxPool(kernel, stride, Extent.ZERO, ceil));
      return;
    }
    Extent padding = new Extent(pads[0], pads[1]);
    windows.emit(
        x, new Operation.MaxPool(kernel, stride, padding, rounding(x, kernel, stride, pads, ceil)));
  }

  /**
   * Pixels that a dilated window sees are neighbours in an image of every so many rows and columns;
   * all such images are channels for the pool.
   */
  private void dilated(
      OnnxFlow x, Extent kernel, Extent stride, Extent dilation, int[] pads, boolean ceil) {
    Shape shape = call.shape(x);
    int down = dilation.height();
    int right = dilation.width();
    int lackingRows = (down - shape.dimension(1) % down) % down;
    int lackingColumns = (right - shape.dimension(2) % right) % right;
    if (ceil || lackingRows > 0 && pads[2] > 0 || lackingColumns > 0 && pads[3] > 0) {
      throw call.misfit("a padded image of whole dilations " + dilation, x);
    }
    // Without padding behind no window reaches what is added there.
    int[] added = {0, 0, lackingRows, lackingColumns};
    OnnxFlow all =
        lackingRows + lackingColumns > 0 ? windows.padded(x, added, Operation.Border.ZEROS) : x;
    int channels = shape.dimension(0);
    int rows = call.shape(all).dimension(1) / down;
    int columns = call.shape(all).dimension(2) / right;
    OnnxFlow phases =
        call.first(
            all.withLayout(
                all.layout()
                    .reshaped(List.of(channels, rows, down, columns, right))
                    .flatMap(
                        layout ->
                            layout
                                .transposed(List.of(0, 3, 5, 1, 2, 4))
                                .reshaped(List.of(down * right * channels, rows, columns)))
                    .orElseThrow()));
    // Whole dilations of padding; the positions that are too many are cut off again.
    Extent padding =
        new Extent(
            (Math.max(pads[0], pads[2]) + down - 1) / down,
            (Math.max(pads[1], pads[3]) + right - 1) / right);
    OnnxFlow pooled =
        call.stepFirst(phases, "pooled", new Operation.MaxPool(kernel, Extent.ONE, padding));
    int outRows = call.shape(pooled).dimension(1);
    int outColumns = call.shape(pooled).dimension(2);
    OnnxFlow whole =
        call.first(
            pooled.withLayout(
                pooled
                    .layout()
                    .reshaped(List.of(down, right, channels, outRows, outColumns))
                    .flatMap(
                        layout ->
                            layout
                                .transposed(List.of(0, 3, 4, 1, 5, 2))
                                .reshaped(List.of(channels, outRows * down, outColumns * right)))
                    .orElseThrow()));
    int top = padding.height() * down - pads[0];
    int left = padding.width() * right - pads[1];
    Extent size =
        new Extent(
            shape.dimension(1) + pads[0] + pads[2] - down * (kernel.height() - 1),
            shape.dimension(2) + pads[1] + pads[3] - right * (kernel.width() - 1));
    boolean isCut = !size.equals(new Extent(outRows * down, outColumns * right));
    OnnxFlow every =
        isCut ? call.stepFirst(whole, "cut", new Operation.CropImage(top, left, size)) : whole;
    if (!stride.equals(Extent.ONE)) {
      Operation some = new Operation.AveragePool(Extent.ONE, stride, Extent.ZERO);
      every = call.stepFirst(every, "every", some);
    }
    call.rename(every);
  }

  void averagePool() {
    call.inputs(1, 1);
    Extent kernel = poolKernel();
    Extent stride = windows.extent("strides", 1).orElse(Extent.ONE);
    Extent dilation = windows.extent("dilations", 1).orElse(Extent.ONE);
    if (!dilation.equals(Extent.ONE)) {
      throw new IllegalArgumentException("expected dilations 1x1, found " + dilation);
    }
    boolean ceil = call.attributes().integer("ceil_mode", 0) != 0;
    boolean counts = call.attributes().integer("count_include_pad", 0) != 0;
    OnnxFlow x = call.first(0);
    int[] pads = windows.pads(x, kernel, stride, Extent.ONE);
    boolean fits = OnnxWindows.symmetric(pads) || roundsUp(x, kernel, stride, pads, false);
    if (counts || ceil || fits && !isWide(kernel, pads)) {
      emit(averaged(x, kernel, stride, pads, ceil, counts));
    } else {
      overWhatCounts(x, kernel, stride, pads);
    }
  }

  /** Padding that does not count: the mean of a whole window, times all by those that count. */
  private void overWhatCounts(OnnxFlow x, Extent kernel, Extent stride, int[] pads) {
    Shape image = call.shape(x);
    int[] rows = counted(image.dimension(1), kernel.height(), stride.height(), pads[0], pads[2]);
    int[] columns = counted(image.dimension(2), kernel.width(), stride.width(), pads[1], pads[3]);
    float[] factors = new float[rows.length * columns.length];
    for (int i = 0; i < factors.length; i++) {
      int some = rows[i / columns.length] * columns[i % columns.length];
      factors[i] = (float) (kernel.height() * kernel.width()) / some;
    }
    OnnxFlow padded = windows.padded(x, pads, Operation.Border.ZEROS);
    OnnxFlow means =
        call.stepFirst(padded, "means", new Operation.AveragePool(kernel, stride, Extent.ZERO));
    Tensor factor = new Tensor(Shape.of(1, rows.length, columns.length), factors);
    windows.emit(
        means,
        new Operation.Binary(Operation.Function.MULTIPLY),
        call.constants().derived(call.output() + "/factor", factor));
  }

  /** How many rows, or columns, of each window are of the image. */
  private static int[] counted(int size, int kernel, int stride, int before, int behind) {
    int[] counted = new int[(size + before + behind - kernel) / stride + 1];
    for (int i = 0; i < counted.length; i++) {
      int first = i * stride - before;
      counted[i] = Math.min(size, first + kernel) - Math.max(0, first);
      if (counted[i] < 1) {
        throw new IllegalArgumentException(
            "expected windows that reach into the image, found pads " + before + ", " + behind);
      }
    }
    return counted;
  }

  /**
   * Whether there is more padding in front than runtimes' pools take. Behind there is as much, or
   * what a pool that rounds up reaches into.
   */
  private static boolean isWide(Extent kernel, int[] pads) {
    return pads[0] > kernel.height() / 2 || pads[1] > kernel.width() / 2;
  }

  /** A mean over windows, and what it is of. */
  private record Mean(OnnxFlow x, Operation pool) {}

  private Mean averaged(
      OnnxFlow x, Extent kernel, Extent stride, int[] pads, boolean ceil, boolean counts) {
    Extent padding = new Extent(pads[0], pads[1]);
    if (counts && (ceil || !OnnxWindows.symmetric(pads) || isWide(kernel, pads))) {
      OnnxFlow padded = windows.padded(x, pads, Operation.Border.ZEROS);
      return new Mean(padded, new Operation.AveragePool(kernel, stride, Extent.ZERO, ceil, false));
    }
    boolean up = !counts && rounding(x, kernel, stride, pads, ceil);
    return new Mean(x, new Operation.AveragePool(kernel, stride, padding, up, counts));
  }

  /** The square root of a sum of squares is n times their mean's. */
  void lpPool() {
    call.inputs(1, 1);
    int p = call.attributes().integer("p", 2);
    if (p != 2) {
      throw new IllegalArgumentException("expected p 2, found " + p);
    }
    Extent kernel = poolKernel();
    Extent stride = windows.extent("strides", 1).orElse(Extent.ONE);
    boolean ceil = call.attributes().integer("ceil_mode", 0) != 0;
    OnnxFlow x = call.first(0);
    int[] pads = windows.pads(x, kernel, stride, Extent.ONE);
    OnnxFlow squares = call.step(x, "squares", new Operation.Power(2));
    Mean mean = averaged(squares, kernel, stride, pads, ceil, true);
    OnnxFlow means = call.stepFirst(mean.x(), "means", mean.pool());
    int size = kernel.height() * kernel.width();
    call.emit(call.step(means, "sums", new Operation.Scale(size)), new Operation.Power(0.5f));
  }

  /** Whether the pool rounds up, said by {@code ceil_mode} or by more padding behind. */
  private boolean rounding(OnnxFlow x, Extent kernel, Extent stride, int[] pads, boolean ceil) {
    if (OnnxWindows.symmetric(pads)) {
      return ceil;
    }
    if (!roundsUp(x, kernel, stride, pads, ceil)) {
      throw new IllegalArgumentException(
          "expected the same pads on both sides, found " + Arrays.toString(pads));
    }
    return true;
  }

  private boolean roundsUp(OnnxFlow x, Extent kernel, Extent stride, int[] pads, boolean ceil) {
    OnnxPool pool = new OnnxPool(kernel, stride, new Extent(pads[0], pads[1]));
    long[] all = Arrays.stream(pads).asLongStream().toArray();
    return !ceil && pool.isRoundingUp(all, call.shape(x));
  }

  private Extent poolKernel() {
    return windows
        .extent("kernel_shape", 1)
        .orElseThrow(() -> new IllegalArgumentException("expected kernel_shape, found none"));
  }

  private void emit(Mean mean) {
    windows.emit(mean.x(), mean.pool());
  }
}
