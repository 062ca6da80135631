package shallows.export.verify;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Classifier;
import shallows.data.evaluation.Predictions;
import shallows.export.ExportFormat;
import shallows.export.ExportPrecision;
import shallows.export.ExportedFile;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.simulate.SimulatedQuantization;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;

/**
 * What int8 files have to answer: their graph, folded as for export, with the scales stored beside
 * them, simulated in the arithmetic of their runtime where that is known. Simulated once for the
 * files of a network that are computed alike.
 */
final class SimulatedAnswers {
  private static final int BATCH = 20;

  /**
   * What is known of one network.
   *
   * @param known whether in the arithmetic of the runtime
   * @param exact what it answers in floats; null where that is known to who asks, as it is not of
   *     one that was fine-tuned
   */
  private record Simulated(Predictions answers, float step, boolean known, Predictions exact) {}

  record Key(String scales, ExportFormat format, boolean packed) {}

  private final LabelledImages images;
  private final Progress progress;
  private final Map<Key, Simulated> known = new HashMap<>();

  /** What networks that were fine-tuned for their files answer in floats, by their scales. */
  private final Map<String, Predictions> tuned = new HashMap<>();

  /**
   * @param images to simulate; files are compared on these
   */
  SimulatedAnswers(LabelledImages images, Progress progress) {
    this.images = images;
    this.progress = progress;
  }

  /**
   * @param folder of the export
   * @param graph of the file, unfolded
   * @param exact what that answers, on these images first
   * @param found what the file answered, likewise
   * @throws shallows.model.BadInputException when there are no scales beside the file, or others
   */
  OutputMatch match(
      ExportedFile file, Path folder, Graph graph, Predictions exact, Predictions found) {
    Simulated simulated = known.computeIfAbsent(key(file), key -> simulate(file, folder, graph));
    Predictions first = found.first(images.size());
    Predictions floats = simulated.exact() == null ? exact.first(images.size()) : simulated.exact();
    OutputMatch match =
        simulated.known()
            ? OutputMatch.ofKnownArithmetic(first, simulated.answers(), floats, simulated.step())
            : OutputMatch.ofIntegers(first, simulated.answers(), floats, simulated.step());
    return file.biasesCorrected() ? match.and("biases corrected") : match;
  }

  /** A network that was fine-tuned for its files answers otherwise than the one it came from. */
  private Predictions exact(ExportedFile file, Graph graph) {
    return file.tuned() == null
        ? null
        : tuned.computeIfAbsent(file.scales(), scales -> inFloats(graph));
  }

  private Predictions inFloats(Graph graph) {
    try (Classifier interpreter = new InterpreterClassifier(graph)) {
      return Predictions.of(
          interpreter, images, graph.task(), BATCH, new NotedProgress(progress, "in floats"));
    }
  }

  /** Files of the same one are simulated once. */
  static Key key(ExportedFile file) {
    boolean packed =
        file.format() == ExportFormat.TFLITE && file.precision() == ExportPrecision.MIXED;
    return new Key(file.scales(), file.format(), packed);
  }

  private Simulated simulate(ExportedFile file, Path folder, Graph graph) {
    Key key = key(file);
    QuantizedGraph quantized = Int8Network.read(file, folder, graph);
    Optional<SimulatedQuantization> asTheRuntime =
        RuntimeArithmetic.simulation(key.format(), key.packed(), quantized);
    try (SimulatedQuantization simulation =
        asTheRuntime.orElseGet(() -> new SimulatedQuantization(quantized))) {
      Predictions answers =
          Predictions.of(
              simulation,
              images,
              graph.task(),
              BATCH,
              new NotedProgress(progress, "simulated quantization"));
      return new Simulated(
          answers,
          quantized.outputStep(),
          asTheRuntime.isPresent(),
          exact(file, quantized.graph()));
    }
  }
}
