package shallows.data.download;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.file.LockedFile;
import shallows.model.progress.Progress;

/**
 * Downloads files. What has come lies in {@code .NAME.part} beside the file's place, and a later
 * download, of this process or of the next, goes on behind it. The file stands in its place only
 * when its checksum is right.
 */
public final class Downloader {
  /** Of one file; each of them must have brought some bytes, or it is the last. */
  private static final int MOST_CONNECTIONS = 20;

  private static final double MEGABYTE = 1e6;

  private final Progress progress;

  public Downloader(Progress progress) {
    this.progress = progress;
  }

  /**
   * Brings a file into a folder, unless it is there. Where somebody else is bringing it, in this
   * process or in another, waits for that.
   *
   * @throws DownloadException when the file did not come whole; what came is kept, but for bytes
   *     whose checksum was wrong
   * @throws BadInputException when it cannot be written
   */
  public void download(RemoteFile file, Path folder) throws DownloadException {
    Path target = folder.resolve(file.name());
    if (Files.exists(target)) {
      return;
    }
    Path part = folder.resolve("." + file.name() + ".part");
    try {
      Files.createDirectories(folder);
      try (LockedFile locked = LockedFile.lock(part, () -> waits(file))) {
        if (Files.exists(target)) {
          // What is locked is that file, or one that was made when it had its name already.
          if (locked.isInPlace()) {
            Files.delete(part);
          }
          return;
        }
        FileChannel channel = locked.channel();
        boolean resumed = channel.size() > 0;
        receive(file, channel);
        if (resumed && !file.checksum().equals(file.checksum().of(channel))) {
          // The bytes of the first part may be of another edition of the file.
          channel.truncate(0);
          receive(file, channel);
        }
        requireChecksum(file, channel);
        // Without this a power cut after the move may leave an empty file under the final name.
        channel.force(true);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (DownloadException e) {
      throw e;
    } catch (IOException e) {
      if (e instanceof NoSuchFileException && Files.exists(target)) {
        // Somebody else moved it into place between two looks at the part.
        return;
      }
      throw BadInputException.of(
          target,
          "cannot be written (" + reason(e) + ")",
          Phrase.of("free space, or give a folder that holds the data as %s", Setting.DATA),
          e);
    }
  }

  private void waits(RemoteFile file) {
    progress.remark("another process is downloading " + file.name() + "; waiting for it");
  }

  private void receive(RemoteFile file, FileChannel part) throws IOException {
    try {
      for (int connection = 1; ; connection++) {
        long before = part.size();
        try (Transfer transfer = Transfer.open(file.address(), before)) {
          if (transfer.startsAnew()) {
            part.truncate(0);
          }
          progress.start("download " + file.name(), Math.max(1, transfer.total()));
          progress.advance(part.size(), note(part.size(), transfer.total()));
          transfer.copyTo(part, (more, all) -> progress.advance(more, note(all, transfer.total())));
          return;
        } catch (Transfer.BrokenException e) {
          // A connection that brought something is worth another, which goes on behind it.
          if (part.size() <= before || connection == MOST_CONNECTIONS) {
            throw new DownloadException(e.getMessage(), e);
          }
        }
      }
    } finally {
      progress.finish();
    }
  }

  private static void requireChecksum(RemoteFile file, FileChannel part) throws IOException {
    Checksum found = file.checksum().of(part);
    if (!file.checksum().equals(found)) {
      part.truncate(0);
      throw new DownloadException(
          "expected " + file.checksum() + ", found " + found + " at " + file.address(), null);
    }
  }

  private static String note(long done, long total) {
    return total < 0
        ? String.format(Locale.ROOT, "%.1f MB", done / MEGABYTE)
        : String.format(Locale.ROOT, "%.1f of %.1f MB", done / MEGABYTE, total / MEGABYTE);
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
