package shallows.export.convert;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import shallows.export.ExportFormat;
import shallows.model.onnx.ReadingPage;

/**
 * The classifiers of torchvision: each is read, has the blocks that the page says, and comes out as
 * ONNX and TFLite files that give what the original gives. One or two of each family, and all of
 * them by {@code -Dtorchvision=all}.
 */
class TorchvisionNetworksTest {
  private static final int THREADS = 2;

  /** Of parameters. Larger ones are the same as smaller ones of their family, but for that. */
  private static final long LARGEST = 100_000_000;

  /** Of the list that the page was written with; others have other networks. */
  private static final String VERSION = "0.14";

  private static final Set<String> FEW =
      Set.of(
          "alexnet",
          "convnext_tiny",
          "densenet121",
          "efficientnet_b0",
          "googlenet",
          "inception_v3",
          "mnasnet0_5",
          "mobilenet_v2",
          "mobilenet_v3_small",
          "regnet_y_400mf",
          "resnet18",
          "resnet50",
          "resnext50_32x4d",
          "shufflenet_v2_x1_0",
          "squeezenet1_0",
          "vgg11_bn");

  @TestFactory
  List<DynamicTest> eachIsReadWithItsBlocksAndComesOutTheSame() throws IOException {
    Map<String, Long> networks = TorchvisionFiles.list();
    assumeTrue(networks != null, "needs /usr/bin/python3 with torch and torchvision");
    boolean all = "all".equals(System.getProperty("torchvision"));
    if (!all) {
      TorchvisionFiles.export(networks.keySet().stream().filter(FEW::contains).toList());
    }
    Map<String, String> blocks = onPage();
    List<DynamicTest> tests = new ArrayList<>();
    for (String name : networks.keySet()) {
      if (networks.get(name) > LARGEST && !TorchvisionFiles.isNarrowed(name)) {
        blocks.put(name, "left out: too large");
        continue;
      }
      if (!all && !FEW.contains(name)) {
        continue;
      }
      tests.add(
          DynamicTest.dynamicTest(
              name,
              () -> {
                String found = String.valueOf(blocks(name, TorchvisionFiles.export(name)));
                String expected = blocks.put(name, found);
                assertTrue(
                    Boolean.getBoolean("reading.rewrite") || found.equals(expected),
                    () -> "the page says " + expected + " blocks, found " + found);
              }));
    }
    if (TorchvisionFiles.version().startsWith(VERSION)) {
      tests.add(
          DynamicTest.dynamicTest(
              "thePageNamesThem",
              () -> {
                List<String> lines =
                    new ArrayList<>(
                        List.of(
                            "| network | million parameters | blocks |", "| --- | ---: | ---: |"));
                networks
                    .keySet()
                    .forEach(
                        name ->
                            lines.add(
                                row(
                                    name,
                                    networks.get(name),
                                    blocks.getOrDefault(name, "not tried"))));
                ReadingPage.assertSays("torchvision", lines);
              }));
    }
    return tests;
  }

  /** The last column by the first one. */
  private static Map<String, String> onPage() throws IOException {
    Map<String, String> blocks = new LinkedHashMap<>();
    for (String line : ReadingPage.lines("torchvision")) {
      String[] columns = line.split("[|]");
      blocks.put(columns[1].strip(), columns[3].strip());
    }
    return blocks;
  }

  private static String row(String name, long parameters, String blocks) {
    return String.format(Locale.ROOT, "| %s | %.1f | %s |", name, parameters / 1e6, blocks);
  }

  private static int blocks(String name, Path file) throws IOException {
    Conversion conversion = Conversion.of(file, 1, THREADS);
    assertAll(
        () ->
            assertWithin(
                name + " as ONNX", OnTheDisk.agreement(conversion, ExportFormat.ONNX, THREADS)),
        () ->
            assertWithin(
                name + " as TFLite",
                OnTheDisk.agreement(conversion, ExportFormat.TFLITE, THREADS)));
    if (!FEW.contains(name)) {
      // All of them would be 6 GB.
      Files.delete(file);
    }
    return conversion.network().graph().blocks().size();
  }

  private static void assertWithin(String what, Agreement agreement) {
    assertTrue(agreement.holds(), () -> what + ": " + agreement.words("the original"));
  }
}
