package shallows.model.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;

/**
 * Reads an ONNX model into a graph: our own files exactly, and other people's as long as they use
 * only the operations that a graph has, in opset 9 to 21. A file without our metadata has no blocks
 * and {@link shallows.model.graph.Task#unnamed unnamed} classes.
 *
 * <p>A value is named as in the file. Parameters that no node reads, value information,
 * descriptions and the names of the ONNX nodes are left out.
 */
public final class OnnxReader {
  /** As long as a Java array can be. */
  private static final long MOST_BYTES = Integer.MAX_VALUE - 8;

  /** A file may hold a million nodes that are refused; a line may not. */
  private static final int LONGEST_LINE = 4_000;

  private OnnxReader() {}

  /**
   * @throws BadInputException when the file is missing, unreadable, damaged or no ONNX model, or
   *     when it holds something that a graph cannot express
   */
  public static Graph read(Path file) {
    String where = file.toString();
    try {
      return read(bytes(file, where), where);
    } catch (OutOfMemoryError e) {
      throw bad(where, "is larger than the memory there is; give Java more with -Xmx", e);
    }
  }

  /**
   * @param where the file's name, for messages
   * @throws BadInputException as {@link #read(Path)}
   */
  public static Graph read(byte[] bytes, String where) {
    if (bytes.length == 0) {
      throw bad(where, "expected an ONNX model, found an empty file; write or copy it again", null);
    }
    try {
      return OnnxGraphReader.read(ModelProto.parseFrom(bytes));
    } catch (InvalidProtocolBufferException e) {
      throw bad(
          where,
          "expected an ONNX model, found a file that is damaged or of another kind ("
              + e.getMessage()
              + "); write or copy it again",
          e);
    } catch (IllegalArgumentException e) {
      throw bad(
          where, e.getMessage() + "; export the network without that or take another file", e);
    }
  }

  private static byte[] bytes(Path file, String where) {
    if (!Files.exists(file)) {
      throw bad(where, "expected an ONNX file, found none; check the path", null);
    }
    if (!Files.isRegularFile(file)) {
      throw bad(where, "expected an ONNX file, found a folder or device; name a file", null);
    }
    try {
      long size = Files.size(file);
      if (size > MOST_BYTES) {
        throw bad(
            where,
            "expected an ONNX file of less than 2 GB, found " + size + " bytes; take a smaller one",
            null);
      }
      return Files.readAllBytes(file);
    } catch (AccessDeniedException e) {
      throw bad(where, "expected an ONNX file, found one that we may not read; check its owner", e);
    } catch (IOException e) {
      throw bad(where, "cannot be read (" + e.getMessage() + "); check the disk", e);
    }
  }

  /** Names in a file may hold anything: nothing in them shall reach the terminal as a command. */
  private static BadInputException bad(String where, String message, Throwable cause) {
    String line = (where + ": " + message).replaceAll("\\p{Cntrl}+", " ");
    if (line.length() > LONGEST_LINE) {
      line = line.substring(0, LONGEST_LINE) + " ...";
    }
    return new BadInputException(line, cause);
  }
}
