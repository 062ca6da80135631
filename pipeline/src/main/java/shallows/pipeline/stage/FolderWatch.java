package shallows.pipeline.stage;

import java.util.Map;
import shallows.model.BadInputException;
import shallows.model.progress.Progress;
import shallows.pipeline.folder.OpenRun;

/**
 * Ends work whose folder is gone, instead of letting it go on for hours to find no place for what
 * it made: whenever something is done, it looks whether the folder is still the one that the run
 * has locked.
 */
record FolderWatch(Progress progress, OpenRun run) implements Progress {
  @Override
  public void start(String task, long total) {
    progress.start(task, total);
  }

  /**
   * @throws BadInputException when somebody has removed the folder
   */
  @Override
  public void advance(long amount, String note) {
    run.requireFolder();
    progress.advance(amount, note);
  }

  @Override
  public void finish() {
    progress.finish();
  }

  @Override
  public void report(Map<String, String> figures) {
    progress.report(figures);
  }

  @Override
  public void remark(String line) {
    progress.remark(line);
  }
}
