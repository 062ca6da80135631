package shallows.pipeline.report;

import java.util.ArrayList;
import java.util.List;
import shallows.train.loop.Epoch;
import shallows.train.loop.TrainingPhase;

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

  /** How many trained a new classifier alone, in digits; empty where none did. */
  static List<String> ofClassifier(Report report) {
    long count =
        report.training().stream()
            .filter(epoch -> epoch.phase() == TrainingPhase.CLASSIFIER)
            .count();
    return count == 0 ? List.of() : List.of(Figures.whole(count));
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
