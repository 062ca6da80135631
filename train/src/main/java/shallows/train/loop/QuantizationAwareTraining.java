package shallows.train.loop;

import java.nio.file.Path;
import shallows.data.HeldOutSplit;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.model.graph.FakeQuantization;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.train.inference.TorchClassifier;
import shallows.train.options.Compute;
import shallows.train.options.TrainingOptions;

/**
 * Fine-tunes a network while it is rounded as its 8-bit file will be (Jacob et al. 2018, section
 * 3). The scales of values stay as they were calibrated; those of weights follow the weights.
 *
 * <p>It learns to answer as it did before it was rounded, not the labels: what rounding changed is
 * to be undone, and nothing else. Images that were fitted long ago have little more to say.
 *
 * <p>The rate falls to nothing, so the last epoch is where it settles. Whether that is taken, or
 * the network left as it was, is decided on held-out images by the divergence of the answers from
 * those in floats, the mean of Σ p·ln(p/q) with p the probabilities in floats and q those of the
 * rounded network: it tells networks apart whose accuracies differ by chance alone.
 *
 * @param train the images to train on
 * @param heldOut images that decide whether fine-tuning helped
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

  /**
   * How a rounded network answers held-out images.
   *
   * @param accuracy in [0, 1]
   * @param divergence from the answers in floats, in nats
   */
  public record Answers(double accuracy, double divergence) {}

  /**
   * @param graph with the weights to write; those that went in where fine-tuning did not help
   * @param floats accuracy on held-out images before anything is rounded, in [0, 1]
   * @param before of what went in
   * @param after of what fine-tuning made of it
   */
  public record Tuned(Graph graph, double floats, Answers before, Answers after) {
    /** Whether the weights are those of the fine-tuning. */
    public boolean helped() {
      return after.divergence() < before.divergence();
    }
  }

  /**
   * @param teacher the network in floats, which it shall answer like
   * @param graph the same without batch norm, as its file will compute it; biases may be corrected
   * @param quantization of the graph
   * @param folder where {@code history.csv} stays; the checkpoint goes
   * @throws shallows.model.BadInputException when the loss becomes NaN or infinite again and again
   */
  public Tuned run(
      Graph teacher, Graph graph, FakeQuantization quantization, Path folder, Progress progress) {
    Predictions floats = TorchClassifier.answers(teacher, heldOut, compute);
    Graph trained =
        Distillation.during(
            teacher,
            WHAT_IT_SAID,
            compute,
            rule -> trained(graph, quantization, rule, folder, progress).graph());
    Trainer.clear(folder);
    Tuned tuned =
        new Tuned(
            trained,
            floats.accuracy(heldOut),
            answers(graph, quantization, floats),
            answers(trained, quantization, floats));
    return tuned.helped() ? tuned : new Tuned(graph, tuned.floats(), tuned.before(), tuned.after());
  }

  private TrainedNetwork trained(
      Graph graph, FakeQuantization quantization, TargetRule rule, Path folder, Progress progress) {
    return Trainer.train(
        Trainee.whole(graph, quantization, rule),
        new HeldOutSplit(train, heldOut),
        options(),
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
        .withOptimizer(training.optimizer().withLargestNorm(LARGEST_NORM));
  }

  private Answers answers(Graph graph, FakeQuantization quantization, Predictions floats) {
    Predictions found = TorchClassifier.answers(graph, quantization, heldOut, compute);
    return new Answers(found.accuracy(heldOut), found.klDivergence(floats));
  }
}
