package shallows.export.unpack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import shallows.data.PixelOrder;
import shallows.export.BinaryNetworks;
import shallows.export.ShakenNetworks;
import shallows.export.inspect.TfliteInspection;
import shallows.export.metadata.AssociatedFiles;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.QuantizedGraphs;
import shallows.export.runtime.TfliteClassifier;
import shallows.export.tflite.NativeTflite;
import shallows.export.tflite.PackedFilters;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.graph.Graph;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

class UnpackedTfliteTest {
  private static final long ENOUGH = 1 << 26;
  private static final Graph NETWORK =
      ExportPasses.all(
          BinaryNetworks.of(ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28))));
  private static final byte[] PACKED = packed(NETWORK);

  /** So small that damage hits what leads to the filter as often as the filter. */
  private static final byte[] SMALL =
      packed(operations().stream().filter(UnpackedTfliteTest::holdsBits).findFirst().orElseThrow());

  /** Odd shapes, groups, depthwise: all convolutions that there are, binary. */
  static List<Graph> operations() {
    return QuantizedGraphs.operations().stream()
        .map(BinaryNetworks::everywhere)
        .filter(graph -> BinaryNetworks.binaryWeights(graph) > 0)
        .toList();
  }

  private static boolean holdsBits(Graph graph) {
    return graph.nodes().stream().anyMatch(node -> PackedFilters.holds(graph, node));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyOperationGivesTheSameBits(Graph graph) {
    assertSameOutputs(
        graph,
        TfliteWriter.bytes(graph, TfliteOptions.PACKED),
        TfliteWriter.bytes(graph, TfliteOptions.STANDARD));
    QuantizedGraph integers = QuantizedGraphs.of(graph, OperationCases.input(graph, 1));
    assertSameOutputs(
        integers.graph(),
        TfliteWriter.bytes(integers, TfliteOptions.PACKED),
        TfliteWriter.bytes(integers, TfliteOptions.STANDARD));
  }

  /** Those of the packed file in the same kernels; and in XNNPACK those of the file of bytes. */
  private static void assertSameOutputs(Graph graph, byte[] packed, byte[] twin) {
    byte[] unpacked = UnpackedTflite.of(packed, ENOUGH);
    assertEquals(holdsBits(graph), unpacked != packed, graph.name());
    TfliteInspection.check(ByteBuffer.wrap(unpacked), graph.name());
    Shape image = graph.input().shape();
    float[] pixels =
        PixelOrder.channelsLast(OperationCases.input(graph, 1).values(), 1, image.dimension(0));
    int outputs = graph.shape(graph.output()).size();
    assertArrayEquals(
        NativeTflite.runWithoutXnnpack(packed, pixels, outputs),
        NativeTflite.runWithoutXnnpack(unpacked, pixels, outputs),
        graph.name());
    assertArrayEquals(inXnnpack(twin, pixels), inXnnpack(unpacked, pixels), graph.name());
  }

  private static float[] inXnnpack(byte[] file, float[] image) {
    try (TfliteClassifier classifier = TfliteClassifier.open(file, "file", 1)) {
      return classifier.logits(image, 1)[0];
    }
  }

  @Test
  void xnnpackTakesTheWholeNetwork() {
    assertTrue(NativeTflite.plan(PACKED).size() > 1);
    assertEquals(
        List.of("TfLiteXNNPackDelegate"), NativeTflite.plan(UnpackedTflite.of(PACKED, ENOUGH)));
  }

  @Test
  void itGrowsByItsFiltersAlone() {
    long weights = BinaryNetworks.binaryWeights(NETWORK);
    long grown = UnpackedTflite.of(PACKED, ENOUGH).length - PACKED.length - weights;
    assertTrue(grown > 0 && grown < 10_000, () -> "another " + grown + " bytes");
  }

  @Test
  void labelsAndMetadataAreStillFound() throws IOException {
    byte[] unpacked = UnpackedTflite.of(PACKED, ENOUGH);
    assertEquals(
        AssociatedFiles.read(PACKED, "labels.txt"), AssociatedFiles.read(unpacked, "labels.txt"));
    // The archive, and with it what stands before, is where its records say.
    assertArrayEquals(
        unpacked,
        AssociatedFiles.replaced(
            unpacked, "labels.txt", AssociatedFiles.read(unpacked, "labels.txt")));
  }

  @Test
  void whatHasNothingToUnpackIsGivenBack() {
    byte[] plain = TfliteWriter.bytes(NETWORK);
    assertSame(plain, UnpackedTflite.of(plain, 0));
    byte[] unpacked = UnpackedTflite.of(PACKED, ENOUGH);
    assertSame(unpacked, UnpackedTflite.of(unpacked, 0));
  }

  @Test
  void noMoreMemoryIsTakenThanIsTold() {
    int needed = UnpackedTflite.of(PACKED, ENOUGH).length;
    for (long most : new long[] {0, PACKED.length, needed}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> UnpackedTflite.of(PACKED, most))
              .getMessage();
      assertTrue(message.contains("more memory"), message);
    }
    assertNotSame(PACKED, UnpackedTflite.of(PACKED, 4L * needed));
  }

  /** Damage is one failure, or leaves a file that is as wrong as it was. */
  @Test
  void whatIsDamagedIsRefusedOrStaysDamaged() {
    Random random = new Random(1);
    int refused = 0;
    for (int i = 0; i < 3_000; i++) {
      byte[] damaged = SMALL.clone();
      for (int k = 0; k <= i % 3; k++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      refused += refuses(damaged);
    }
    assertTrue(refused > 100, refused + " refused");
    // Up to where the archive begins, which is not looked at.
    for (int length = 0; length < SMALL.length / 2; length += 7) {
      assertEquals(1, refuses(Arrays.copyOf(SMALL, length)), length + " bytes");
    }
  }

  private static int refuses(byte[] file) {
    try {
      UnpackedTflite.of(file, ENOUGH);
      return 0;
    } catch (IllegalArgumentException e) {
      assertEquals(1, e.getMessage().lines().count());
      return 1;
    }
  }

  private static byte[] packed(Graph graph) {
    Tensor image = OperationCases.input(graph, 1);
    return TfliteWriter.bytes(QuantizedGraphs.of(graph, image), TfliteOptions.PACKED);
  }
}
