package shallows.model.onnx.constant;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import shallows.model.BadInputException;
import shallows.model.file.IoReason;
import shallows.model.graph.Tensor;
import shallows.model.onnx.OnnxOutline;

/**
 * Tensors that lie in files beside the model. A model may come from anywhere, so what it names must
 * lie in its own folder, also behind all links, and hold the bytes that the tensor's shape asks
 * for. Where the model itself is a link, as in the cache of Hugging Face, what lies beside it may
 * be a link into the same folder.
 */
public final class ExternalData {
  /** For models that may name no other file. */
  public static final ExternalData NONE = new ExternalData(null, false, Map.of());

  /** Bytes that are read at once. */
  private static final int PART = 1 << 18;

  private final Path model;
  private final boolean staying;

  /** Of each file, what it was when it was first asked for; the model is that from the start. */
  private final Map<Path, Version> versions;

  private ExternalData(Path model, boolean staying, Map<Path, Version> versions) {
    this.model = model;
    this.staying = staying;
    this.versions = versions;
  }

  /** What shows that a file was written to or replaced. */
  private record Version(long size, FileTime modified, Optional<Object> key) {
    static Version of(Path file) throws IOException {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return new Version(
          found.size(), found.lastModifiedTime(), Optional.ofNullable(found.fileKey()));
    }
  }

  /** What lies beside this file, and in it as it is now. */
  public static ExternalData beside(Path model) {
    Map<Path, Version> versions = new ConcurrentHashMap<>();
    try {
      Path real = model.toRealPath();
      versions.put(real, Version.of(real));
    } catch (IOException e) {
      // Whoever reads the model says so.
    }
    return new ExternalData(model.toAbsolutePath(), false, versions);
  }

  /** The same, large tensors of floats being read only when, and as often as, they are used. */
  public ExternalData staying() {
    return new ExternalData(model, true, versions);
  }

  /** Whether a tensor of so many bytes is read when it is used. */
  boolean stays(long bytes) {
    return staying && bytes >= OnnxOutline.LEAST;
  }

  /** Where the bytes of a tensor lie. */
  private record Span(String location, Path file, Version version, long offset, int length) {}

  /**
   * @param expected how many bytes the tensor has
   * @throws IllegalArgumentException saying what is wrong, without the tensor's name
   */
  public ByteBuffer bytes(TensorProto tensor, long expected) {
    Span span = span(tensor, expected);
    ByteBuffer bytes = ByteBuffer.allocate(span.length());
    try (FileChannel file = FileChannel.open(span.file())) {
      fill(bytes, file, span.offset(), span.location());
      return bytes;
    } catch (IOException e) {
      throw new IllegalArgumentException("'" + span.location() + "' cannot be read", e);
    }
  }

  /**
   * A tensor of floats.
   *
   * @param size how many numbers it has
   * @throws IllegalArgumentException as {@link #bytes}
   */
  float[] floats(TensorProto tensor, int size) {
    Span span = span(tensor, size * (long) Float.BYTES);
    try {
      return all(span);
    } catch (IOException e) {
      throw new IllegalArgumentException("'" + span.location() + "' cannot be read", e);
    }
  }

  /**
   * The same, read when it is used. Then it throws a {@link BadInputException} where the file has
   * changed meanwhile.
   *
   * @throws IllegalArgumentException as {@link #bytes}
   */
  Tensor.Source source(TensorProto tensor, int size) {
    return new Staying(span(tensor, size * (long) Float.BYTES));
  }

  private record Staying(Span span) implements Tensor.Source {
    @Override
    public float[] all() {
      return read(() -> ExternalData.all(span));
    }

    @Override
    public void parts(Consumer<FloatBuffer> reader) {
      read(
          () -> {
            ExternalData.parts(span, reader);
            return null;
          });
    }

    private <T> T read(Reading<T> reading) {
      try {
        if (!Version.of(span.file()).equals(span.version())) {
          throw new BadInputException(
              span.file(), "the file that was begun with", "another one", "begin again");
        }
        return reading.read();
      } catch (IOException | IllegalArgumentException e) {
        throw new BadInputException(
            span.file(),
            null,
            "cannot be read any more ("
                + (e instanceof IOException failure ? IoReason.of(failure) : e.getMessage())
                + ")",
            "begin again",
            e);
      }
    }
  }

  @FunctionalInterface
  private interface Reading<T> {
    T read() throws IOException;
  }

  private static float[] all(Span span) throws IOException {
    FloatBuffer all = FloatBuffer.allocate(span.length() / Float.BYTES);
    parts(span, all::put);
    return all.array();
  }

  private static void parts(Span span, Consumer<FloatBuffer> reader) throws IOException {
    ByteBuffer part = ByteBuffer.allocate(Math.min(span.length(), PART));
    part.order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel file = FileChannel.open(span.file())) {
      for (int at = 0; at < span.length(); at += part.limit()) {
        part.clear().limit(Math.min(part.capacity(), span.length() - at));
        fill(part, file, span.offset() + at, span.location());
        reader.accept(part.asFloatBuffer());
      }
    }
  }

  /** Fills what remains of a buffer, and goes back to its beginning. */
  private static void fill(ByteBuffer bytes, FileChannel file, long offset, String location)
      throws IOException {
    while (bytes.hasRemaining() && file.read(bytes, offset + bytes.position()) > 0) {
      // A read may stop anywhere.
    }
    if (bytes.hasRemaining()) {
      throw new IllegalArgumentException("'" + location + "' became shorter while it was read");
    }
    bytes.flip();
  }

  /**
   * Whether the bytes of a tensor are there, without reading them.
   *
   * @throws IllegalArgumentException as {@link #bytes}
   */
  public void check(TensorProto tensor, long expected) {
    span(tensor, expected);
  }

  private Span span(TensorProto tensor, long expected) {
    Map<String, String> entries =
        tensor.getExternalDataList().stream()
            .collect(
                Collectors.toMap(
                    StringStringEntryProto::getKey,
                    StringStringEntryProto::getValue,
                    (first, second) -> second));
    String location = entries.getOrDefault("location", "");
    long offset = number(entries, "offset", 0);
    long length = number(entries, "length", expected);
    if (length != expected || expected > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "expected " + expected + " bytes in '" + location + "', found " + length);
    }
    try {
      Path file = inside(location);
      Version now = Version.of(file);
      Version first = versions.putIfAbsent(file.toRealPath(), now);
      if (first != null && !first.equals(now)) {
        throw new IllegalArgumentException("'" + location + "' changed while it was read");
      }
      long size = now.size();
      if (offset < 0 || offset > size - length) {
        throw new IllegalArgumentException(
            "expected "
                + length
                + " bytes from "
                + offset
                + " on in '"
                + location
                + "', found "
                + size);
      }
      return new Span(location, file, now, offset, (int) length);
    } catch (IOException e) {
      throw new IllegalArgumentException("'" + location + "' cannot be read", e);
    }
  }

  private static long number(Map<String, String> entries, String key, long fallback) {
    try {
      return entries.containsKey(key) ? Long.parseLong(entries.get(key)) : fallback;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "expected a number as " + key + ", found '" + entries.get(key) + "'", e);
    }
  }

  private Path inside(String location) throws IOException {
    if (model == null || location.isEmpty()) {
      throw new IllegalArgumentException(
          "expected the values inside the model, found them in '" + location + "'");
    }
    if (Files.isSymbolicLink(model)
        && location.equals(model.toRealPath().getFileName().toString())) {
      // The model itself, by the name that it has behind the link.
      return model.toRealPath();
    }
    Path folder = model.getParent();
    Path file;
    try {
      file = folder.resolve(location);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("expected a file's name, found '" + location + "'", e);
    }
    boolean there = Files.isRegularFile(file);
    if (!file.normalize().startsWith(folder.normalize())
        || there && !isBeside(file.toRealPath(), folder)) {
      throw new IllegalArgumentException(
          "expected a file in the model's own folder, found '" + location + "'");
    }
    if (!there) {
      throw new IllegalArgumentException(
          "expected the file '" + location + "' beside the model, found none");
    }
    return file;
  }

  private boolean isBeside(Path real, Path folder) throws IOException {
    return real.startsWith(folder.toRealPath())
        || Files.isSymbolicLink(model) && real.getParent().equals(model.toRealPath().getParent());
  }
}
