package shallows.export.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.export.ExportFormat;
import shallows.model.BadInputException;

/**
 * Graphs of odd shapes, strides, pads, groups and orders of axes: each comes out the same or is
 * refused. {@code -Dgraphs=2000} for more of them, {@code -Dgraphs.first=N} to begin with another.
 */
class RandomGraphsTest {
  private static final int GRAPHS = Integer.getInteger("graphs", 200);
  private static final int FIRST = Integer.getInteger("graphs.first", 0);

  @TempDir Path folder;

  @Test
  void noneIsWrong() throws Exception {
    List<String> wrong = new ArrayList<>();
    int read = 0;
    for (int seed = FIRST; seed < FIRST + GRAPHS; seed++) {
      Path file = folder.resolve("graph.onnx");
      Files.write(file, new RandomModel(seed).bytes());
      try {
        Conversion conversion = Conversion.of(file, seed, 1);
        Agreement onnx = OnTheDisk.agreement(conversion, ExportFormat.ONNX, 1);
        Agreement tflite = OnTheDisk.agreement(conversion, ExportFormat.TFLITE, 1);
        read++;
        if (!onnx.holds() || !tflite.holds()) {
          wrong.add(seed + ": ONNX " + onnx.words("it") + ", TFLite " + tflite.words("it"));
        }
      } catch (BadInputException e) {
        // Named and refused, which is what is to happen; files that we wrote are never refused.
        if (!e.getMessage().contains("graph.onnx: expected")) {
          wrong.add(seed + ": " + e.getMessage());
        }
      }
    }
    assertEquals(List.of(), wrong);
    int of = GRAPHS;
    int found = read;
    assertTrue(found > of / 2, () -> found + " of " + of + " were read");
  }
}
