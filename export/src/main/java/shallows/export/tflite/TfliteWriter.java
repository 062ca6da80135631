package shallows.export.tflite;

import java.nio.file.Path;
import shallows.export.metadata.TfliteMetadata;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.StoredWeights;
import shallows.model.file.AtomicFile;
import shallows.model.graph.Graph;

/**
 * Writes a graph as a TFLite file: channels last, stock operators only. The same graph gives the
 * same bytes.
 */
public final class TfliteWriter {
  private static final String DESCRIPTION = "shallows";

  private TfliteWriter() {}

  /** A file that takes one image {@code (1, H, W, C)} and returns {@code (1, classes)} logits. */
  public static byte[] bytes(Graph graph) {
    return bytes(graph, TfliteOptions.STANDARD);
  }

  /** A file of floats; its edges are floats whatever the options say. */
  public static byte[] bytes(Graph graph, TfliteOptions options) {
    return content(graph, options).bytes();
  }

  /** A file of 8-bit integers. */
  public static byte[] bytes(QuantizedGraph quantized, TfliteOptions options) {
    return content(quantized, options).bytes();
  }

  /** How many bytes {@link #bytes(Graph, TfliteOptions)} are. */
  public static int size(Graph graph, TfliteOptions options) {
    return content(graph, options).size();
  }

  /** How many bytes {@link #bytes(QuantizedGraph, TfliteOptions)} are. */
  public static int size(QuantizedGraph quantized, TfliteOptions options) {
    return content(quantized, options).size();
  }

  private static TfliteContent content(Graph graph, TfliteOptions options) {
    TfliteFile file = file(graph, options.batch(), OperatorVersions.FLOAT);
    return content(graph, file, new FloatTensors(file, StoredWeights.of(graph, options.weights())));
  }

  private static TfliteContent content(QuantizedGraph quantized, TfliteOptions options) {
    TfliteFile file = file(quantized.graph(), options.batch(), OperatorVersions.INT8);
    return content(quantized.graph(), file, new Int8Tensors(file, quantized, options));
  }

  private static TfliteContent content(Graph graph, TfliteFile file, TfliteTensors kinds) {
    TfliteOperatorWriter operations = new TfliteOperatorWriter(graph, file, kinds);
    operations.writeNodes();
    return file.finish(
        operations.input(),
        operations.output(),
        DESCRIPTION,
        TfliteMetadata.of(graph),
        TfliteMetadata.files(graph));
  }

  private static TfliteFile file(Graph graph, TfliteBatch batch, OperatorVersions versions) {
    long bytes = 0;
    for (var parameter : graph.parameters().values()) {
      bytes += (long) parameter.size() * Float.BYTES;
    }
    TfliteConstants.requireFits(graph.name(), bytes);
    return new TfliteFile(graph.name(), batch, versions);
  }

  /**
   * Writes {@link #bytes(Graph, TfliteOptions)}.
   *
   * @throws shallows.model.BadInputException when the file cannot be written
   */
  public static void write(Graph graph, TfliteOptions options, Path file) {
    write(content(graph, options), file);
  }

  /**
   * Writes {@link #bytes(QuantizedGraph, TfliteOptions)}.
   *
   * @throws shallows.model.BadInputException when the file cannot be written
   */
  public static void write(QuantizedGraph graph, TfliteOptions options, Path file) {
    write(content(graph, options), file);
  }

  private static void write(TfliteContent content, Path file) {
    AtomicFile.write(file, content::writeTo);
  }
}
