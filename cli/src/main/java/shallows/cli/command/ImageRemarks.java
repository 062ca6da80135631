package shallows.cli.command;

import shallows.cli.terminal.Console;
import shallows.model.progress.Progress;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.TrainSettings;
import shallows.pipeline.stage.RunImages;

/** Opening images, and saying which of them were left out. */
final class ImageRemarks {
  private ImageRemarks() {}

  /** The images of a run that is trained, which must be those of its training. */
  static RunImages open(OpenRun run, Console console, Progress progress) {
    RunImages images = open(run.record(), console, progress);
    images.requireSame(run);
    return images;
  }

  static RunImages open(TrainSettings settings, Console console, Progress progress) {
    return told(RunImages.open(settings, progress), console);
  }

  static RunImages open(RunRecord record, Console console, Progress progress) {
    return told(RunImages.open(record, progress), console);
  }

  private static RunImages told(RunImages images, Console console) {
    int skipped = images.skipped().size();
    if (skipped > 0) {
      console.remark(
          "left out "
              + skipped
              + " image"
              + (skipped == 1 ? "" : "s")
              + " that did not decode: "
              + images.skipped().get(0)
              + (skipped == 1 ? "" : "; and more"));
    }
    return images;
  }
}
