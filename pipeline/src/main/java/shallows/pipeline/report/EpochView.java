package shallows.pipeline.report;

import java.util.List;
import java.util.stream.Stream;
import shallows.pipeline.report.ReportContent.Epoch;

/** A row of the table under the training curves. */
record EpochView(
    String stage, int epoch, String trainLoss, String heldOutLoss, String accuracy, String time) {

  private static final String NOT_MEASURED = "\u2013";

  static List<EpochView> of(ReportContent content) {
    return Stream.concat(
            content.training().stream().map(epoch -> of("training", epoch)),
            content.fineTuning().stream().map(epoch -> of("fine-tuning", epoch)))
        .toList();
  }

  private static EpochView of(String stage, Epoch epoch) {
    return new EpochView(
        stage,
        epoch.epoch(),
        Figures.fixed(epoch.trainLoss(), 3),
        epoch.heldOutLoss() == null ? NOT_MEASURED : Figures.fixed(epoch.heldOutLoss(), 3),
        epoch.heldOutAccuracy() == null ? NOT_MEASURED : Figures.percent(epoch.heldOutAccuracy()),
        Figures.duration(epoch.seconds()));
  }
}
