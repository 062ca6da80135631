package shallows.prune.tune;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import shallows.data.HeldOutSplit;
import shallows.data.LabelledImages;
import shallows.model.BadInputException;
import shallows.model.file.AtomicFile;
import shallows.model.graph.BinaryWeights;
import shallows.model.graph.FakeQuantization;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Tensor;
import shallows.model.progress.Progress;
import shallows.train.inference.BatchNormStatistics;
import shallows.train.loop.Distillation;
import shallows.train.loop.Safeguards;
import shallows.train.loop.TargetRule;
import shallows.train.loop.Trainee;
import shallows.train.loop.Trainer;
import shallows.train.options.Compute;
import shallows.train.options.TrainingOptions;

/**
 * Some epochs for a network that was cut, mostly at a low learning rate, else by the recipe that
 * the full one was trained by ({@link TrainingOptions#toFineTune}): every remaining block on,
 * binary convolutions through the straight-through estimator. Without epochs, batch-norm statistics
 * are re-estimated and binary weights are projected, and that is all.
 *
 * @param train the images to train on
 * @param heldOut images to report accuracy on after each epoch
 * @param epochs at least 0
 * @param rate the largest learning rate; null for that of {@link TrainingOptions#toFineTune}
 * @param training how the full network was trained, the seed included
 * @param teacher the full network, whose answers are trained towards as far as {@code distillation}
 *     says
 */
public record FineTuning(
    LabelledImages train,
    LabelledImages heldOut,
    int epochs,
    Double rate,
    TrainingOptions training,
    Graph teacher,
    Distillation.Options distillation,
    Compute compute) {
  static final String REESTIMATED = "batch-norm statistics re-estimated";

  /**
   * @param folder where {@code history.csv} stays; the checkpoint goes
   */
  public Graph run(Graph graph, Path folder, Progress progress) {
    if (epochs == 0) {
      return BatchNormStatistics.reestimate(projected(graph), train, compute);
    }
    Graph tuned =
        Distillation.during(
            teacher, distillation, compute, rule -> trained(graph, rule, folder, progress));
    Trainer.clear(folder);
    return tuned;
  }

  private Graph trained(Graph graph, TargetRule rule, Path folder, Progress progress) {
    return Trainer.train(
            Trainee.whole(graph, FakeQuantization.NONE, rule),
            new HeldOutSplit(train, heldOut),
            options(),
            compute,
            folder,
            Safeguards.standard(),
            progress)
        .graph();
  }

  private TrainingOptions options() {
    TrainingOptions options = training.toFineTune(epochs);
    return rate == null ? options : options.withLearningRate(rate);
  }

  /** In words: {@code 6 epochs}, {@code 6 epochs at up to 0.1}. */
  public String inWords() {
    if (epochs == 0) {
      return REESTIMATED;
    }
    String passes =
        epochs + (epochs == 1 ? " epoch" : " epochs") + (rate == null ? "" : " at up to " + rate);
    return distillation.isOn()
        ? String.format(
            Locale.ROOT,
            "%s, %.0f %% of the targets from the full network at temperature %s",
            passes,
            100 * distillation.weight(),
            distillation.temperature())
        : passes;
  }

  /** Takes away what the last fine-tuning left: its network is not the one that was chosen. */
  static void forget(Path folder) {
    delete(folder.resolve(Trainer.HISTORY));
  }

  /** What the last fine-tuning left, to be put back if that of another network takes its place. */
  static Optional<String> history(Path folder) {
    Path file = folder.resolve(Trainer.HISTORY);
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    } catch (IOException e) {
      throw new BadInputException(file, null, "cannot be read", "prune again", e);
    }
  }

  /**
   * @param history from {@link #history}
   */
  static void putBack(Path folder, Optional<String> history) {
    forget(folder);
    history.ifPresent(text -> AtomicFile.writeText(folder.resolve(Trainer.HISTORY), text));
  }

  /** Binary convolutions with weights of two values a channel. */
  private static Graph projected(Graph graph) {
    Map<String, Tensor> weights = new HashMap<>();
    for (Node node : graph.nodes()) {
      if (node.operation() instanceof Operation.Conv2d conv
          && conv.precision() == Precision.BINARY) {
        String weight = node.inputs().get(1);
        weights.put(weight, BinaryWeights.project(graph.parameter(weight)));
      }
    }
    return graph.withParameters(weights);
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new BadInputException(file, null, "cannot be deleted", "delete it by hand", e);
    }
  }
}
