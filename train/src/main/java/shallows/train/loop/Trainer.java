package shallows.train.loop;

import java.nio.file.Path;
import java.util.List;
import shallows.data.HeldOutSplit;
import shallows.data.LabelledImages;
import shallows.model.BadInputException;
import shallows.model.Expect;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.train.checkpoint.CheckpointFolder;
import shallows.train.options.Batching;
import shallows.train.options.Compute;
import shallows.train.options.TrainingOptions;
import shallows.train.tensorboard.EventFile;

/**
 * Trains a graph with stochastic depth (Huang et al. 2016): in every mini-batch each block is on
 * with its survival probability, the same for all images of the batch, and a block that is off
 * costs nothing.
 *
 * <p>An epoch is as many whole batches as fit; the few images left over are other ones each time.
 * With fewer images than the batch size, all of them are one batch. After every epoch, and every
 * few minutes, the state goes into a checkpoint, so that an interrupted training can go on and end
 * with the same bytes.
 */
public final class Trainer {
  private static final Path CHECKPOINTS = Path.of("checkpoint");

  private static final Path EVENTS = Path.of("events");

  /** Inside the folder given to {@link #train}: one line an epoch. */
  public static final Path HISTORY = Path.of("history.csv");

  private Trainer() {}

  /**
   * Trains and keeps {@code history.csv}, events for TensorBoard, and checkpoints.
   *
   * @param images of the graph's input size and classes; those that are held out decide nothing but
   *     which epoch is the best, where that one's weights are wanted
   * @param options with at least one epoch
   * @param folder where the files go
   * @param progress hears of steps
   * @throws BadInputException when all checkpoints are damaged, or they are of another training, or
   *     the loss becomes NaN or infinite and that is to end the training (its checkpoints stay)
   */
  public static TrainedNetwork train(
      Trainee trainee,
      HeldOutSplit images,
      TrainingOptions options,
      Compute compute,
      Path folder,
      Safeguards safeguards,
      Progress progress) {
    requireFit(trainee.graph(), images.train());
    requireFit(trainee.graph(), images.heldOut());
    Expect.atLeast(1, Setting.EPOCHS, options.epochs());
    requireSameRounding(options, compute);
    return new TrainingRun(trainee, images, options, compute, folder, safeguards, progress).run();
  }

  /** Trains and writes nothing: for a short fine-tuning. */
  public static TrainedNetwork train(
      Trainee trainee,
      HeldOutSplit images,
      TrainingOptions options,
      Compute compute,
      Progress progress) {
    return train(trainee, images, options, compute, null, Safeguards.standard(), progress);
  }

  /** Where a training into {@code folder} keeps its checkpoints. */
  public static Path checkpoints(Path folder) {
    return folder.resolve(CHECKPOINTS);
  }

  /** Where a training into {@code folder} writes for TensorBoard. */
  public static Path events(Path folder) {
    return folder.resolve(EVENTS);
  }

  /** Takes away what a training into {@code folder} left besides its history. */
  public static void clear(Path folder) {
    new CheckpointFolder(checkpoints(folder), 1).clear();
    EventFile.clear(events(folder));
  }

  /**
   * Without parts the threads share each operation, and into how many pieces it is cut decides on
   * how its sums round. As many as there are processors would be another number elsewhere.
   */
  private static void requireSameRounding(TrainingOptions options, Compute compute) {
    if (compute.reproducible()
        && options.batching().normalized() == Batching.WHOLE
        && compute.threads() == 0) {
      throw new BadInputException(
          Setting.REPRODUCIBLE,
          Phrase.of("a number of %s where batch norm sees whole batches", Setting.THREADS),
          "none, which is as many as this machine has",
          Phrase.of("give one, or %s 32", Setting.BATCH_NORM));
    }
  }

  private static void requireFit(Graph graph, LabelledImages images) {
    List<Integer> shape = List.of(images.channels(), images.height(), images.width());
    if (!graph.input().shape().dimensions().equals(shape)
        || graph.classes() != images.classes().size()) {
      throw new IllegalArgumentException(
          graph.name()
              + " takes images of "
              + graph.input().shape()
              + " and "
              + graph.classes()
              + " classes, found "
              + images);
    }
  }
}
