package shallows.prune;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.images.LabelledImages;
import shallows.model.progress.Progress;
import shallows.train.Safeguards;
import shallows.train.Trainer;
import shallows.train.TrainingOptions;

/**
 * A few epochs at a low learning rate for a network that was cut: every remaining block on, binary
 * convolutions through the straight-through estimator.
 *
 * @param train the images to train on
 * @param folder where {@code history.csv} of the last fine-tuning stays; its checkpoint goes
 */
record FineTuning(LabelledImages train, HeldOut heldOut, PruneOptions options, Path folder) {

  /** Trains and measures on the held-out images. */
  Measurement run(Graph graph, Progress progress) {
    Graph tuned = graph;
    if (options.fineTuneEpochs() > 0) {
      TrainingOptions epochs = TrainingOptions.fineTuning(options.fineTuneEpochs(), options.seed());
      tuned =
          Trainer.train(
                  graph,
                  train,
                  heldOut.images(),
                  epochs,
                  options.compute(),
                  folder,
                  Safeguards.standard(),
                  progress)
              .graph();
      Trainer.forgetCheckpoints(folder);
    }
    return heldOut.measureAsItStands(tuned);
  }

  /** Takes away what the last fine-tuning left: its network is not the one that was chosen. */
  void forget() {
    delete(folder.resolve(Trainer.HISTORY));
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new BadInputException(file + ": cannot be deleted; delete it by hand", e);
    }
  }
}
