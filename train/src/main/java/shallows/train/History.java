package shallows.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import shallows.model.file.AtomicFile;

/** Writes {@code history.csv}: one line an epoch, for spreadsheets and people. */
final class History {
  private static final String HEADER =
      "epoch,steps,learningRate,trainLoss,trainAccuracy,heldOutLoss,heldOutAccuracy,activeBlocks,"
          + "imagesPerSecond,seconds\n";

  private History() {}

  static void write(List<Epoch> epochs, Path folder) {
    StringBuilder csv = new StringBuilder(HEADER);
    for (Epoch epoch : epochs) {
      csv.append(
          String.format(
              Locale.ROOT,
              "%d,%d,%.6g,%.5f,%.5f,%.5f,%.5f,%.2f,%.1f,%.1f\n",
              epoch.epoch(),
              epoch.steps(),
              epoch.learningRate(),
              epoch.trainLoss(),
              epoch.trainAccuracy(),
              epoch.heldOutLoss(),
              epoch.heldOutAccuracy(),
              epoch.activeBlocks(),
              epoch.imagesPerSecond(),
              epoch.seconds()));
    }
    AtomicFile.writeText(folder.resolve(Trainer.HISTORY), csv.toString());
  }
}
