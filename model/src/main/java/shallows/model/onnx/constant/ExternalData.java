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
 * for.
 */
public final class ExternalData {
  private final Path folder;

  /**
   * @param folder of the model; null where it is no file, and then it may name none
   */
  public ExternalData(Path folder) {
    this.folder = folder;
  }

  /**
   * @param expected how many bytes the tensor has
   * @throws IllegalArgumentException saying what is wrong, without the tensor's name
   */
  ByteBuffer bytes(TensorProto tensor, long expected) {
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
    try (FileChannel file = FileChannel.open(inside(location))) {
      if (offset < 0 || offset > file.size() - length) {
        throw new IllegalArgumentException(
            "expected "
                + length
                + " bytes from "
                + offset
                + " on in '"
                + location
                + "', found "
                + file.size());
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) length);
      while (bytes.hasRemaining() && file.read(bytes, offset + bytes.position()) > 0) {
        // A read may stop anywhere.
      }
      if (bytes.hasRemaining()) {
        throw new IllegalArgumentException("'" + location + "' became shorter while it was read");
      }
      return bytes.flip();
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
    if (folder == null || location.isEmpty()) {
      throw new IllegalArgumentException(
          "expected the values inside the model, found them in '" + location + "'");
    }
    Path file;
    try {
      file = folder.resolve(location);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("expected a file's name, found '" + location + "'", e);
    }
    boolean there = Files.isRegularFile(file);
    if (!file.normalize().startsWith(folder.normalize())
        || there && !file.toRealPath().startsWith(folder.toRealPath())) {
      throw new IllegalArgumentException(
          "expected a file in the model's own folder, found '" + location + "'");
    }
    if (!there) {
      throw new IllegalArgumentException(
          "expected the file '" + location + "' beside the model, found none");
    }
    return file;
  }
}
