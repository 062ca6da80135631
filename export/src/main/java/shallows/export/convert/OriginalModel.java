package shallows.export.convert;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import shallows.data.PixelOrder;
import shallows.export.onnx.OnnxFloats;
import shallows.export.onnx.OnnxUnrounded;
import shallows.export.runtime.FileValues;
import shallows.export.runtime.OnnxFileRun;
import shallows.export.verify.FileInside;
import shallows.model.graph.Shape;
import shallows.model.onnx.constant.ExternalData;
import shallows.model.onnx.read.ImportedNetwork;

/** The file that was read, in ONNX Runtime, with its own layout. */
final class OriginalModel implements AutoCloseable {
  private final OnnxFileRun run;
  private final Shape image;
  private final boolean channelsLast;

  /** How its numbers are computed. */
  enum Precision {
    /** As the file says. */
    OF_FILE,
    /** The same without rounding values to integers, as the file was read. */
    UNROUNDED,
    /** And in single precision what it computes in half. */
    FLOATS
  }

  /**
   * @param values that are asked for
   */
  OriginalModel(
      Path file, ImportedNetwork network, List<String> values, Precision precision, int threads) {
    this.run = OnnxFileRun.open(file, values, change(file, network, precision), threads);
    this.image = network.graph().input().shape();
    this.channelsLast = network.channelsLast();
  }

  private static Optional<UnaryOperator<byte[]>> change(
      Path file, ImportedNetwork network, Precision precision) {
    String where = file.toString();
    UnaryOperator<byte[]> floats =
        precision == Precision.FLOATS
            ? model -> OnnxFloats.of(model, where, ExternalData.beside(file))
            : UnaryOperator.identity();
    if (precision == Precision.OF_FILE || network.integers().isEmpty()) {
      return Optional.of(floats).filter(change -> precision == Precision.FLOATS);
    }
    var activations = network.integers().get().activations();
    return Optional.of(model -> OnnxUnrounded.of(floats.apply(model), where, activations));
  }

  /**
   * All that it computes of one image.
   *
   * @param pixels {@code (H, W, C)}
   */
  static FileInside inside(
      Path file, ImportedNetwork network, float[] pixels, Precision precision) {
    Map<String, String> operations = FileValues.operations(file);
    try (OriginalModel original =
        new OriginalModel(file, network, List.copyOf(operations.keySet()), precision, 1)) {
      Map<String, float[]> values = original.values(pixels);
      // Of what is no floats.
      values.values().removeIf(numbers -> numbers.length == 0);
      return new FileInside(operations, FileValues.sources(file), values);
    }
  }

  /**
   * @param pixels of one image {@code (H, W, C)}
   */
  Map<String, float[]> values(float[] pixels) {
    int channels = image.dimension(0);
    int height = image.dimension(1);
    int width = image.dimension(2);
    return channelsLast
        ? run.values(pixels, height, width, channels)
        : run.values(PixelOrder.channelsFirst(pixels, 1, channels), channels, height, width);
  }

  @Override
  public void close() {
    run.close();
  }
}
