package shallows.export.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import shallows.data.LabelledImages;
import shallows.export.ExportManifest;
import shallows.export.pass.ExportPasses;
import shallows.export.runtime.FileValues;
import shallows.export.runtime.ModelFile;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Normalization;
import shallows.model.graph.Task;
import shallows.model.onnx.read.OnnxReader;

/**
 * Where a file first departs from the oracle: every value of the file that the oracle has too, in
 * the order of the file. Each operation is given what the file computed before it, so what is
 * compared is that operation alone.
 *
 * <p>The oracle computes a graph read from
 *
 * <ol>
 *   <li>the file itself, an ONNX file that our reader reads: then what differs is the runtime;
 *   <li>a reference: then what differs may be the file. Values are found by their names. Where the
 *       file lacks values of the reference, the reference is taken behind the export passes, which
 *       is where our files come from.
 * </ol>
 *
 * <p>Files of others have no oracle where they share no names with the reference, see {@link
 * #fits}.
 *
 * <p>Of a file of integers whose scales lie beside it, as export leaves them there, the oracle is
 * the simulated quantization.
 */
public final class LayerComparison {
  /** Of the operations of a reference, so that it is the one that a file was written of. */
  private static final double MOST = 0.5;

  private LayerComparison() {}

  /**
   * Whether there is an oracle: of a file without a reference, whose scales lie beside it, or that
   * shares most of the names with a reference that our reader reads. Of others see {@link
   * PairedValues}.
   *
   * @throws BadInputException when a file is no model
   */
  public static boolean fits(Path file, Optional<Path> reference) {
    if (reference.isEmpty()) {
      return true;
    }
    if (!ModelFile.isOnnx(reference.get())) {
      return false;
    }
    if (ExportManifest.of(file).isPresent()) {
      return true;
    }
    Graph graph;
    try {
      graph = OnnxReader.read(reference.get());
    } catch (BadInputException e) {
      // It may run all the same.
      return false;
    }
    Set<String> names = FileValues.operations(file).keySet();
    Graph folded = ExportPasses.all(graph);
    return Math.max(shared(graph, names), shared(folded, names)) >= MOST;
  }

  private static double shared(Graph graph, Set<String> names) {
    long shared = graph.nodes().stream().map(Node::name).filter(names::contains).count();
    return (double) shared / graph.nodes().size();
  }

  /**
   * @param file {@code .onnx} or {@code .tflite}
   * @param reference {@code .onnx} that our reader reads
   * @param images a few, of the size that the file takes
   * @param task how pixels are scaled
   * @return one entry a value, in the order of the file
   * @throws BadInputException when a file does not allow it
   */
  public static List<LayerDifference> of(
      Path file, Optional<Path> reference, LabelledImages images, Task task) {
    Map<String, String> operations = FileValues.operations(file);
    LayerOracle oracle =
        LayerOracle.of(
            file, reference.map(OnnxReader::read).orElseGet(() -> graph(file)), operations);
    Graph graph = oracle.graph();
    Map<String, String> common = new LinkedHashMap<>(operations);
    common.keySet().removeIf(value -> !graph.hasNode(value));
    if (common.isEmpty()) {
      throw new BadInputException(
          file,
          "values of the same names as in the reference",
          "none",
          "compare files of one network");
    }
    Set<String> asked = new LinkedHashSet<>(common.keySet());
    oracle.entering().stream().filter(operations::containsKey).forEach(asked::add);
    Map<String, Double> differences = new HashMap<>();
    Map<String, Double> ranges = new HashMap<>();
    Normalization normalization = task.normalization();
    try (FileValues values = FileValues.open(file, graph.input().shape(), asked)) {
      for (int i = 0; i < images.size(); i++) {
        float[] pixels = images.normalized(i, i + 1, normalization);
        Map<String, float[]> found = values.run(pixels);
        oracle
            .values(pixels, found)
            .forEach(
                (name, expected) -> {
                  if (common.containsKey(name) && found.containsKey(name)) {
                    float[] right = expected.values();
                    differences.merge(name, difference(right, found.get(name)), Math::max);
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
                new LayerDifference(
                    name, operation, differences.get(name), ranges.get(name), oracle.step(name)));
          }
        });
    return layers;
  }

  /** What our reader refuses is often our own: packed, quantized, or a TFLite file. */
  private static Graph graph(Path file) {
    try {
      return OnnxReader.read(file);
    } catch (BadInputException e) {
      throw new BadInputException(
          file,
          "operations that the interpreter knows",
          "others",
          Phrase.of("give the fp32 .onnx file of the same network as %s", Setting.REFERENCE),
          e);
    }
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
