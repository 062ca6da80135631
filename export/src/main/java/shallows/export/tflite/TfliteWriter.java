package shallows.export.tflite;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import shallows.export.metadata.AssociatedFiles;
import shallows.export.metadata.TfliteMetadata;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.StoredWeights;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.file.AtomicFile;
import shallows.model.graph.Graph;

/**
 * Writes a graph as a TFLite file: channels last, stock operators only. The same graph gives the
 * same bytes.
 */
public final class TfliteWriter {
  private static final String DESCRIPTION = "shallows";

  /** Per tensor or operator, for names, shapes and tables. */
  private static final int OVERHEAD_BYTES = 1024;

  /**
   * For metadata. With less than all takes, a buffer of twice the bytes is made at the very end.
   */
  private static final int LEAST_BYTES = 1 << 16;

  private TfliteWriter() {}

  /** A file that takes one image {@code (1, H, W, C)} and returns {@code (1, classes)} logits. */
  public static byte[] bytes(Graph graph) {
    return bytes(graph, TfliteOptions.STANDARD);
  }

  /** A file of floats; its edges are floats whatever the options say. */
  public static byte[] bytes(Graph graph, TfliteOptions options) {
    TfliteFile file = file(graph, options.batch(), OperatorVersions.FLOAT);
    return bytes(graph, file, new FloatTensors(file, StoredWeights.of(graph, options.weights())));
  }

  /** A file of 8-bit integers. */
  public static byte[] bytes(QuantizedGraph quantized, TfliteOptions options) {
    TfliteFile file = file(quantized.graph(), options.batch(), OperatorVersions.INT8);
    return bytes(quantized.graph(), file, new Int8Tensors(file, quantized, options));
  }

  private static byte[] bytes(Graph graph, TfliteFile file, TfliteTensors kinds) {
    TfliteOperatorWriter operations = new TfliteOperatorWriter(graph, file, kinds);
    operations.writeNodes();
    ByteBuffer model =
        file.finish(operations.input(), operations.output(), DESCRIPTION, TfliteMetadata.of(graph));
    return AssociatedFiles.appended(model, TfliteMetadata.files(graph));
  }

  private static TfliteFile file(Graph graph, TfliteBatch batch, OperatorVersions versions) {
    long expected = LEAST_BYTES;
    for (var parameter : graph.parameters().values()) {
      expected += (long) parameter.size() * Float.BYTES + OVERHEAD_BYTES;
    }
    expected += (long) graph.nodes().size() * OVERHEAD_BYTES;
    if (expected > Integer.MAX_VALUE / 2) {
      throw new BadInputException(
          graph.name(),
          "a network of at most 1 GB to write as a TFLite file",
          expected + " bytes",
          Phrase.of("write it as ONNX alone"));
    }
    return new TfliteFile((int) expected, batch, versions);
  }

  /**
   * Writes {@link #bytes(Graph, TfliteOptions)}.
   *
   * @throws shallows.model.BadInputException when the file cannot be written
   */
  public static void write(Graph graph, TfliteOptions options, Path file) {
    write(bytes(graph, options), file);
  }

  /**
   * Writes {@link #bytes(QuantizedGraph, TfliteOptions)}.
   *
   * @throws shallows.model.BadInputException when the file cannot be written
   */
  public static void write(QuantizedGraph graph, TfliteOptions options, Path file) {
    write(bytes(graph, options), file);
  }

  private static void write(byte[] bytes, Path file) {
    AtomicFile.write(file, out -> out.write(bytes));
  }
}
