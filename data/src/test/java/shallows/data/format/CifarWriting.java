package shallows.data.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import shallows.data.LabelledImages;

/** Writes the binary form of CIFAR. */
public final class CifarWriting {
  public static final int IMAGE = 3 * 32 * 32;

  private CifarWriting() {}

  /** Records of a set of 32x32 colour images: labels, of which the last is theirs, and planes. */
  public static byte[] records(LabelledImages set, int labelBytes) {
    int record = labelBytes + IMAGE;
    byte[] bytes = new byte[set.size() * record];
    for (int i = 0; i < set.size(); i++) {
      bytes[i * record + labelBytes - 1] = (byte) set.label(i);
      byte[] image = set.image(i);
      for (int p = 0; p < IMAGE; p++) {
        bytes[i * record + labelBytes + p % 3 * (IMAGE / 3) + p / 3] = image[p];
      }
    }
    return bytes;
  }

  /** A packed archive of these files in a folder, with a text beside them. */
  public static byte[] archive(String folder, Map<String, byte[]> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      put(tar, folder + "/readme.html", "text".getBytes(StandardCharsets.UTF_8));
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        put(tar, folder + "/" + file.getKey(), file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return IdxWriting.gzip(bytes.toByteArray());
  }

  private static void put(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }
}
