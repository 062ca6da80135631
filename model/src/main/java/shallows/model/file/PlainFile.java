package shallows.model.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/**
 * Files that are taken into something that goes on to other people. A link would take in a file
 * from elsewhere, perhaps a secret one; a pipe or a device would never end.
 */
public final class PlainFile {
  private PlainFile() {}

  /**
   * The content of a file that is nothing else: links are not followed, at the moment of opening
   * either. The folders above it may be links; they are what somebody asked for.
   *
   * @throws IOException when it is missing, no plain file, or cannot be read
   */
  public static byte[] bytes(Path file) throws IOException {
    BasicFileAttributes found =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!found.isRegularFile()) {
      throw new IOException(
          (found.isSymbolicLink() ? "a link" : "no plain file") + ", where a plain file is needed");
    }
    try (InputStream in =
        Channels.newInputStream(
            Files.newByteChannel(
                file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)))) {
      return in.readAllBytes();
    }
  }
}
