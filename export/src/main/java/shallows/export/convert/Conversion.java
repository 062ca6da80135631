package shallows.export.convert;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import shallows.export.pass.ExportPasses;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.export.runtime.RuntimeClassifier;
import shallows.export.runtime.TfliteClassifier;
import shallows.export.tflite.TfliteWriter;
import shallows.model.file.AtomicFile;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.onnx.read.ImportedNetwork;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;

/**
 * An ONNX file as a TFLite file, or as an ONNX file of ours, compared with the original in ONNX
 * Runtime.
 */
public final class Conversion {
  /**
   * Of the range of the original's outputs. Weights move unchanged, so only the order of sums and
   * the folding of batch norm differ: some 1e-6 through fifty layers.
   */
  public static final double TOLERANCE = 1e-5;

  /**
   * Enough that an error in one channel or at one edge shows; a random image reaches all of them.
   */
  private static final int IMAGES = 4;

  private final ImportedNetwork network;
  private final Graph graph;
  private final float[][] images;
  private final float[][] expected;

  private Conversion(ImportedNetwork network, float[][] images, float[][] expected) {
    this.network = network;
    this.graph = flat(network.graph());
    this.images = images;
    this.expected = expected;
  }

  /**
   * Reads the file and runs it on random images, normally distributed as normalized pixels are.
   *
   * @param seed of the images
   * @throws shallows.model.BadInputException when the file cannot be read or run
   */
  public static Conversion of(Path file, long seed, int threads) {
    ImportedNetwork network = OnnxReader.imported(file);
    Random random = new Random(seed);
    float[][] images = new float[IMAGES][network.graph().input().shape().size()];
    for (float[] image : images) {
      for (int p = 0; p < image.length; p++) {
        image[p] = (float) random.nextGaussian();
      }
    }
    return of(file, network, images, threads);
  }

  /**
   * Reads the file and runs it on these images.
   *
   * @param images each {@code (H, W, C)}, normalized, at least one
   * @throws shallows.model.BadInputException when the file cannot be read or run
   */
  public static Conversion of(Path file, float[][] images, int threads) {
    return of(file, OnnxReader.imported(file), images, threads);
  }

  private static Conversion of(Path file, ImportedNetwork network, float[][] images, int threads) {
    float[][] expected = new float[images.length][];
    try (OriginalModel original = new OriginalModel(file, network, threads)) {
      for (int i = 0; i < images.length; i++) {
        expected[i] = original.output(images[i]);
      }
    }
    return new Conversion(network, images, expected);
  }

  private static Graph flat(Graph graph) {
    if (graph.shape(graph.output()).rank() == 1) {
      return graph;
    }
    List<Node> nodes = new ArrayList<>(graph.nodes());
    String name = graph.output() + "/flat";
    nodes.add(new Node(name, new Operation.Flatten(), List.of(graph.output())));
    return graph.with(nodes, name, graph.parameters(), graph.blocks());
  }

  public ImportedNetwork network() {
    return network;
  }

  /** The content of a TFLite file. */
  public byte[] tflite() {
    return TfliteWriter.bytes(ExportPasses.all(graph));
  }

  /** The content of an ONNX file, with batch norm as it was and the blocks in its metadata. */
  public byte[] onnx() {
    return OnnxWriter.bytes(graph);
  }

  /** The largest difference between a TFLite file and the original, as a share of the range. */
  public double differenceOfTflite(byte[] tflite, int threads) {
    try (RuntimeClassifier file = TfliteClassifier.open(tflite, "the TFLite file", threads)) {
      return difference(file);
    }
  }

  /** As above, of an ONNX file. */
  public double differenceOfOnnx(byte[] onnx, int threads) {
    try (RuntimeClassifier file = OnnxRuntimeClassifier.open(onnx, "the ONNX file", threads)) {
      return difference(file);
    }
  }

  private double difference(RuntimeClassifier file) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    double difference = 0;
    for (int i = 0; i < images.length; i++) {
      float[] found = network.ending().of(file.logits(images[i], 1)[0]);
      if (found.length != expected[i].length) {
        return Double.POSITIVE_INFINITY;
      }
      for (int c = 0; c < found.length; c++) {
        least = Math.min(least, expected[i][c]);
        most = Math.max(most, expected[i][c]);
        // Math.max hands a NaN on, which then is within no tolerance.
        difference = Math.max(difference, Math.abs(found[c] - expected[i][c]));
      }
    }
    // A single output has no range; its size stands in.
    double range = Math.max(most - least, Float.MIN_NORMAL);
    return expected[0].length == 1
        ? difference / Math.max(range, Math.abs(most))
        : difference / range;
  }

  /** Writes the content of a file, whole or not at all. */
  public static void write(byte[] content, Path file) {
    AtomicFile.write(file, out -> out.write(content));
  }
}
