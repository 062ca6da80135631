package shallows.export.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import shallows.export.ExportFormat;
import shallows.model.BadInputException;
import shallows.model.graph.Extent;
import shallows.model.onnx.read.ReadOptions;

/**
 * Files of other people, where there are such: {@code -Dcorpus=FOLDER}, or several with the
 * system's path separator between them. Each is read and comes out the same as ONNX and as TFLite,
 * or is refused in one line. What a file leaves open is said for it: the first output, images of 32
 * by 32 with 3 channels.
 */
class CorpusTest {
  private static final int THREADS = 1;

  /** Where the table goes that says what became of each. */
  private static final Path TABLE = Path.of("target", "corpus.txt");

  /** Of a file whose original was run on several images at once. */
  private static final String SEVERAL = "read, of several images too";

  @Test
  void eachFileComesOutTheSameOrIsRefusedInALine() throws IOException {
    String folders = System.getProperty("corpus");
    assumeTrue(folders != null && !folders.isBlank(), "needs -Dcorpus=FOLDER");
    List<String> table = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    int read = 0;
    int several = 0;
    List<Path> files = files(folders);
    for (Path file : files) {
      String found = outcome(file);
      table.add(file.getFileName() + " | " + found);
      if (found.startsWith("read")) {
        read++;
        several += found.startsWith(SEVERAL) ? 1 : 0;
      } else if (!found.startsWith("refused")) {
        wrong.add(table.get(table.size() - 1));
      }
    }
    table.add(
        read + " of " + files.size() + " read, " + several + " originals with several images");
    Files.createDirectories(TABLE.getParent());
    Files.write(TABLE, table);
    assertTrue(!files.isEmpty(), () -> "no .onnx file in " + folders);
    assertEquals(List.of(), wrong);
  }

  private static List<Path> files(String folders) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String folder : folders.split(java.io.File.pathSeparator)) {
      try (Stream<Path> all = Files.walk(Path.of(folder))) {
        all.filter(file -> file.toString().endsWith(".onnx")).sorted().forEach(files::add);
      }
    }
    return files;
  }

  private static String outcome(Path file) {
    try {
      Conversion conversion = conversion(file);
      Agreement onnx = OnTheDisk.agreement(conversion, ExportFormat.ONNX, THREADS);
      Agreement tflite = OnTheDisk.agreement(conversion, ExportFormat.TFLITE, THREADS);
      if (!onnx.holds() || !tflite.holds()) {
        return "WRONG: as ONNX " + onnx.words("it") + ", as TFLite " + tflite.words("it");
      }
      boolean several = OtherRuns.assertSame(file, conversion);
      return (several ? SEVERAL : "read")
          + ", blocks: "
          + conversion.network().graph().blocks().size()
          + " "
          + conversion.network().notes();
    } catch (BadInputException e) {
      boolean oneLine = e.getMessage().lines().count() == 1;
      return (oneLine ? "refused: " : "LINES: ") + e.getMessage();
    } catch (AssertionError e) {
      return "WRONG: " + e.getMessage();
    } catch (RuntimeException e) {
      return "CRASHED: " + e;
    }
  }

  /** By the file alone where that is enough. */
  private static Conversion conversion(Path file) {
    try {
      return Conversion.of(file, 1, THREADS);
    } catch (BadInputException e) {
      return said(e.getMessage())
          .map(options -> Conversion.of(file, options, 1, THREADS))
          .orElseThrow(() -> e);
    }
  }

  /** What the refusal asks for. */
  private static Optional<ReadOptions> said(String refusal) {
    if (refusal.contains("outputs") || refusal.contains("expected one output")) {
      String first = refusal.replaceFirst(".*?found \\d+: '([^']*)'.*", "$1");
      return Optional.of(
          new ReadOptions(Optional.of(first), Optional.empty(), OptionalInt.empty()));
    }
    if (refusal.contains("expected fixed C, H and W")) {
      OptionalInt channels =
          refusal.contains("channels 3") ? OptionalInt.of(3) : OptionalInt.empty();
      return Optional.of(
          new ReadOptions(Optional.empty(), Optional.of(new Extent(32, 32)), channels));
    }
    return Optional.empty();
  }
}
