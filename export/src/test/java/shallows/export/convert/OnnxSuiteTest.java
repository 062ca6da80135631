package shallows.export.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.export.ExportFormat;
import shallows.model.BadInputException;
import shallows.model.onnx.ReadingPage;

/**
 * The onnx project's own cases for single operators, those that take an image: each is read and
 * comes out the same as ONNX and as TFLite, or is refused in a line. The page has the counts.
 */
class OnnxSuiteTest {
  private static final int THREADS = 1;

  /** Of the suite that the page was written with; others have other cases. */
  private static final String VERSION = "1.12.0";

  @TempDir static Path folder;

  private static final String BATCH = "mixes the images of a batch";
  private static final String LOSS = "a loss, which compares with labels";
  private static final String TRAINING = "batch norm while it is trained";

  /** Cases that no classifier of images has, by their names, and why. */
  private static final Map<String, String> LEFT_OUT =
      Map.ofEntries(
          Map.entry("nllloss_.*|sce_.*", LOSS),
          Map.entry("batchnorm_.*_training_mode", TRAINING),
          Map.entry("dft.*", "complex numbers"),
          Map.entry("roialign_.*", "finds objects"),
          Map.entry("maxunpool_.*", "draws masks"),
          Map.entry("flatten_axis[023]|flatten_negative_axis[124]", BATCH),
          Map.entry("layer_normalization_4d_axis(0|_negative_4)(_expanded)?", BATCH),
          Map.entry("gather_0|tile|squeeze|mvn(_expanded)?", BATCH));

  /** What became of the cases of one operator. */
  private static final class Cases {
    private int all;
    private int read;
    private int leftOut;
    private final Set<String> reasons = new LinkedHashSet<>();
  }

  @Test
  void eachCaseComesOutTheSameOrIsRefusedInALine() throws IOException {
    assumeTrue(
        TorchvisionFiles.imports("onnx") && TorchvisionFiles.runs("onnx_suite.py", folder),
        "needs /usr/bin/python3 with torch and onnx");
    Map<String, Cases> operators = new TreeMap<>();
    List<String> wrong = new ArrayList<>();
    for (Path file : files()) {
      String name = file.getFileName().toString();
      Cases cases =
          operators.computeIfAbsent(name.substring(0, name.indexOf('-')), key -> new Cases());
      cases.all++;
      try {
        Conversion conversion = Conversion.of(file, 1, THREADS);
        Agreement onnx = OnTheDisk.agreement(conversion, ExportFormat.ONNX, THREADS);
        Agreement tflite = OnTheDisk.agreement(conversion, ExportFormat.TFLITE, THREADS);
        cases.read++;
        if (leftOut(name).isPresent() || !onnx.holds() || !tflite.holds()) {
          wrong.add(name + ": as ONNX " + onnx.words("it") + ", TFLite " + tflite.words("it"));
        }
      } catch (BadInputException e) {
        Optional<String> why = leftOut(name);
        cases.leftOut += why.isPresent() ? 1 : 0;
        cases.reasons.add(why.orElseGet(() -> reason(e.getMessage())));
        if (e.getMessage().lines().count() != 1) {
          wrong.add(name + ": " + e.getMessage());
        }
      } catch (RuntimeException e) {
        wrong.add(name + ": " + e);
      }
    }
    assertEquals(List.of(), wrong);
    if (Files.readString(folder.resolve("version.txt")).equals(VERSION)) {
      ReadingPage.assertSays("suite", table(operators));
    }
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".onnx")).sorted().toList();
    }
  }

  private static Optional<String> leftOut(String file) {
    String name = file.substring(file.indexOf('-') + 1, file.lastIndexOf('.'));
    return LEFT_OUT.entrySet().stream()
        .filter(entry -> name.matches(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** Without the file and its nodes. */
  private static String reason(String message) {
    int from = message.indexOf('(');
    int to = message.lastIndexOf(')');
    return from < 0 || to < from ? message : message.substring(from + 1, to);
  }

  private static List<String> table(Map<String, Cases> operators) {
    List<String> lines = new ArrayList<>();
    int all = operators.values().stream().mapToInt(cases -> cases.all).sum();
    int read = operators.values().stream().mapToInt(cases -> cases.read).sum();
    int leftOut = operators.values().stream().mapToInt(cases -> cases.leftOut).sum();
    lines.add(
        read
            + " of the "
            + all
            + " cases of onnx "
            + VERSION
            + " that take an image are read; "
            + leftOut
            + " of the others are what no classifier has, as the last column says:");
    lines.add("");
    lines.add("| operator | read | of | what no classifier has | why others are not read |");
    lines.add("| --- | ---: | ---: | ---: | --- |");
    operators.forEach(
        (name, cases) ->
            lines.add(
                "| "
                    + String.join(
                        " | ",
                        name,
                        Integer.toString(cases.read),
                        Integer.toString(cases.all),
                        Integer.toString(cases.leftOut),
                        String.join("; ", cases.reasons))
                    + " |"));
    return lines;
  }
}
