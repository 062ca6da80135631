package shallows.train;

import java.nio.file.Path;
import shallows.model.evaluation.Predictions;
import shallows.model.graph.FakeQuantization;
import shallows.model.graph.Graph;
import shallows.model.images.LabelledImages;
import shallows.model.progress.Progress;
import shallows.train.options.Selection;

/**
 * Fine-tunes a network while it is rounded as its 8-bit file will be (Jacob et al. 2018, section
 * 3). The scales of values stay as they were calibrated; those of weights follow the weights.
 *
 * <p>It learns to answer as it did before it was rounded, not the labels: what rounding changed is
 * to be undone, and nothing else. Images that were fitted long ago have little more to say.
 *
 * <p>The epoch that is most accurate on held-out images counts, if it is as accurate there as the
 * network was without; so those images are no measure of what comes out.
 *
 * @param train the images to train on
 * @param heldOut images that choose among the epochs
 * @param epochs at least 1
 * @param training how the network was trained; batches, momentum, augmentation and seed are its own
 */
public record QuantizationAwareTraining(
    LabelledImages train,
    LabelledImages heldOut,
    int epochs,
    TrainingOptions training,
    Compute compute) {
  /**
   * Without batch norm, which would take the scale of a weight out of what it computes, steps have
   * to be smaller than those of other fine-tunings.
   */
  private static final double LEARNING_RATE = 0.002;

  /** A layer behind few levels can have a gradient that throws all others off. */
  private static final double LARGEST_NORM = 1;

  private static final Distillation.Options WHAT_IT_SAID = new Distillation.Options(1, 1);

  private static final int EVALUATION_BATCH = 250;

  /**
   * @param graph with the weights to write; those that went in where fine-tuning did not help
   * @param floats accuracy on held-out images before anything is rounded, in [0, 1]
   * @param before accuracy on them of what went in, rounded
   * @param after accuracy on them of the best epoch, rounded
   */
  public record Tuned(Graph graph, double floats, double before, double after) {
    /** Whether the weights are those of an epoch. */
    public boolean helped() {
      return after >= before;
    }
  }

  /**
   * @param graph without batch norm, as its file will compute it
   * @param quantization of the graph
   * @param folder where {@code history.csv} stays; the checkpoint goes
   * @throws shallows.model.BadInputException when the loss becomes NaN or infinite again and again
   */
  public Tuned run(Graph graph, FakeQuantization quantization, Path folder, Progress progress) {
    double floats = accuracy(graph, FakeQuantization.NONE);
    double before = accuracy(graph, quantization);
    TrainedNetwork trained =
        Distillation.during(
            graph,
            WHAT_IT_SAID,
            compute,
            rule -> trained(graph, quantization, rule, folder, progress));
    Trainer.clear(folder);
    double after = trained.chosen().heldOutAccuracy();
    return new Tuned(after >= before ? trained.graph() : graph, floats, before, after);
  }

  private TrainedNetwork trained(
      Graph graph, FakeQuantization quantization, TargetRule rule, Path folder, Progress progress) {
    return Trainer.train(
        graph,
        quantization,
        train,
        heldOut,
        options(),
        rule,
        compute,
        folder,
        Safeguards.standard(),
        progress);
  }

  private TrainingOptions options() {
    double rate = Math.min(LEARNING_RATE, training.schedule().learningRate());
    return training
        .toFineTune(epochs)
        .withLearningRate(rate)
        .withOptimizer(training.optimizer().withLargestNorm(LARGEST_NORM))
        .withSelection(Selection.LAST.withKeep(Selection.Keep.BEST));
  }

  private double accuracy(Graph graph, FakeQuantization quantization) {
    try (TorchClassifier classifier = new TorchClassifier(graph, quantization, compute)) {
      return Predictions.of(classifier, heldOut, graph.task(), EVALUATION_BATCH, Progress.SILENT)
          .accuracy(heldOut);
    }
  }
}
