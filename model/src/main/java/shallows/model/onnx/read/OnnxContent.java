package shallows.model.onnx.read;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import shallows.model.file.FileKind;
import shallows.model.file.IoReason;
import shallows.model.onnx.OnnxOutline;

/** What is in a file that somebody named as an ONNX model. */
final class OnnxContent {
  /** As long as a Java array can be. */
  private static final long MOST_BYTES = Integer.MAX_VALUE - 8;

  private OnnxContent() {}

  /**
   * Without its large constants, which are read where they lie.
   *
   * @param where the file's name, for messages
   * @throws shallows.model.BadInputException when it is missing or unreadable
   */
  static byte[] of(Path file, String where) {
    if (!Files.exists(file)) {
      throw OnnxReader.bad(where, "expected an ONNX file, found none; check the path", null);
    }
    Optional<FileKind> folder = FileKind.ofFolder(file);
    if (folder.isPresent()) {
      throw OnnxReader.bad(
          where,
          "expected an ONNX file, found " + folder.get().words() + "; " + folder.get().remedy(),
          null);
    }
    if (!Files.isRegularFile(file)) {
      throw OnnxReader.bad(
          where, "expected an ONNX file, found a folder or device; name a file", null);
    }
    try {
      long size = Files.size(file);
      if (size > MOST_BYTES) {
        throw OnnxReader.bad(
            where,
            "expected an ONNX file of less than 2 GB, found " + size + " bytes; take a smaller one",
            null);
      }
      return OnnxOutline.of(file).content();
    } catch (AccessDeniedException e) {
      throw OnnxReader.bad(
          where, "expected an ONNX file, found one that we may not read; check its owner", e);
    } catch (IOException e) {
      throw OnnxReader.bad(where, "cannot be read (" + IoReason.of(e) + "); check the disk", e);
    }
  }
}
