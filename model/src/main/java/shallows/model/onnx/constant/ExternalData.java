package shallows.model.onnx.constant;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Tensors that lie in files beside the model. A model may come from anywhere, so what it names must
 * lie in its own folder, also behind all links, and hold the bytes that the tensor's shape asks
 * for. Where the model itself is a link, as in the cache of Hugging Face, what lies beside it may
 * be a link into the same folder.
 */
public final class ExternalData {
  /** For models that may name no other file. */
  public static final ExternalData NONE = new ExternalData(null);

  private final Path model;

  private ExternalData(Path model) {
    this.model = model;
  }

  /** What lies beside this file. */
  public static ExternalData beside(Path model) {
    return new ExternalData(model.toAbsolutePath());
  }

  /** Where the bytes of a tensor lie. */
  private record Span(String location, Path file, long offset, int length) {}

  /**
   * @param expected how many bytes the tensor has
   * @throws IllegalArgumentException saying what is wrong, without the tensor's name
   */
  ByteBuffer bytes(TensorProto tensor, long expected) {
    Span span = span(tensor, expected);
    try (FileChannel file = FileChannel.open(span.file())) {
      ByteBuffer bytes = ByteBuffer.allocate(span.length());
      while (bytes.hasRemaining() && file.read(bytes, span.offset() + bytes.position()) > 0) {
        // A read may stop anywhere.
      }
      if (bytes.hasRemaining()) {
        throw new IllegalArgumentException(
            "'" + span.location() + "' became shorter while it was read");
      }
      return bytes.flip();
    } catch (IOException e) {
      throw new IllegalArgumentException("'" + span.location() + "' cannot be read", e);
    }
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
      long size = Files.size(file);
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
      return new Span(location, file, offset, (int) length);
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
