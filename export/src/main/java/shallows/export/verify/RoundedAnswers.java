package shallows.export.verify;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Classifier;
import shallows.data.evaluation.Predictions;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.StoredWeights;
import shallows.export.quantize.WeightStorage;
import shallows.model.graph.Graph;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.progress.Progress;

/**
 * What files have to answer whose floats are made of rounded weights: their graph, folded as for
 * export, with the same weights rounded, in the plain interpreter. That folding alone changes
 * nothing is asked beside it.
 */
final class RoundedAnswers {
  private static final int BATCH = 20;

  /**
   * @param folding how far the folded graph is from the graph
   */
  private record Rounded(Predictions answers, double folding) {}

  /** What of a graph there is a file of. */
  private record Form(Optional<Path> learned, WeightStorage storage) {}

  private final LabelledImages images;
  private final Progress progress;
  private final Map<Graph, Map<Form, Rounded>> known = new IdentityHashMap<>();

  /**
   * @param images to compute; files are compared on these
   */
  RoundedAnswers(LabelledImages images, Progress progress) {
    this.images = images;
    this.progress = progress;
  }

  /**
   * The largest difference of a file's outputs from what they have to be.
   *
   * @param graph of the file, unfolded and with its weights as they are
   * @param learned folded, with those that the file's were made of, where they are others
   * @param exact what that answers
   * @param found what the file answered, on these images first
   */
  double difference(
      Graph graph,
      Optional<Path> learned,
      WeightStorage storage,
      Predictions exact,
      Predictions found) {
    Rounded rounded =
        known
            .computeIfAbsent(graph, key -> new HashMap<>())
            .computeIfAbsent(
                new Form(learned, storage), key -> rounded(graph, learned, storage, exact));
    double own = found.first(images.size()).maxAbsDifference(rounded.answers());
    return Math.max(own, rounded.folding());
  }

  private Rounded rounded(
      Graph graph, Optional<Path> learned, WeightStorage storage, Predictions exact) {
    Graph folded = ExportPasses.all(graph);
    Graph stored = learned.map(OnnxReader::read).orElse(folded);
    Predictions answers = answers(StoredWeights.of(stored, storage).computed());
    return new Rounded(answers, answers(folded).maxAbsDifference(exact));
  }

  private Predictions answers(Graph graph) {
    try (Classifier interpreter = new InterpreterClassifier(graph)) {
      return Predictions.of(
          interpreter, images, graph.task(), BATCH, new NotedProgress(progress, "rounded weights"));
    }
  }
}
