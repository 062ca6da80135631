package shallows.export.convert;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import shallows.data.PixelOrder;
import shallows.export.runtime.FileValues;
import shallows.export.runtime.OnnxFileRun;
import shallows.export.verify.FileInside;
import shallows.model.graph.Shape;
import shallows.model.onnx.read.ImportedNetwork;

/** The file that was read, in ONNX Runtime, as it is: with its own layout and precision. */
final class OriginalModel implements AutoCloseable {
  private final OnnxFileRun run;
  private final Shape image;
  private final boolean channelsLast;

  /**
   * @param values that are asked for
   * @param inFloats whether it computes in single precision what it computes in half
   */
  OriginalModel(
      Path file, ImportedNetwork network, List<String> values, boolean inFloats, int threads) {
    this.run = OnnxFileRun.open(file, values, inFloats, threads);
    this.image = network.graph().input().shape();
    this.channelsLast = network.channelsLast();
  }

  /**
   * All that it computes of one image.
   *
   * @param pixels {@code (H, W, C)}
   * @param inFloats as above
   */
  static FileInside inside(Path file, ImportedNetwork network, float[] pixels, boolean inFloats) {
    Map<String, String> operations = FileValues.operations(file);
    try (OriginalModel original =
        new OriginalModel(file, network, List.copyOf(operations.keySet()), inFloats, 1)) {
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
