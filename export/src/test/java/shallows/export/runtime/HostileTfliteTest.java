package shallows.export.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.Operator;
import org.tensorflow.lite.schema.SubGraph;
import shallows.export.ShakenNetworks;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.QuantizedGraphs;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;

/** Numbers in a TFLite file that its own verifier takes on trust. */
class HostileTfliteTest {
  private static final Shape IMAGE = Shape.of(3, 6, 6);
  private static final Graph GRAPH = graph();

  /** A convolution and a matrix, whose biases are zeros. */
  private static Graph graph() {
    GraphBuilder builder = new GraphBuilder("one", IMAGE, Task.unnamed(2, 3), 1);
    String conv = builder.conv("conv", builder.image(), 4, 3, Operation.Conv2d.of(1, 1));
    String mean = builder.add("mean", new Operation.GlobalAveragePool(), conv);
    return ExportPasses.all(
        ShakenNetworks.shaken(
            builder.build(
                builder.linear("linear", builder.add("flat", new Operation.Flatten(), mean), 2))));
  }

  /** Index −1 says that an operator goes without, which of a bias it may. */
  @Test
  void aMatrixWithoutBiasIsOneWithZeros() {
    byte[] file = TfliteWriter.bytes(GRAPH);
    byte[] without = file.clone();
    int last = Model.getRootAsModel(little(file)).subgraphs(0).operatorsLength() - 1;
    ByteBuffer inputs = operator(without, last).inputsAsByteBuffer();
    little(without).putInt(inputs.position() + 2 * Integer.BYTES, -1);
    assertArrayEquals(logits(file), logits(without), 1e-6f);
  }

  @Test
  void whatAnOperatorNeedsIsNotLeftOut() {
    for (int input : new int[] {0, 1}) {
      byte[] file = TfliteWriter.bytes(GRAPH);
      ByteBuffer inputs = operator(file, 0).inputsAsByteBuffer();
      little(file).putInt(inputs.position() + input * Integer.BYTES, -1);
      assertRefused(file, input == 0 ? "operator 0 without an input" : "without a filter");
    }
  }

  @Test
  void aZeroPointThatHasNoMagnitude() {
    byte[] file =
        TfliteWriter.bytes(
            QuantizedGraphs.of(GRAPH, new Tensor(IMAGE.withBatch(1), new float[IMAGE.size()])),
            TfliteOptions.STANDARD);
    SubGraph graph = Model.getRootAsModel(little(file)).subgraphs(0);
    ByteBuffer zeros =
        graph.tensors(operator(file, 1).inputs(0)).quantization().zeroPointAsByteBuffer();
    little(file).putLong(zeros.position(), Long.MIN_VALUE);
    assertRefused(file, "a zero point of");
  }

  /** It killed the process. */
  @Test
  void aTensorIsComputedOnce() {
    byte[] file = TfliteWriter.bytes(GRAPH);
    int read = operator(file, 1).inputs(0);
    ByteBuffer outputs = operator(file, 1).outputsAsByteBuffer();
    little(file).putInt(outputs.position(), read);
    assertRefused(file, "operator 1 that computes tensor " + read + " once more");
  }

  @Test
  void aTensorIsComputedBeforeItIsRead() {
    byte[] file = TfliteWriter.bytes(GRAPH);
    int later = operator(file, 1).outputs(0);
    little(file).putInt(operator(file, 0).inputsAsByteBuffer().position(), later);
    assertRefused(file, "operator 0 that reads tensor " + later + " before it is computed");
  }

  /** The list of the inputs, or that of the outputs, says that it has no entry. */
  @Test
  void withoutInputOrOutput() {
    byte[] blind = TfliteWriter.bytes(GRAPH);
    ByteBuffer inputs = Model.getRootAsModel(little(blind)).subgraphs(0).inputsAsByteBuffer();
    little(blind).putInt(inputs.position() - Integer.BYTES, 0);
    assertRefused(blind, "operator 0 that reads tensor");
    byte[] mute = TfliteWriter.bytes(GRAPH);
    ByteBuffer outputs = Model.getRootAsModel(little(mute)).subgraphs(0).outputsAsByteBuffer();
    little(mute).putInt(outputs.position() - Integer.BYTES, 0);
    assertRefused(mute, "found 1 inputs and 0 outputs");
  }

  private static ByteBuffer little(byte[] file) {
    return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static Operator operator(byte[] file, int index) {
    return Model.getRootAsModel(little(file)).subgraphs(0).operators(index);
  }

  private static float[] logits(byte[] file) {
    float[] image = new float[IMAGE.size()];
    for (int i = 0; i < image.length; i++) {
      image[i] = i % 7 - 3;
    }
    try (TfliteClassifier classifier = TfliteClassifier.open(file, "one.tflite", 1)) {
      return classifier.logits(image, 1)[0];
    }
  }

  private static void assertRefused(byte[] file, String found) {
    String message =
        assertThrows(BadInputException.class, () -> TfliteClassifier.open(file, "bad.tflite", 1))
            .getMessage();
    assertTrue(message.contains(found), message);
  }
}
