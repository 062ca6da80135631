package shallows.export.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.data.PixelOrder;
import shallows.data.evaluation.Classifier;
import shallows.data.evaluation.Predictions;
import shallows.export.Agreement;
import shallows.export.ExportFormat;
import shallows.export.ShakenNetworks;
import shallows.export.onnx.OnnxRegions;
import shallows.export.onnx.QdqOnnxWriter;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.QuantizedGraphs;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.export.verify.InterpreterClassifier;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.OperationCases;
import shallows.model.graph.PoolingRegions;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.write.OnnxWriter;

/** Networks of fractional max-pooling as files, whose regions are drawn anew. */
class RedrawnRegionsTest {
  private static final int COUNT = 3;

  @TempDir Path folder;

  private final Graph graph =
      ExportPasses.all(ShakenNetworks.create("fmp-5-4-random", Shape.of(3, 11, 10)));
  private final Tensor batch = OperationCases.input(graph, COUNT);

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void aFileWithTheRegionsOfASeedComputesWhatTheGraphDoes(long seed) {
    Graph drawn = PoolingRegions.redrawn(graph, seed);
    assertNotEquals(graph.nodes(), drawn.nodes());
    byte[] onnx = OnnxRegions.redrawn(OnnxWriter.bytes(graph), seed).orElseThrow();
    byte[] tflite = RedrawnRegions.tflite(TfliteWriter.bytes(graph), seed).orElseThrow();
    assertArrayEquals(OnnxWriter.bytes(drawn), onnx);
    assertArrayEquals(TfliteWriter.bytes(drawn), tflite);
    try (Classifier one = OnnxRuntimeClassifier.open(onnx, "drawn", 1);
        Classifier other = TfliteClassifier.open(tflite, "drawn", 1)) {
      Agreement.assertAgrees(drawn, batch, one);
      Agreement.assertAgrees(drawn, batch, other);
    }
  }

  @Test
  void filesOfBytesMatchTheSimulation() {
    Tensor images = QuantizedGraphs.images(graph, 10);
    QuantizedGraph quantized = QuantizedGraphs.of(graph, images);
    byte[] tflite = TfliteWriter.bytes(quantized, TfliteOptions.STANDARD);
    byte[] onnx = QdqOnnxWriter.bytes(quantized);
    assertTrue(OnnxRegions.redrawn(onnx, 1).isPresent());
    assertTrue(RedrawnRegions.tflite(tflite, 1).isPresent());
    try (Classifier one = OnnxRuntimeClassifier.open(onnx, "int8", 1);
        Classifier other = TfliteClassifier.open(tflite, "int8", 1)) {
      QuantizedGraphs.assertMatchesWhole(quantized, images, other, ExportFormat.TFLITE);
      QuantizedGraphs.assertMatchesWhole(quantized, images, one, ExportFormat.ONNX);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"net.onnx", "net.tflite"})
  void theMeanIsThatOfTheProbabilitiesOverDraws(String name) throws Exception {
    Path file = folder.resolve(name);
    Files.write(file, name.endsWith("onnx") ? OnnxWriter.bytes(graph) : TfliteWriter.bytes(graph));
    float[] pixels = PixelOrder.channelsLast(batch.values(), COUNT, 3);
    List<Predictions> members = new ArrayList<>();
    for (int seed = 1; seed <= 4; seed++) {
      try (Classifier drawn = new InterpreterClassifier(PoolingRegions.redrawn(graph, seed))) {
        members.add(new Predictions(drawn.logits(pixels, COUNT)));
      }
    }
    float[][] expected = Predictions.ensemble(members).scores();
    try (Classifier mean = RedrawnRegions.mean(file, 4, 1)) {
      float[][] found = mean.logits(pixels, COUNT);
      for (int n = 0; n < COUNT; n++) {
        assertArrayEquals(expected[n], found[n], 1e-4f);
      }
    }
  }

  @Test
  void refusesAFileWithoutRegionsThatAreDrawn() throws Exception {
    Path file = folder.resolve("plain.onnx");
    Graph plain = ShakenNetworks.create("resnet-8", Shape.of(3, 8, 8));
    Files.write(file, OnnxWriter.bytes(plain));
    assertEquals(Optional.empty(), RedrawnRegions.tflite(TfliteWriter.bytes(plain), 1));
    String message =
        assertThrows(BadInputException.class, () -> RedrawnRegions.mean(file, 2, 1)).getMessage();
    assertTrue(message.contains("plain.onnx: expected a network of fractional"), message);
  }
}
