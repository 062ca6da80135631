package shallows.model.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import shallows.model.BadInputException;

/**
 * What a file is that was taken for a model, told from its content, as names can say anything. An
 * ONNX model has no mark of its own; it is what none of these is.
 *
 * @param words for example {@code "a TFLite model"}
 * @param remedy what to do with it
 */
public record FileKind(String words, String remedy) {
  public static final FileKind TFLITE =
      new FileKind(
          "a TFLite model",
          "named .tflite, classify and verify take it; everything else takes the .onnx that it was"
              + " made from");

  private static final FileKind PYTORCH =
      new FileKind(
          "what PyTorch saves", "load it in Python and write an .onnx with torch.onnx.export");
  private static final FileKind KERAS =
      new FileKind(
          "a Keras model or weights (HDF5)", "load it in Python and write an .onnx with tf2onnx");
  private static final FileKind SAFETENSORS =
      new FileKind(
          "weights without a network (safetensors)",
          "load them into their network in Python and write an .onnx with torch.onnx.export");
  private static final FileKind SAVED_MODEL =
      new FileKind(
          "a SavedModel of TensorFlow",
          "python -m tf2onnx.convert makes an .onnx of it (name the folder as its saved-model)");
  private static final FileKind RUN =
      new FileKind("the folder of a run", "name a file in its export/");
  private static final FileKind ORT =
      new FileKind("a model in ONNX Runtime's own format", "take the .onnx that it was made from");
  private static final FileKind IMAGE =
      new FileKind("an image", "the model comes first, images behind it");
  private static final FileKind POINTER =
      new FileKind("a pointer of Git LFS, not the file itself", "git lfs pull fetches it");
  private static final FileKind PAGE =
      new FileKind("a web page, not the file itself", "download the file again");
  private static final FileKind TEXT = new FileKind("a text", "name the model's own file");
  private static final FileKind PACKED =
      new FileKind("an archive", "unpack it and name the model in it");

  /** Marks at the start of files. */
  private enum Mark {
    ZIP("PK\003\004", PACKED),
    GZIP("\037\213", PACKED),
    HDF5("\211HDF\r\n\032\n", KERAS),
    PICKLE_2("\200\002", PYTORCH),
    PICKLE_3("\200\003", PYTORCH),
    PICKLE_4("\200\004", PYTORCH),
    PICKLE_5("\200\005", PYTORCH),
    LFS("version https://git-lfs", POINTER),
    PNG("\211PNG\r\n", IMAGE),
    JPEG("\377\330\377", IMAGE),
    GIF("GIF8", IMAGE),
    WEBP("RIFF", IMAGE),
    TIFF("II*\0", IMAGE),
    TIFF_OF_OTHERS("MM\0*", IMAGE);

    private final byte[] start;
    private final FileKind kind;

    Mark(String start, FileKind kind) {
      this.start = start.getBytes(StandardCharsets.ISO_8859_1);
      this.kind = kind;
    }

    boolean begins(byte[] content) {
      return content.length >= start.length
          && Arrays.equals(start, 0, start.length, content, 0, start.length);
    }
  }

  /** As much of a text as it takes to know one. */
  private static final int HEAD = 512;

  /** Entries of an archive that are looked at. */
  private static final int ENTRIES = 100;

  /**
   * What the content is; empty where it may be an ONNX model, or is of a kind not listed here.
   *
   * @param content all of it, or as many bytes from its start as there are
   */
  public static Optional<FileKind> of(byte[] content) {
    if (isFlatbuffer(content, "TFL3")) {
      return Optional.of(TFLITE);
    }
    if (isFlatbuffer(content, "ORTM")) {
      return Optional.of(ORT);
    }
    for (Mark mark : Mark.values()) {
      if (mark.begins(content)) {
        return Optional.of(mark == Mark.ZIP ? archive(content) : mark.kind);
      }
    }
    if (isSafetensors(content)) {
      return Optional.of(SAFETENSORS);
    }
    return text(content).map(text -> isPage(text) ? PAGE : TEXT);
  }

  /** What a folder is that was named instead of a file; empty for one like any other. */
  public static Optional<FileKind> ofFolder(Path folder) {
    if (Files.exists(folder.resolve("saved_model.pb"))) {
      return Optional.of(SAVED_MODEL);
    }
    return Files.exists(folder.resolve("run.json")) ? Optional.of(RUN) : Optional.empty();
  }

  /**
   * The refusal of a model whose name says that it is of another format.
   *
   * @param where its path, which ends in the wrong one
   * @param found what it is, for example {@code "a TFLite model"}
   * @param ending that its name should have, for example {@code ".tflite"}
   */
  public static BadInputException misnamed(String where, String found, String ending) {
    int dot = where.lastIndexOf('.');
    return new BadInputException(
        where,
        "a model of the format that its name ends in",
        found,
        "rename it to " + where.substring(0, dot) + ending);
  }

  /** Whether a file is a TFLite model; false where it cannot be read. */
  public static boolean isTflite(Path file) {
    try (InputStream in = Files.isRegularFile(file) ? Files.newInputStream(file) : null) {
      return in != null && isFlatbuffer(in.readNBytes(8), "TFL3");
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isFlatbuffer(byte[] content, String identifier) {
    return content.length >= 8
        && new String(content, 4, 4, StandardCharsets.ISO_8859_1).equals(identifier);
  }

  private static FileKind archive(byte[] content) {
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(content))) {
      ZipEntry entry = zip.getNextEntry();
      for (int i = 0; entry != null && i < ENTRIES; i++, entry = zip.getNextEntry()) {
        String name = entry.getName();
        if (name.endsWith("data.pkl") || name.endsWith("constants.pkl")) {
          return PYTORCH;
        }
        if (name.endsWith(".weights.h5")) {
          return KERAS;
        }
        if (name.endsWith("saved_model.pb")) {
          return SAVED_MODEL;
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      // Damaged or in part: an archive all the same.
    }
    return PACKED;
  }

  /** The length of a JSON object, and the object. */
  private static boolean isSafetensors(byte[] content) {
    if (content.length < 10) {
      return false;
    }
    long length = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return length >= 2 && length < 100_000_000 && content[8] == '{' && content[9] != 0;
  }

  private static Optional<String> text(byte[] content) {
    // Cut where no character is cut in two.
    int end = Math.min(content.length, HEAD);
    while (end > 0 && end < content.length && (content[end] & 0xC0) == 0x80) {
      end--;
    }
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content, 0, end)).toString();
      boolean readable =
          text.chars().allMatch(c -> !Character.isISOControl(c) || "\r\n\t\f".indexOf(c) >= 0);
      return readable && !text.isBlank() ? Optional.of(text) : Optional.empty();
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static boolean isPage(String text) {
    String start = text.stripLeading().toLowerCase(java.util.Locale.ROOT);
    return start.startsWith("<!doctype html") || start.startsWith("<html");
  }
}
