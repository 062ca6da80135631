package shallows.export.convert;

import java.nio.file.Path;
import shallows.data.PixelOrder;
import shallows.export.runtime.OnnxFileRun;
import shallows.model.graph.Shape;
import shallows.model.onnx.read.ImportedNetwork;

/** The file that was read, in ONNX Runtime, as it is: with its layout and what it ends in. */
final class OriginalModel implements AutoCloseable {
  private final OnnxFileRun run;
  private final Shape image;
  private final boolean channelsLast;

  OriginalModel(Path file, ImportedNetwork network, int threads) {
    this.run = OnnxFileRun.open(file, threads);
    this.image = network.graph().input().shape();
    this.channelsLast = network.channelsLast();
  }

  /**
   * @param pixels of one image {@code (H, W, C)}
   */
  float[] output(float[] pixels) {
    int channels = image.dimension(0);
    int height = image.dimension(1);
    int width = image.dimension(2);
    return channelsLast
        ? run.output(pixels, height, width, channels)
        : run.output(PixelOrder.channelsFirst(pixels, 1, channels), channels, height, width);
  }

  @Override
  public void close() {
    run.close();
  }
}
