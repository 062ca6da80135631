package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.file.FileKind;
import shallows.model.file.IoReason;
import shallows.model.graph.Graph;
import shallows.model.graph.Task;
import shallows.model.onnx.OnnxLabels;
import shallows.model.onnx.OnnxMessage;
import shallows.model.onnx.OnnxMetadata;
import shallows.model.onnx.constant.ExternalData;

/**
 * Reads an ONNX model into a graph: our own files exactly, and other people's as long as they use
 * only what the operations of a graph express, in opset 7 to 25. In a file without our metadata,
 * blocks are {@link shallows.model.graph.ResidualBlocks found} and classes are {@link
 * shallows.model.graph.Task#unnamed unnamed}.
 *
 * <p>What a file computes of constants alone is computed here, a Softmax at its end is left out, as
 * a graph gives logits, and an input with the channels last becomes one with the channels first.
 *
 * <p>A value is named as in the file. Parameters that no node reads, value information,
 * descriptions and the names of the ONNX nodes are left out.
 */
public final class OnnxReader {
  /** Of one value of a network: 512 MB of floats. */
  public static final long MOST_ELEMENTS = OnnxLimits.MOST_ELEMENTS;

  public static final int MOST_NODES = OnnxLimits.MOST_NODES;

  /** Names in a file may be of any length; a line that a person reads may not. */
  private static final int LONGEST_MESSAGE = 2_000;

  private OnnxReader() {}

  /**
   * @throws BadInputException when the file is missing, unreadable, damaged or no ONNX model, or
   *     when it holds something that a graph cannot express
   */
  public static Graph read(Path file) {
    return imported(file).graph();
  }

  /**
   * @param where the file's name, for messages
   * @throws BadInputException as {@link #read(Path)}
   */
  public static Graph read(byte[] bytes, String where) {
    return imported(bytes, where).graph();
  }

  /**
   * The graph of bytes that need no other file, and what they have that the graph has not.
   *
   * @param where the file's name, for messages
   * @throws BadInputException as {@link #read(Path)}
   */
  public static ImportedNetwork imported(byte[] bytes, String where) {
    return read(bytes, where, ExternalData.NONE, ReadOptions.OF_FILE);
  }

  /**
   * The graph, and what its file has that the graph has not.
   *
   * @throws BadInputException as {@link #read(Path)}
   */
  public static ImportedNetwork imported(Path file) {
    return imported(file, ReadOptions.OF_FILE);
  }

  /**
   * The same, with what the file leaves open.
   *
   * @throws BadInputException as {@link #read(Path)}
   */
  public static ImportedNetwork imported(Path file, ReadOptions options) {
    return imported(file, ExternalData.beside(file), options);
  }

  /**
   * The same, large weights being read from the file only when, and as often as, they are used. So
   * it has to stay as it is for so long: {@link shallows.model.graph.Tensor#values} throws a {@link
   * BadInputException} else.
   *
   * @throws BadInputException as {@link #read(Path)}
   */
  public static ImportedNetwork importedInPlace(Path file, ReadOptions options) {
    return imported(file, ExternalData.beside(file).staying(), options);
  }

  private static ImportedNetwork imported(Path file, ExternalData external, ReadOptions options) {
    String where = file.toString();
    try {
      ImportedNetwork network = read(OnnxContent.of(file, where), where, external, options);
      if (where.toLowerCase(Locale.ROOT).endsWith(".tflite")) {
        throw FileKind.misnamed(where, "an ONNX model", ".onnx");
      }
      return network;
    } catch (OutOfMemoryError e) {
      throw tooLarge(where, e);
    }
  }

  /**
   * What becomes of the nodes of a foreign file, operator by operator, also where some are refused.
   *
   * @throws BadInputException when the file is missing, unreadable, damaged, no ONNX model, or none
   *     of one image
   */
  public static OnnxCoverage coverage(Path file, ReadOptions options) {
    String where = file.toString();
    ExternalData external = ExternalData.beside(file);
    ModelProto model = model(OnnxContent.of(file, where), where);
    return refusing(where, () -> OnnxGraphReader.coverage(model, external, options));
  }

  private static ImportedNetwork read(
      byte[] bytes, String where, ExternalData external, ReadOptions options) {
    ModelProto model = model(bytes, where);
    if (PackedWeights.areIn(model)) {
      throw bad(where, PackedWeights.REFUSAL, null);
    }
    return refusing(where, () -> OnnxGraphReader.read(model, external, options));
  }

  private static <T> T refusing(String where, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (RefusedFileException e) {
      throw refused(where, e.getMessage(), e.remedy(), e);
    } catch (IllegalArgumentException e) {
      throw refused(where, e.getMessage(), OnnxRemedies.USUAL, e);
    }
  }

  private static BadInputException refused(
      String where, String message, Phrase remedy, IllegalArgumentException e) {
    // One piece, which is said whole: what is wrong with the file, all of it.
    Phrase line =
        Phrase.of("%s: %s; %s", plain(where), plain(shortened(String.valueOf(message))), remedy);
    return BadInputException.of(null, line, null, e);
  }

  /**
   * Whether a file leaves open how large its images are.
   *
   * @throws BadInputException when the file is missing, unreadable, damaged or no ONNX model
   */
  public static boolean takesAnySize(Path file) {
    return OnnxInput.isOfAnySize(
        model(OnnxContent.of(file, file.toString()), file.toString()).getGraph());
  }

  /**
   * What the file says of its task, whatever operations it holds: a file of packed weights, which
   * only a runtime unpacks, has one too.
   *
   * @return empty where it says nothing
   * @throws BadInputException when the file is missing, unreadable, damaged or no ONNX model
   */
  public static Optional<Task> task(Path file) {
    return task(OnnxContent.of(file, file.toString()), file.toString());
  }

  /**
   * The same of a file that was read already.
   *
   * @param where the file's name, for messages
   */
  public static Optional<Task> task(byte[] bytes, String where) {
    try {
      return OnnxMetadata.read(model(bytes, where)).task();
    } catch (OutOfMemoryError e) {
      throw tooLarge(where, e);
    } catch (IllegalArgumentException e) {
      throw bad(where, e.getMessage() + "; export the network again", e);
    }
  }

  /** Whether this is an ONNX model, whether or not a graph can express what is in it. */
  public static boolean isModel(byte[] bytes) {
    try {
      return model(bytes, "the file").hasGraph();
    } catch (BadInputException e) {
      return false;
    }
  }

  /**
   * The names of the classes that other tools left in the file.
   *
   * @param where the file's name, for messages
   * @param classes how many the file has
   * @return empty where it has none, or others
   */
  public static Optional<List<String>> labels(byte[] bytes, String where, int classes) {
    Map<String, String> metadata = new HashMap<>();
    model(bytes, where)
        .getMetadataPropsList()
        .forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
    return OnnxLabels.of(metadata, classes);
  }

  private static ModelProto model(byte[] bytes, String where) {
    // Some of the others happen to be messages that an ONNX model could be.
    if (FileKind.of(bytes).isPresent()) {
      throw noModel(bytes, where, null);
    }
    if (bytes.length == 0) {
      throw bad(where, "expected an ONNX model, found an empty file; write or copy it again", null);
    }
    try {
      return OnnxMessage.of(bytes);
    } catch (IOException e) {
      throw noModel(bytes, where, e);
    }
  }

  /**
   * The refusal of bytes that are no ONNX model, saying what they are where that shows.
   *
   * @param cause null where the bytes were not parsed
   */
  public static BadInputException noModel(byte[] bytes, String where, IOException cause) {
    return FileKind.of(bytes)
        .map(
            kind ->
                bad(
                    where,
                    "expected an ONNX model, found " + kind.words() + "; " + kind.remedy(),
                    cause))
        .orElseGet(
            () ->
                bad(
                    where,
                    "expected an ONNX model, found a file that is damaged or of another kind"
                        + (cause == null ? "" : " (" + IoReason.of(cause) + ")")
                        + "; write or copy it again",
                    cause));
  }

  /** Names in a file may hold anything: nothing in them shall reach the terminal as a command. */
  static BadInputException bad(String where, String message, Throwable cause) {
    return new BadInputException(plain(where + ": " + message), cause);
  }

  private static String plain(String text) {
    return text.replaceAll("\\p{Cc}+", " ");
  }

  private static BadInputException tooLarge(String where, OutOfMemoryError e) {
    return bad(
        where,
        "is larger than the memory there is; give Java more, for example"
            + " SHALLOWS_JAVA_OPTS=-Xmx4g",
        e);
  }

  private static String shortened(String message) {
    return message.length() <= LONGEST_MESSAGE
        ? message
        : message.substring(0, LONGEST_MESSAGE) + " ...";
  }
}
