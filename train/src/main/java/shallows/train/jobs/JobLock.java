package shallows.train.jobs;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import shallows.model.BadInputException;
import shallows.model.file.IoReason;
import shallows.model.progress.Progress;

/**
 * Keeps everybody else from doing a job that is being done, on this machine and on others that
 * share its folder. It goes with the process that has it, so what a killed one left is taken up.
 */
final class JobLock {
  /** The system's locks are those of a whole process; among its threads this decides. */
  private static final Set<Path> HELD = new HashSet<>();

  private final Path file;
  private final FileChannel channel;

  private JobLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Waits until nobody else has it. The file is beside the folder, which is the job's alone.
   *
   * @param folder of the job
   * @param progress hears that there is somebody to wait for
   */
  static JobLock take(Path folder, Progress progress) {
    Path whole = folder.toAbsolutePath().normalize();
    String name = "." + whole.getFileName() + ".lock";
    try {
      // By its real path, as the system's locks do not care by which link it was come to.
      Path file = whole.getParent().toRealPath().resolve(name);
      hold(file);
      try {
        return new JobLock(file, locked(file, folder, progress));
      } catch (IOException | RuntimeException e) {
        // Else nobody in this process could take it any more.
        letGo(file);
        throw e;
      }
    } catch (IOException e) {
      throw new BadInputException(
          whole.resolveSibling(name),
          "a file that can be written and locked",
          "none (" + IoReason.of(e) + ")",
          "choose a folder of a file system that has locks",
          e);
    }
  }

  private static FileChannel locked(Path file, Path folder, Progress progress) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        progress.remark("waits for " + folder.getFileName() + ", which another process does");
        channel.lock();
      }
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static void hold(Path file) {
    synchronized (HELD) {
      try {
        while (!HELD.add(file)) {
          HELD.wait();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while another thread does the job", e);
      }
    }
  }

  private static void letGo(Path file) {
    synchronized (HELD) {
      HELD.remove(file);
      HELD.notifyAll();
    }
  }

  /** Lets the next one have it. */
  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new IllegalStateException("the lock of a job cannot be released", e);
    } finally {
      letGo(file);
    }
  }
}
