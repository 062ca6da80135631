package shallows.train.jobs;

import java.io.IOException;
import java.nio.file.Path;
import shallows.model.BadInputException;
import shallows.model.file.IoReason;
import shallows.model.file.LockedFile;
import shallows.model.progress.Progress;

/**
 * Keeps everybody else from doing a job that is being done, on this machine and on others that
 * share its folder. It goes with the process that has it, so what a killed one left is taken up.
 */
final class JobLock {
  private JobLock() {}

  /**
   * Waits until nobody else has it. The file is beside the folder, which is the job's alone.
   *
   * @param folder of the job
   * @param progress hears that there is somebody to wait for
   */
  static LockedFile take(Path folder, Progress progress) {
    Path whole = folder.toAbsolutePath().normalize();
    Path file = whole.resolveSibling("." + whole.getFileName() + ".lock");
    try {
      return LockedFile.lock(
          file,
          () ->
              progress.remark(
                  "waits for " + folder.getFileName() + ", which another process does"));
    } catch (IOException e) {
      throw new BadInputException(
          file,
          "a file that can be written and locked",
          "none (" + IoReason.of(e) + ")",
          "choose a folder of a file system that has locks",
          e);
    }
  }
}
