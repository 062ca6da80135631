package shallows.export.convert;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import shallows.data.PixelOrder;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.WeightStorage;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.export.tflite.NativeTflite;
import shallows.export.tflite.TfliteBatch;
import shallows.export.tflite.TfliteEdges;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.graph.Graph;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.read.ImportedNetwork;

/**
 * A converted network in the ways to run it that a comparison image by image does not take: three
 * images at once in ONNX Runtime, the original too, and in TFLite, and TFLite without XNNPACK.
 */
final class OtherRuns {
  private static final int IMAGES = 3;

  /**
   * Of the range of the outputs. What rounding does is judged by {@link Conversion}; an image in
   * the place of another, or a kernel of its own that was told something else, is far from that.
   */
  private static final double TOLERANCE = 1e-3;

  /** Of the largest output: of logits around 1,000 a range of 0.1 has but some thousand steps. */
  private static final double ROUNDING = 1e-6;

  private static final TfliteOptions SEVERAL =
      new TfliteOptions(TfliteBatch.DYNAMIC, TfliteEdges.FLOATS, WeightStorage.AS_COMPUTED);

  private OtherRuns() {}

  /**
   * @return whether the original was among them: it takes as many images as there are, channels
   *     first, and ends with logits
   */
  static boolean assertSame(Path original, Conversion conversion) {
    Graph graph = conversion.graph();
    Shape image = graph.input().shape();
    Tensor batch = OperationCases.input(graph, IMAGES);
    float[] pixels = PixelOrder.channelsLast(batch.values(), IMAGES, image.dimension(0));
    int classes = graph.classes();
    float[] expected = new float[IMAGES * classes];
    float[] alone = new float[IMAGES * classes];
    byte[] one = conversion.tflite();
    float[] together;
    try (OnnxRuntimeClassifier onnx =
        OnnxRuntimeClassifier.open(conversion.onnx(), graph.name(), 1)) {
      for (int i = 0; i < IMAGES; i++) {
        float[] each = Arrays.copyOfRange(pixels, i * image.size(), (i + 1) * image.size());
        System.arraycopy(onnx.logits(each, 1)[0], 0, expected, i * classes, classes);
        float[] own = NativeTflite.runWithoutXnnpack(one, each, classes);
        System.arraycopy(own, 0, alone, i * classes, classes);
      }
      together = flat(onnx.logits(pixels, IMAGES), classes);
    }
    assertClose("ONNX of three images", expected, together);
    assertClose("TFLite without XNNPACK", expected, alone);
    int[] shape = {IMAGES, image.dimension(1), image.dimension(2), image.dimension(0)};
    float[] several =
        NativeTflite.run(
            TfliteWriter.bytes(ExportPasses.all(graph), SEVERAL), shape, pixels, expected.length);
    assertClose("TFLite of three images", expected, several);
    if (conversion.network().channelsLast()
        || conversion.network().ending() != ImportedNetwork.Ending.LOGITS) {
      return false;
    }
    float[] theirs = original(original, batch);
    if (theirs != null) {
      assertClose("the original of three images", expected, theirs);
    }
    return theirs != null;
  }

  /** Null where it takes one image, or so many. */
  private static float[] original(Path file, Tensor batch) {
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString())) {
      String input = session.getInputNames().iterator().next();
      if (!(session.getInputInfo().get(input).getInfo() instanceof TensorInfo info)
          || info.getShape()[0] != -1) {
        return null;
      }
      long[] shape = batch.shape().dimensions().stream().mapToLong(extent -> extent).toArray();
      try (OnnxTensor tensor =
              OnnxTensor.createTensor(
                  OrtEnvironment.getEnvironment(), FloatBuffer.wrap(batch.values()), shape);
          OrtSession.Result result = session.run(Map.of(input, tensor))) {
        FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
        float[] copy = new float[values.remaining()];
        values.get(copy);
        return copy;
      }
    } catch (OrtException e) {
      throw new AssertionError(file + " does not run", e);
    }
  }

  private static float[] flat(float[][] rows, int classes) {
    float[] flat = new float[rows.length * classes];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, i * classes, classes);
    }
    return flat;
  }

  private static void assertClose(String what, float[] expected, float[] found) {
    OutputDistance distance = OutputDistance.of(new float[][] {found}, new float[][] {expected});
    double largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    double allowed = TOLERANCE * distance.scale() + ROUNDING * largest;
    assertTrue(
        distance.largest() <= allowed,
        () -> what + " differs by " + distance.largest() + ", expected at most " + allowed);
  }
}
