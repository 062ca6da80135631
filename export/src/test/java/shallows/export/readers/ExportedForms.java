package shallows.export.readers;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import shallows.data.PixelOrder;
import shallows.export.BinaryNetworks;
import shallows.export.ShakenNetworks;
import shallows.export.TestImages;
import shallows.export.onnx.BinaryOnnxWriter;
import shallows.export.onnx.QdqOnnxWriter;
import shallows.export.onnx.RoundedOnnxWriter;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.QuantizedGraphs;
import shallows.export.quantize.WeightScales;
import shallows.export.quantize.WeightStorage;
import shallows.export.runtime.RuntimeClassifier;
import shallows.export.tflite.TfliteBatch;
import shallows.export.tflite.TfliteEdges;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.write.OnnxWriter;

/** One network in every form that we write, and images with the classes that our runtimes give. */
final class ExportedForms {
  static final Shape IMAGE = Shape.of(3, 24, 24);

  private static final int IMAGES = 8;
  private static final int CANDIDATES = 60;

  private final Path folder;
  private final Tensor images;
  private final Map<String, Path> files = new LinkedHashMap<>();

  /**
   * @param folder to write into
   */
  ExportedForms(Path folder) throws Exception {
    this.folder = folder;
    Graph graph =
        TestImages.centred(BinaryNetworks.of(ShakenNetworks.create("resnet-8-s2", IMAGE)));
    Graph folded = ExportPasses.all(graph);
    Tensor candidates = QuantizedGraphs.images(graph, CANDIDATES);
    QuantizedGraph quantized = QuantizedGraphs.of(folded, candidates);
    write("fp32.onnx", OnnxWriter.bytes(folded));
    write("fp16.onnx", RoundedOnnxWriter.bytes(folded, WeightStorage.HALF));
    write("int8-weights.onnx", RoundedOnnxWriter.bytes(folded, WeightStorage.BYTES));
    write("int4-weights.onnx", RoundedOnnxWriter.bytes(folded, WeightStorage.NIBBLES));
    write("int8.onnx", QdqOnnxWriter.bytes(quantized));
    write("int8-per-tensor.onnx", QdqOnnxWriter.bytes(quantized.with(WeightScales.PER_TENSOR)));
    write("binary.onnx", BinaryOnnxWriter.bytes(folded));
    write("mixed.onnx", QdqOnnxWriter.packedBytes(quantized));
    write("fp32.tflite", TfliteWriter.bytes(folded));
    write(
        "fp16.tflite", TfliteWriter.bytes(folded, TfliteOptions.STANDARD.with(WeightStorage.HALF)));
    write(
        "int8-weights.tflite",
        TfliteWriter.bytes(folded, TfliteOptions.STANDARD.with(WeightStorage.BYTES)));
    write("int8.tflite", TfliteWriter.bytes(quantized, TfliteOptions.STANDARD));
    write(
        "int8-per-tensor.tflite",
        TfliteWriter.bytes(quantized.with(WeightScales.PER_TENSOR), TfliteOptions.STANDARD));
    write("binary.tflite", TfliteWriter.bytes(folded, TfliteOptions.PACKED));
    // The bytes of binary-fast are those of int8.
    write("mixed.tflite", TfliteWriter.bytes(quantized, TfliteOptions.PACKED));
    TfliteOptions dynamic =
        new TfliteOptions(TfliteBatch.DYNAMIC, TfliteEdges.FLOATS, WeightStorage.AS_COMPUTED);
    write("fp32-batch-dynamic.tflite", TfliteWriter.bytes(folded, dynamic));
    TfliteOptions integers =
        new TfliteOptions(TfliteBatch.ONE, TfliteEdges.INTEGERS, WeightStorage.AS_COMPUTED);
    write("int8-io-int8.tflite", TfliteWriter.bytes(quantized, integers));
    this.images = clear(candidates);
  }

  private void write(String name, byte[] content) throws Exception {
    Path file = folder.resolve(name);
    Files.write(file, content);
    files.put(name, file);
  }

  /** The images on which no file hesitates: there, rounding halves otherwise changes no class. */
  private Tensor clear(Tensor candidates) {
    double[] margins = new double[CANDIDATES];
    Arrays.fill(margins, Double.POSITIVE_INFINITY);
    for (Path file : files.values()) {
      try (RuntimeClassifier runtime = RuntimeClassifier.open(file, 1)) {
        float[][] logits = runtime.logits(channelsLast(candidates), CANDIDATES);
        for (int i = 0; i < CANDIDATES; i++) {
          float[] sorted = logits[i].clone();
          Arrays.sort(sorted);
          int last = sorted.length - 1;
          margins[i] = Math.min(margins[i], sorted[last] - sorted[last - 1]);
        }
      }
    }
    int[] best =
        IntStream.range(0, CANDIDATES)
            .boxed()
            .sorted((a, b) -> Double.compare(margins[b], margins[a]))
            .limit(IMAGES)
            .mapToInt(i -> i)
            .toArray();
    float[] pixels = new float[IMAGES * IMAGE.size()];
    for (int i = 0; i < IMAGES; i++) {
      System.arraycopy(
          candidates.values(), best[i] * IMAGE.size(), pixels, i * IMAGE.size(), IMAGE.size());
    }
    return new Tensor(IMAGE.withBatch(IMAGES), pixels);
  }

  /** By their names, which end as the format does. */
  Map<String, Path> files(String ending) {
    Map<String, Path> found = new LinkedHashMap<>(files);
    found.keySet().removeIf(name -> !name.endsWith(ending));
    return found;
  }

  int count() {
    return IMAGES;
  }

  /** The images as 32-bit floats, channels first. */
  byte[] channelsFirst() {
    return bytes(images.values());
  }

  /** The images as 32-bit floats, channels last. */
  byte[] channelsLast() {
    return bytes(channelsLast(images));
  }

  private static float[] channelsLast(Tensor batch) {
    return PixelOrder.channelsLast(
        batch.values(), batch.shape().dimension(0), batch.shape().dimension(1));
  }

  private static byte[] bytes(float[] values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return buffer.array();
  }

  /** The classes that our own runtime gives, for example {@code "3 0 7"}. */
  String classes(Path file) {
    try (RuntimeClassifier runtime = RuntimeClassifier.open(file, 1)) {
      StringBuilder classes = new StringBuilder();
      for (float[] logits : runtime.logits(channelsLast(images), IMAGES)) {
        int best = 0;
        for (int c = 1; c < logits.length; c++) {
          best = logits[c] > logits[best] ? c : best;
        }
        classes.append(classes.isEmpty() ? "" : " ").append(best);
      }
      return classes.toString();
    }
  }
}
