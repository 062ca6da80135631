package shallows.export.verify;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import shallows.export.ExportedFile;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.SimulatedQuantization;
import shallows.model.evaluation.Classifier;
import shallows.model.evaluation.Predictions;
import shallows.model.graph.Graph;
import shallows.model.images.LabelledImages;
import shallows.model.interpreter.InterpreterClassifier;
import shallows.model.progress.Progress;

/**
 * What int8 files have to answer: their graph, folded as for export, with the scales stored beside
 * them, in the plain simulation. Simulated once for the files of all formats.
 */
final class SimulatedAnswers {
  private static final int BATCH = 20;

  /**
   * What is known of one network.
   *
   * @param exact what it answers in floats; null where that is known to who asks
   */
  private record Simulated(Predictions answers, float step, Predictions exact) {}

  private final LabelledImages images;
  private final Progress progress;
  private final Map<Path, Simulated> known = new HashMap<>();

  /**
   * @param images to simulate; files are compared on these
   */
  SimulatedAnswers(LabelledImages images, Progress progress) {
    this.images = images;
    this.progress = progress;
  }

  /**
   * @param graph of the file, unfolded
   * @param exact what that answers, on these images first
   * @param found what the file answered, likewise
   * @throws shallows.model.BadInputException when there are no scales beside the file, or others
   */
  OutputMatch match(ExportedFile file, Graph graph, Predictions exact, Predictions found) {
    Simulated simulated = known.computeIfAbsent(file.scales(), path -> simulate(path, graph));
    return OutputMatch.ofIntegers(
        found.first(images.size()),
        simulated.answers(),
        simulated.exact() == null ? exact.first(images.size()) : simulated.exact(),
        simulated.step());
  }

  /** A network that was fine-tuned for its files answers otherwise than the one it came from. */
  private Predictions exact(Path scales, Graph graph) {
    if (!Int8Network.isTuned(scales)) {
      return null;
    }
    try (Classifier interpreter = new InterpreterClassifier(graph)) {
      return Predictions.of(interpreter, images, graph.task(), BATCH, Progress.SILENT);
    }
  }

  private Simulated simulate(Path scales, Graph graph) {
    QuantizedGraph quantized = Int8Network.read(scales, graph);
    try (SimulatedQuantization simulation = new SimulatedQuantization(quantized)) {
      Predictions answers =
          Predictions.of(
              simulation,
              images,
              graph.task(),
              BATCH,
              new NotedProgress(progress, "simulated quantization"));
      return new Simulated(answers, quantized.outputStep(), exact(scales, quantized.graph()));
    }
  }
}
