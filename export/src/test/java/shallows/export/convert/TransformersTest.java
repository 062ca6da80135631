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
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;

/**
 * Networks of tokens and attention as PyTorch writes them, in many spellings. Each is read with its
 * blocks, comes out as ONNX and TFLite files that give what the original gives, is the same when it
 * is read again, and is what the interpreter says without any one block.
 */
class TransformersTest {
  private static final int THREADS = 1;

  /** Of the designs of the script, and those for one image at a time. */
  private static final int LEAST = 30;

  private static final int BATCH = 2;

  /** Of the originals, these take several images at once: most do. */
  private static final int LEAST_SEVERAL = 15;

  @TempDir static Path folder;

  /** How many originals took several images at once. */
  private final AtomicInteger several = new AtomicInteger();

  @TestFactory
  List<DynamicTest> eachComesOutTheSame() throws IOException {
    // Norms are several nodes before opset 17.
    assumeTrue(
        TorchvisionFiles.runs("transformers.py", folder, "14"),
        "needs /usr/bin/python3 with torch");
    List<DynamicTest> tests = new ArrayList<>();
    try (var files = Files.newDirectoryStream(folder, "*.onnx")) {
      var sorted = new TreeSet<Path>();
      files.forEach(sorted::add);
      tests.add(
          DynamicTest.dynamicTest(
              "thePageNamesThem", () -> Designs.assertOnPage("tokens", sorted)));
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
    Graph graph = conversion.network().graph();
    int blocks = Integer.parseInt(name.substring(0, name.indexOf('-')));
    assertEquals(blocks, graph.blocks().size(), name);
    assertEquals(graph.nodes(), OnnxReader.read(OnnxWriter.bytes(graph), name).nodes());
    assertAll(
        () -> assertWithin(name, OnTheDisk.agreement(conversion, ExportFormat.ONNX, THREADS)),
        () -> assertWithin(name, OnTheDisk.agreement(conversion, ExportFormat.TFLITE, THREADS)));
    if (OtherRuns.assertSame(file, conversion)) {
      several.incrementAndGet();
    }
    graph.blocks().forEach(block -> assertDrops(name, graph, block));
  }

  private static void assertDrops(String name, Graph graph, Block block) {
    Graph dropped = Rewrites.drop(graph, Set.of(block.name()));
    try (OnnxRuntimeClassifier runtime =
        OnnxRuntimeClassifier.open(OnnxWriter.bytes(dropped), name, THREADS)) {
      shallows.export.Agreement.assertAgrees(
          dropped, OperationCases.input(dropped, BATCH), runtime);
    }
  }

  private static void assertWithin(String what, Agreement agreement) {
    assertTrue(agreement.holds(), () -> what + ": " + agreement.words("the original"));
  }
}
