package shallows.data.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import shallows.data.LabelledImages;

/** Writes IDX files, whole ones and, for the tests of errors, any bytes. */
public final class IdxWriting {
  public static final int LABELS = 2049;
  public static final int IMAGES = 2051;

  private IdxWriting() {}

  /** Writes the two files of a set of grey images; the extension is {@code ".gz"} or empty. */
  public static void writeSet(Path folder, String part, String extension, LabelledImages set) {
    ByteBuffer pixels = ByteBuffer.allocate(set.size() * set.imageBytes());
    ByteBuffer labels = ByteBuffer.allocate(set.size());
    for (int i = 0; i < set.size(); i++) {
      pixels.put(set.image(i));
      labels.put((byte) set.label(i));
    }
    byte[] images = idx(IMAGES, pixels.array(), set.size(), set.height(), set.width());
    write(folder.resolve(part + "-images-idx3-ubyte" + extension), images);
    write(
        folder.resolve(part + "-labels-idx1-ubyte" + extension),
        idx(LABELS, labels.array(), set.size()));
  }

  /** The bytes of an unpacked IDX file. */
  public static byte[] idx(int magic, byte[] content, int... shape) {
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * shape.length + content.length).putInt(magic);
    for (int length : shape) {
      bytes.putInt(length);
    }
    return bytes.put(content).array();
  }

  /** Writes a file, packed if its name ends in {@code .gz}. */
  public static Path write(Path file, byte[] content) {
    return writeRaw(file, file.toString().endsWith(".gz") ? gzip(content) : content);
  }

  public static Path writeRaw(Path file, byte[] content) {
    try {
      Files.createDirectories(file.getParent());
      return Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static byte[] gzip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new BestGzip(bytes)) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static final class BestGzip extends GZIPOutputStream {
    BestGzip(OutputStream out) throws IOException {
      super(out);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }
}
