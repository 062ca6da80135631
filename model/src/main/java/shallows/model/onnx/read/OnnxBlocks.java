package shallows.model.onnx.read;

import java.util.List;
import shallows.model.graph.Extent;
import shallows.model.graph.Shape;

/** Pixels of blocks as channels of one pixel, and back. */
final class OnnxBlocks {
  private final OnnxCall call;

  OnnxBlocks(OnnxCall call) {
    this.call = call;
  }

  /** Pixels of blocks side by side as channels. */
  void spaceToDepth() {
    call.inputs(1, 1);
    int block = block();
    OnnxFlow x = call.image(0);
    Shape shape = call.shape(x);
    if (shape.dimension(1) % block != 0 || shape.dimension(2) % block != 0) {
      throw call.misfit("whole blocks of " + block, x);
    }
    int channels = shape.dimension(0);
    int rows = shape.dimension(1) / block;
    int columns = shape.dimension(2) / block;
    OnnxLayout split =
        x.layout().reshaped(List.of(channels, rows, block, columns, block)).orElseThrow();
    named(
        x,
        rearranged(
            x,
            split.transposed(List.of(0, 3, 5, 1, 2, 4)),
            List.of(block * block * channels, rows, columns)));
  }

  /** The reverse; the channels that come side by side are neighbours in the form CRD. */
  void depthToSpace() {
    call.inputs(1, 1);
    int block = block();
    boolean neighbours = call.attributes().text("mode", "DCR").equals("CRD");
    OnnxFlow x = call.image(0);
    Shape shape = call.shape(x);
    if (shape.dimension(0) % (block * block) != 0) {
      throw call.misfit("channels for blocks of " + block, x);
    }
    named(x, asPixels(x, Extent.square(block), neighbours));
  }

  /**
   * Channels as pixels of blocks.
   *
   * @param neighbours whether the channels of a block come side by side
   */
  OnnxFlow asPixels(OnnxFlow x, Extent block, boolean neighbours) {
    Shape shape = call.shape(x);
    int height = block.height();
    int width = block.width();
    int channels = shape.dimension(0) / (height * width);
    int rows = shape.dimension(1);
    int columns = shape.dimension(2);
    List<Integer> split =
        neighbours
            ? List.of(channels, height, width, rows, columns)
            : List.of(height, width, channels, rows, columns);
    List<Integer> order = neighbours ? List.of(0, 1, 4, 2, 5, 3) : List.of(0, 3, 4, 1, 5, 2);
    return rearranged(
        x,
        x.layout().reshaped(split).orElseThrow().transposed(order),
        List.of(channels, rows * height, columns * width));
  }

  private int block() {
    int block = call.attributes().integer("blocksize", 0);
    if (block < 1) {
      throw new IllegalArgumentException("expected a blocksize, found " + block);
    }
    return block;
  }

  private OnnxFlow rearranged(OnnxFlow x, OnnxLayout layout, List<Integer> result) {
    return call.first(x.withLayout(layout.reshaped(result).orElseThrow()));
  }

  private void named(OnnxFlow x, OnnxFlow turned) {
    if (turned.value().equals(x.value())) {
      call.alias(turned);
    } else {
      call.rename(turned);
    }
  }
}
