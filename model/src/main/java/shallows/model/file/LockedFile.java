package shallows.model.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A file that this process has locked against all others, until it is closed or the process ends.
 *
 * <p>The system's locks are those of a whole process, and whoever in it closes the file, however
 * often it is open, lets go of all of them. So within a process a table says what is locked, and a
 * file that is in it is not opened again.
 */
public final class LockedFile implements AutoCloseable {
  /** By what the system tells files by, whatever they are called. */
  private static final Map<Object, LockedFile> HELD = new HashMap<>();

  private final Path path;
  private final Object key;
  private final boolean shared;
  private FileChannel channel;
  private boolean locked;
  private int holders = 1;

  private LockedFile(Path path, Object key, boolean shared) {
    this.path = path;
    this.key = key;
    this.shared = shared;
  }

  /** How a file that is open is locked; null where another process has it. */
  private interface Locking {
    FileLock lock(FileChannel channel) throws IOException;
  }

  /**
   * Makes the file if need be.
   *
   * @return empty where anybody else has it, in this process or in another
   */
  public static Optional<LockedFile> tryLock(Path path) throws IOException {
    LockedFile file = new LockedFile(path, made(path), false);
    synchronized (HELD) {
      if (HELD.putIfAbsent(file.key, file) != null) {
        return Optional.empty();
      }
    }
    return file.open(FileChannel::tryLock) ? Optional.of(file) : Optional.empty();
  }

  /**
   * Makes the file if need be, and waits until nobody else has it.
   *
   * @param waits told where it is another process that has it
   */
  public static LockedFile lock(Path path, Runnable waits) throws IOException {
    LockedFile file = new LockedFile(path, made(path), false);
    synchronized (HELD) {
      while (HELD.putIfAbsent(file.key, file) != null) {
        file.await();
      }
    }
    return file.opened(
        channel -> {
          FileLock lock = channel.tryLock();
          if (lock == null) {
            waits.run();
            lock = channel.lock();
          }
          return lock;
        });
  }

  /**
   * Makes the file if need be, and locks it beside everybody who shares it.
   *
   * @return to be closed as often as it was returned
   */
  public static LockedFile share(Path path) throws IOException {
    LockedFile file = new LockedFile(path, made(path), true);
    synchronized (HELD) {
      LockedFile held;
      while ((held = HELD.putIfAbsent(file.key, file)) != null) {
        if (!held.shared) {
          throw new IOException("it is locked by this process for itself alone");
        }
        if (held.locked) {
          held.holders++;
          return held;
        }
        file.await();
      }
    }
    return file.opened(channel -> channel.lock(0, Long.MAX_VALUE, true));
  }

  /** Whether anybody has it, in this process or in another. */
  public static boolean isLocked(Path path) throws IOException {
    Object key = key(path);
    synchronized (HELD) {
      if (HELD.containsKey(key)) {
        return true;
      }
      try (FileChannel channel = channel(path);
          FileLock lock = channel.tryLock()) {
        return lock == null;
      } catch (OverlappingFileLockException e) {
        // By somebody in this process who does not ask here.
        return true;
      }
    }
  }

  private static FileChannel channel(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static Object made(Path path) throws IOException {
    if (!Files.exists(path)) {
      try {
        Files.createFile(path);
      } catch (FileAlreadyExistsException e) {
        // Somebody else was faster.
      }
    }
    return key(path);
  }

  private static Object key(Path path) throws IOException {
    Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    return key == null ? path.toRealPath() : key;
  }

  /** Until somebody in this process has let go of a file. */
  private void await() {
    try {
      HELD.wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while another thread has " + path, e);
    }
  }

  private LockedFile opened(Locking locking) throws IOException {
    if (!open(locking)) {
      throw new IOException("it is locked by another part of this process");
    }
    return this;
  }

  private boolean open(Locking locking) throws IOException {
    boolean won = false;
    try {
      channel = channel(path);
      won = locking.lock(channel) != null;
    } catch (OverlappingFileLockException e) {
      // Somebody in this process who does not ask here.
    } finally {
      if (won) {
        synchronized (HELD) {
          locked = true;
          HELD.notifyAll();
        }
      } else {
        close();
      }
    }
    return won;
  }

  /** What it is read and written by; it stays open as long as it is locked. */
  public FileChannel channel() {
    return channel;
  }

  /** Whether it still lies where it was locked, and is no other file of that name. */
  public boolean isInPlace() {
    try {
      return key.equals(key(path));
    } catch (IOException e) {
      return false;
    }
  }

  /** The next one may have it; once more, and nothing happens. */
  @Override
  public void close() {
    synchronized (HELD) {
      if (holders == 0 || --holders > 0) {
        return;
      }
      try {
        // First, since whoever locks it next would lose it by that.
        if (channel != null) {
          channel.close();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(path + ": its lock cannot be released", e);
      } finally {
        HELD.remove(key, this);
        HELD.notifyAll();
      }
    }
  }
}
