package shallows.export.runtime;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import shallows.export.BinaryNetworks;
import shallows.export.ShakenNetworks;
import shallows.export.binary.BinaryOnnxWriter;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.QuantizedGraphs;
import shallows.export.tflite.Layout;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.OnnxWriter;

/**
 * Files with flipped bits, changed bytes or a missing end either run (a weight may be any number)
 * or are refused in one line; the process survives. Weights are left alone, as changing them would
 * only try the first outcome.
 */
class CorruptFilesTest {
  /** Of each of five forms: 10,000 together. */
  private static final int MUTATIONS = 2_000;

  private static final Graph GRAPH =
      ExportPasses.all(ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28)));

  /** Opens a mutated file and runs it once. */
  private interface Attempt {
    RuntimeClassifier open(byte[] file);
  }

  @Test
  void onnxFilesRunOrAreRefused() {
    assertRunOrRefused(
        OnnxWriter.bytes(GRAPH), file -> OnnxRuntimeClassifier.open(file, "mutated.onnx", 1));
  }

  @Test
  void filesOfIntegersRunOrAreRefused() {
    QuantizedGraph quantized =
        QuantizedGraphs.of(BinaryNetworks.of(GRAPH), OperationCases.input(GRAPH, 1));
    assertRunOrRefused(
        TfliteWriter.bytes(quantized, TfliteOptions.PACKED),
        file -> TfliteClassifier.open(file, "mutated.tflite", 1));
  }

  @Test
  void filesOfPackedBitsRunOrAreRefused() {
    Graph binary = BinaryNetworks.of(GRAPH);
    assertRunOrRefused(
        BinaryOnnxWriter.bytes(binary),
        file -> OnnxRuntimeClassifier.open(file, "mutated.onnx", 1));
    assertRunOrRefused(
        TfliteWriter.bytes(binary, TfliteOptions.PACKED),
        file -> TfliteClassifier.open(file, "mutated.tflite", 1));
  }

  @Test
  void tfliteFilesRunOrAreRefused() {
    assertRunOrRefused(
        TfliteWriter.bytes(GRAPH), file -> TfliteClassifier.open(file, "mutated.tflite", 1));
  }

  private static void assertRunOrRefused(byte[] file, Attempt attempt) {
    int[] structure = structure(file);
    Random random = new Random(20);
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      try (RuntimeClassifier classifier = attempt.open(mutated(file, structure, random))) {
        classifier.logits(new float[classifier.image().size()], 1);
      } catch (BadInputException e) {
        assertTrue(e.getMessage().startsWith("mutated."), e.getMessage());
        refused++;
      }
    }
    assertTrue(refused > MUTATIONS / 4, "only " + refused + " files were refused");
  }

  private static byte[] mutated(byte[] file, int[] structure, Random random) {
    byte[] copy = file.clone();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      int position = structure[random.nextInt(structure.length)];
      if (random.nextBoolean()) {
        copy[position] ^= (byte) (1 << random.nextInt(8));
      } else {
        copy[position] = (byte) random.nextInt(256);
      }
    }
    return random.nextInt(20) == 0 ? Arrays.copyOf(copy, random.nextInt(copy.length)) : copy;
  }

  /** The positions that hold no weight of a large parameter, in either order of its axes. */
  private static int[] structure(byte[] file) {
    boolean[] weights = new boolean[file.length];
    for (Tensor tensor : GRAPH.parameters().values()) {
      float[] values = tensor.values();
      if (tensor.shape().rank() == 4) {
        mark(file, values, weights);
        int kernel = tensor.shape().dimension(2) * tensor.shape().dimension(3);
        values =
            Layout.channelsLast(
                values, tensor.shape().dimension(0), tensor.shape().dimension(1), kernel);
      }
      mark(file, values, weights);
    }
    return IntStream.range(0, file.length).filter(i -> !weights[i]).toArray();
  }

  private static void mark(byte[] file, float[] values, boolean[] weights) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    int length = bytes.capacity();
    for (int start = 0; start + length <= file.length; start++) {
      if (Arrays.mismatch(file, start, start + length, bytes.array(), 0, length) < 0) {
        Arrays.fill(weights, start, start + length, true);
      }
    }
  }
}
