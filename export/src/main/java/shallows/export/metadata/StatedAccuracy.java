package shallows.export.metadata;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;

/**
 * What an exported file says of its own accuracy. It is measured of the written file, in the
 * runtime that it is for; so a file says at first that nothing was measured, and verification puts
 * the figure in the place of these words. Nothing that a runtime computes with is touched by that.
 */
public final class StatedAccuracy {
  /** The entry of an ONNX file's metadata. */
  public static final String KEY = Provenance.PREFIX + Provenance.ACCURACY;

  /** The file in the archive of a TFLite file. */
  public static final String FILE = "accuracy.txt";

  /** What a file says that was not verified. */
  public static final String NOT_MEASURED = "not measured";

  /**
   * A line in {@value #FILE} is filled up to this length, so that a file is as large after its
   * verification as before, when it was held against a budget.
   */
  private static final int LINE_LENGTH = 80;

  private StatedAccuracy() {}

  /**
   * For example {@code "0.9123 on the 10000 test images of fashion-mnist, in TFLite 2.21.0"}.
   *
   * @param accuracy in [0, 1]
   * @param images how many it was measured on
   * @param data what they are called
   * @param runtime name and version
   */
  public static String measured(double accuracy, int images, String data, String runtime) {
    return String.format(
        Locale.ROOT, "%.4f on the %d test images of %s, in %s", accuracy, images, data, runtime);
  }

  /** The same graph, whose files say that they were not verified, whatever it said before. */
  public static Graph withoutMeasurement(Graph graph) {
    return graph.withMetadata(KEY, NOT_MEASURED);
  }

  /** The content of {@value #FILE}. */
  static String line(String statement) {
    return statement + " ".repeat(Math.max(0, LINE_LENGTH - statement.length())) + "\n";
  }

  /**
   * A TFLite file with another statement; the model in it keeps every byte.
   *
   * @param where its name, for messages
   * @throws BadInputException when the file has no archive, or a damaged one
   */
  public static byte[] replacedInTflite(byte[] content, String where, String statement) {
    try {
      return AssociatedFiles.replaced(content, FILE, line(statement));
    } catch (IOException e) {
      throw new BadInputException(
          where,
          "an archive behind the model",
          "damage (" + e.getMessage() + ")",
          "export the network again",
          e);
    }
  }

  /** What a TFLite file says; empty where it says nothing, as files of others do. */
  public static Optional<String> ofTflite(byte[] content) {
    try {
      return Optional.of(AssociatedFiles.read(content, FILE).strip());
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
