package shallows.export.tflite;

import java.nio.file.Path;
import shallows.model.file.AtomicFile;
import shallows.model.graph.Graph;

/**
 * Writes a graph as a TFLite file: 32-bit floats, channels last, stock operators only. The same
 * graph gives the same bytes.
 */
public final class TfliteWriter {
  private static final String DESCRIPTION = "shallows";

  /** Per tensor or operator, for names, shapes and tables. */
  private static final int OVERHEAD_BYTES = 512;

  private TfliteWriter() {}

  /** A file that takes one image {@code (1, H, W, C)} and returns {@code (1, classes)} logits. */
  public static byte[] bytes(Graph graph) {
    return bytes(graph, TfliteBatch.ONE);
  }

  public static byte[] bytes(Graph graph, TfliteBatch batch) {
    return bytes(graph, batch, false);
  }

  /**
   * A file that takes one image and holds one bit a weight where a convolution is binary. The
   * runtime unpacks them at every run, into as much memory as the floats would take, and XNNPACK
   * leaves convolutions with such filters to TFLite's own kernels: it is smaller, not faster.
   */
  public static byte[] packedBytes(Graph graph) {
    return bytes(graph, TfliteBatch.ONE, true);
  }

  private static byte[] bytes(Graph graph, TfliteBatch batch, boolean packed) {
    long expected = 1024;
    for (var parameter : graph.parameters().values()) {
      expected += (long) parameter.size() * Float.BYTES + OVERHEAD_BYTES;
    }
    expected += (long) graph.nodes().size() * OVERHEAD_BYTES;
    if (expected > Integer.MAX_VALUE / 2) {
      throw new IllegalArgumentException(
          graph.name() + " is too large for a TFLite file: " + expected + " bytes");
    }
    TfliteFile file = new TfliteFile((int) expected, batch);
    TfliteOperations operations =
        new TfliteOperations(graph, file, new TfliteFilters(file, packed));
    operations.writeNodes();
    return file.finish(operations.input(), operations.output(), DESCRIPTION);
  }

  /**
   * Writes {@link #bytes(Graph)}.
   *
   * @throws shallows.model.BadInputException when the file cannot be written
   */
  public static void write(Graph graph, Path file) {
    byte[] bytes = bytes(graph);
    AtomicFile.write(file, out -> out.write(bytes));
  }

  /**
   * Writes {@link #packedBytes}.
   *
   * @throws shallows.model.BadInputException when the file cannot be written
   */
  public static void writePacked(Graph graph, Path file) {
    byte[] bytes = packedBytes(graph);
    AtomicFile.write(file, out -> out.write(bytes));
  }
}
