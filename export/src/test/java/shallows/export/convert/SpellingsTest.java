package shallows.export.convert;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import shallows.export.ExportFormat;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Rewrites;
import shallows.model.onnx.write.OnnxWriter;

/**
 * One meaning in many spellings: small designs as PyTorch writes them, of an old and a newer opset.
 * Each is read, and comes out as ONNX and TFLite files that give what the original gives.
 */
class SpellingsTest {
  private static final int THREADS = 1;

  /** Of the designs of the script, each in two opsets; a few only the newer exporter knows. */
  private static final int LEAST = 160;

  /** Before the number of blocks, in the names of residual networks. */
  private static final String BLOCKS = "blocks-";

  /** What a design is in older opsets is the same network. */
  private static final String NEWER = "-17.onnx";

  private static final int BATCH = 3;

  /** Of the originals, these take several images at once: most do. */
  private static final int LEAST_SEVERAL = 50;

  @TempDir static Path folder;

  /** How many originals took several images at once. */
  private final AtomicInteger several = new AtomicInteger();

  @TestFactory
  List<DynamicTest> eachComesOutTheSame() throws IOException {
    assumeTrue(
        TorchvisionFiles.runs("spellings.py", folder, "11", "17"),
        "needs /usr/bin/python3 with torch");
    List<DynamicTest> tests = new ArrayList<>();
    try (var files = Files.newDirectoryStream(folder, "*.onnx")) {
      var sorted = new TreeSet<Path>();
      files.forEach(sorted::add);
      tests.add(
          DynamicTest.dynamicTest(
              "thePageNamesThem", () -> Designs.assertOnPage("spellings", sorted)));
      assertTrue(sorted.size() >= LEAST, sorted.size() + " files");
      for (Path file : sorted) {
        String name = file.getFileName().toString();
        tests.add(DynamicTest.dynamicTest(name, () -> assertComesOutTheSame(name, file)));
      }
    }
    tests.add(
        DynamicTest.dynamicTest(
            "originalsTookSeveralImages",
            () -> assertTrue(several.get() >= LEAST_SEVERAL, several + " originals")));
    return tests;
  }

  private void assertComesOutTheSame(String name, Path file) {
    Conversion conversion = Conversion.of(file, 1, THREADS);
    if (name.startsWith(BLOCKS)) {
      assertBlocks(name, conversion.network().graph());
    }
    assertAll(
        () -> assertWithin(name, OnTheDisk.agreement(conversion, ExportFormat.ONNX, THREADS)),
        () -> assertWithin(name, OnTheDisk.agreement(conversion, ExportFormat.TFLITE, THREADS)));
    if (name.endsWith(NEWER) && OtherRuns.assertSame(file, conversion)) {
      several.incrementAndGet();
    }
  }

  /** They are found, and the network without each is what the interpreter makes of it. */
  private static void assertBlocks(String name, Graph graph) {
    int expected = Character.getNumericValue(name.charAt(BLOCKS.length()));
    assertEquals(expected, graph.blocks().size(), name);
    for (Block block : graph.blocks()) {
      Graph dropped = Rewrites.drop(graph, Set.of(block.name()));
      try (OnnxRuntimeClassifier runtime =
          OnnxRuntimeClassifier.open(OnnxWriter.bytes(dropped), name, THREADS)) {
        shallows.export.Agreement.assertAgrees(
            dropped, OperationCases.input(dropped, BATCH), runtime);
      }
    }
  }

  private static void assertWithin(String what, Agreement agreement) {
    assertTrue(agreement.holds(), () -> what + ": " + agreement.words("the original"));
  }
}
