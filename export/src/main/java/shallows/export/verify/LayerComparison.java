package shallows.export.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import shallows.export.pass.ExportPasses;
import shallows.export.runtime.OnnxFileValues;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.images.LabelledImages;
import shallows.model.images.Normalization;
import shallows.model.interpreter.Interpreter;
import shallows.model.onnx.OnnxReader;

/**
 * Where an ONNX file first departs from the interpreter: every value of the file that the oracle
 * has too, in the order of the file.
 *
 * <p>The oracle computes a graph read from
 *
 * <ol>
 *   <li>the file itself: then what differs is the runtime;
 *   <li>a reference: then what differs may be the file, which need not be one that our reader
 *       reads. Values are found by their names. Where the file lacks values of the reference, the
 *       reference is taken behind the export passes, which is where our files come from.
 * </ol>
 */
public final class LayerComparison {
  private LayerComparison() {}

  /**
   * @param file {@code .onnx}
   * @param reference {@code .onnx} that our reader reads
   * @param images a few, of the size that the file takes
   * @param task how pixels are scaled
   * @return one entry a value, in the order of the file
   * @throws BadInputException when a file does not allow it
   */
  public static List<LayerDifference> of(
      Path file, Optional<Path> reference, LabelledImages images, Task task) {
    Map<String, String> operations = OnnxFileValues.operations(file);
    Graph oracle = oracle(reference.map(OnnxReader::read).orElseGet(() -> graph(file)), operations);
    Map<String, String> common = new LinkedHashMap<>(operations);
    common.keySet().removeIf(value -> !oracle.hasNode(value));
    if (common.isEmpty()) {
      throw new BadInputException(
          file
              + ": expected values of the same names as in the reference, found none; compare"
              + " files of one network");
    }
    Map<String, Double> differences = new LinkedHashMap<>();
    Map<String, Double> ranges = new LinkedHashMap<>();
    Normalization normalization = new Normalization(task.mean(), task.deviation());
    try (OnnxFileValues values =
        OnnxFileValues.open(file, oracle.input().shape(), common.keySet())) {
      for (int i = 0; i < images.size(); i++) {
        float[] pixels = images.channelsFirst(i, i + 1, normalization);
        Map<String, Tensor> expected =
            Interpreter.values(oracle, new Tensor(oracle.input().shape().withBatch(1), pixels));
        values
            .run(pixels)
            .forEach(
                (name, found) -> {
                  if (common.containsKey(name)) {
                    float[] right = expected.get(name).values();
                    differences.merge(name, difference(right, found), Math::max);
                    ranges.merge(name, range(right), Math::max);
                  }
                });
      }
    }
    List<LayerDifference> layers = new ArrayList<>();
    common.forEach(
        (name, operation) -> {
          if (differences.containsKey(name)) {
            layers.add(
                new LayerDifference(name, operation, differences.get(name), ranges.get(name)));
          }
        });
    return layers;
  }

  /** What our reader refuses is often our own: packed or quantized. */
  private static Graph graph(Path file) {
    try {
      return OnnxReader.read(file);
    } catch (BadInputException e) {
      throw new BadInputException(
          file
              + ": expected operations that the interpreter knows, found others; give the fp32"
              + " file of the same network as --reference",
          e);
    }
  }

  private static Graph oracle(Graph graph, Map<String, String> operations) {
    boolean whole = graph.nodes().stream().allMatch(node -> operations.containsKey(node.name()));
    return whole ? graph : ExportPasses.all(graph);
  }

  private static double difference(float[] expected, float[] found) {
    if (expected.length != found.length) {
      return Double.POSITIVE_INFINITY;
    }
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs((double) expected[i] - found[i]);
      largest = Math.max(largest, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
    }
    return largest;
  }

  private static double range(float[] values) {
    double smallest = Double.POSITIVE_INFINITY;
    double largest = Double.NEGATIVE_INFINITY;
    for (float value : values) {
      smallest = Math.min(smallest, value);
      largest = Math.max(largest, value);
    }
    return largest - smallest;
  }
}
