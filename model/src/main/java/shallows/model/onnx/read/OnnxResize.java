package shallows.model.onnx.read;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import shallows.model.graph.Extent;
import shallows.model.graph.Operation;
import shallows.model.graph.PoolingRegions;
import shallows.model.graph.Resampling;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.constant.ResizedAxis;
import shallows.model.onnx.constant.Resizing;

/**
 * Images of other sizes. A file may find the old pixels by one of many formulas:
 *
 * <ol>
 *   <li>One that finds the same ones as a formula that a graph knows is that.
 *   <li>One that takes each pixel as it is selects rows and columns.
 *   <li>Every other one is linear along each axis, so it is a product with a matrix for the rows,
 *       and one with a matrix for the columns: convolutions of 1x1 over these as channels.
 * </ol>
 */
final class OnnxResize {
  /** Of a pixel: formulas are evaluated in other orders. */
  private static final double TOLERANCE = 1e-4;

  private static final int ROWS = 2;
  private static final int COLUMNS = 3;

  private final OnnxCall call;

  OnnxResize(OnnxCall call) {
    this.call = call;
  }

  /** With sizes, or with factors, in the place that its opset has for them. */
  void resize() {
    call.inputs(1, 4);
    OnnxFlow x = call.image(0);
    String operator = call.operator();
    Resizing way = Resizing.of(call.attributes(), operator, call.imported().opset());
    ResizedAxis[] axes = axes(call.shape(x), way);
    ResizedAxis rows = axes[ROWS];
    ResizedAxis columns = axes[COLUMNS];
    if (!axes[0].isSame() || !axes[1].isSame()) {
      throw new IllegalArgumentException(
          "expected as many images and channels, found "
              + Arrays.stream(axes).map(axis -> axis.from() + " to " + axis.to()).toList());
    }
    if (rows.isSame() && columns.isSame()) {
      call.alias(x);
      return;
    }
    if (rows.to() < 1 || columns.to() < 1) {
      throw new IllegalArgumentException(
          "expected rows and columns, found " + rows.to() + " and " + columns.to());
    }
    Resizing.Window[] ofRows = way.windows(rows);
    Resizing.Window[] ofColumns = way.windows(columns);
    boolean leaves =
        Stream.concat(Arrays.stream(ofRows), Arrays.stream(ofColumns))
            .anyMatch(window -> window.weights().length == 0);
    if (leaves && way.outside() != 0) {
      throw new IllegalArgumentException(
          "expected zeros outside of the image, found extrapolation_value " + way.outside());
    }
    for (Resampling mode : Resampling.values()) {
      if (isSame(mode, rows, ofRows) && isSame(mode, columns, ofColumns)) {
        call.emitFirst(x, new Operation.Resize(new Extent(rows.to(), columns.to()), mode));
        return;
      }
    }
    if (selects(ofRows) && selects(ofColumns)) {
      call.emitFirst(
          x, new Operation.SelectPixels(chosen(ofRows), chosen(ofColumns), PoolingRegions.FIXED));
      return;
    }
    OnnxFlow tall = product(x, ROWS, rows, ofRows, "rows");
    call.rename(product(tall, COLUMNS, columns, ofColumns, "columns"));
  }

  /** Of the file: images, channels, rows and columns. */
  private ResizedAxis[] axes(Shape image, Resizing way) {
    boolean upsample = call.operator().equals("Upsample");
    int factors = upsample || call.imported().opset() < 11 ? 1 : 2;
    long[] sizes = factors == 2 && call.has(3) ? call.integers(3) : null;
    if (sizes != null && sizes.length == 4 && sizes[0] == call.imported().images()) {
      sizes = sizes.clone();
      sizes[0] = 1;
    }
    float[] scales =
        sizes != null
            ? null
            : call.has(factors)
                ? call.constants().floats(call.constant(factors)).values()
                : call.attributes().numbers("scales");
    float[] region =
        factors == 2 && way.crops() && call.has(1)
            ? call.constants().floats(call.constant(1)).values()
            : null;
    int[] extents = {1, image.dimension(0), image.dimension(1), image.dimension(2)};
    return ResizedAxis.of(call.attributes(), extents, region, scales, sizes);
  }

  private static boolean isSame(Resampling mode, ResizedAxis axis, Resizing.Window[] windows) {
    return IntStream.range(0, windows.length)
        .allMatch(
            i -> {
              Resampling.Source source = mode.source(i, axis.from(), axis.to());
              Resizing.Window window = windows[i];
              int first = window.first();
              return is(window.weight(source.first()), 1 - source.share())
                  && IntStream.range(first, first + window.weights().length)
                      .filter(j -> j != source.first())
                      .allMatch(
                          j -> is(window.weight(j), j == source.first() + 1 ? source.share() : 0));
            });
  }

  private static boolean is(double weight, double expected) {
    return Math.abs(weight - expected) < TOLERANCE;
  }

  private static boolean selects(Resizing.Window[] windows) {
    return Arrays.stream(windows)
        .allMatch(
            window ->
                window.weights().length > 0
                    && Arrays.stream(window.weights()).allMatch(w -> w == 0 || w == 1));
  }

  private static List<Integer> chosen(Resizing.Window[] windows) {
    return Arrays.stream(windows)
        .map(
            window ->
                window.first()
                    + (int)
                        Arrays.stream(window.weights()).takeWhile(weight -> weight == 0).count())
        .toList();
  }

  /** A product with the matrix of an axis, which lies where the old one did. */
  private OnnxFlow product(
      OnnxFlow x, int axis, ResizedAxis resized, Resizing.Window[] windows, String suffix) {
    if (resized.isSame()) {
      return x;
    }
    long size = (long) resized.to() * resized.from();
    if (size > OnnxLimits.MOST_ELEMENTS) {
      throw new IllegalArgumentException(
          "expected fewer pixels, found " + resized.from() + " to " + resized.to());
    }
    float[] matrix = new float[(int) size];
    for (int i = 0; i < windows.length; i++) {
      for (int j = 0; j < windows[i].weights().length; j++) {
        matrix[i * resized.from() + windows[i].first() + j] = (float) windows[i].weights()[j];
      }
    }
    Shape shape = Shape.of(resized.to(), resized.from(), 1, 1);
    String weight = call.derived(suffix, new Tensor(shape, matrix));
    OnnxFlow lines = OnnxTokens.withChannels(call, x, axis);
    OnnxFlow result = call.step(lines, suffix + "/product", Operation.Conv2d.of(1, 0), weight);
    return result.withLayout(lines.layout().with(axis, OnnxLayout.whole(0, resized.to())));
  }
}
