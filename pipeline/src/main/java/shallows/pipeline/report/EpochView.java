package shallows.pipeline.report;

import java.util.ArrayList;
import java.util.List;
import shallows.train.loop.Epoch;
import shallows.train.loop.TrainingEnd;
import shallows.train.loop.TrainingPhase;
import shallows.train.options.TrainingOptions;

/**
 * A row of the table under the training curves, by the names that the template asks with.
 *
 * @param stage {@code classifier alone}, {@code training} or {@code fine-tuning}
 * @param before seconds from the beginning of the training to that of this epoch
 */
record EpochView(String stage, Epoch row, double before) {

  static List<EpochView> of(Report report) {
    List<EpochView> views = new ArrayList<>();
    add("training", report.training(), views);
    add("fine-tuning", report.fineTuning(), views);
    return views;
  }

  /** What there is to know of the curves of a training, each a sentence. */
  static List<String> remarks(Report report) {
    List<Epoch> epochs = report.training();
    List<String> remarks = new ArrayList<>();
    long alone = epochs.stream().filter(epoch -> epoch.phase() == TrainingPhase.CLASSIFIER).count();
    if (alone > 0) {
      remarks.add(
          "The first "
              + Figures.whole(alone)
              + " epochs, before the line, trained the new classifier alone, on features of the"
              + " network as it came; the others all layers.");
    }
    TrainingOptions asked = report.run().train().training();
    TrainingEnd ended =
        epochs.isEmpty() ? TrainingEnd.EPOCHS : epochs.get(epochs.size() - 1).ended();
    String end =
        "The training ended after "
            + (epochs.size() - alone)
            + " of "
            + asked.epochs()
            + " epochs, ";
    if (ended == TrainingEnd.PATIENCE) {
      remarks.add(
          end
              + "since "
              + asked.selection().patience()
              + " had brought nothing better on the held-out images; the best is kept.");
    } else if (ended == TrainingEnd.TIME) {
      remarks.add(end + "since another one would have taken more time than it was given.");
    }
    return remarks;
  }

  private static void add(String stage, List<Epoch> epochs, List<EpochView> views) {
    double before = 0;
    for (Epoch epoch : epochs) {
      boolean alone = epoch.phase() == TrainingPhase.CLASSIFIER;
      views.add(new EpochView(alone ? "classifier alone" : stage, epoch, before));
      before = epoch.seconds();
    }
  }

  int epoch() {
    return row.epoch();
  }

  String trainLoss() {
    return Figures.fixed(row.trainLoss(), 3);
  }

  String heldOutLoss() {
    return Figures.fixed(row.heldOutLoss(), 3);
  }

  String accuracy() {
    return Figures.percent(row.heldOutAccuracy());
  }

  String time() {
    return Figures.duration(Math.max(0, row.seconds() - before));
  }
}
