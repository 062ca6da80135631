package shallows.export.tflite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.Model;
import shallows.export.ExportFormat;
import shallows.export.ShakenNetworks;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.Int8Sums;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.QuantizedGraphs;
import shallows.export.runtime.TfliteClassifier;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/** Sums of integers as convolutions. */
class Int8SumsTest {
  private static final Graph NETWORK =
      ExportPasses.all(ShakenNetworks.create("resnet-20-s2", Shape.of(1, 28, 28)));

  @Test
  void theTermsOfEverySumShareTheirSteps() {
    QuantizedGraph quantized = quantized(OperationCases.input(NETWORK, 1));
    for (Node node : quantized.graph().nodes()) {
      if (node.operation() instanceof Operation.Add) {
        assertEquals(
            quantized.quantization(node.inputs().get(0)),
            quantized.quantization(node.inputs().get(1)),
            node.name());
      }
    }
  }

  @Test
  void aNetworkHasNoOtherSumsThenAndIsOnePartition() {
    byte[] file =
        TfliteWriter.bytes(quantized(OperationCases.input(NETWORK, 1)), TfliteOptions.STANDARD);
    List<Integer> operators = operators(file);
    assertFalse(operators.contains(BuiltinOperator.ADD));
    assertTrue(operators.contains(BuiltinOperator.CONCATENATION));
    assertEquals(List.of("TfLiteXNNPackDelegate"), NativeTflite.plan(file));
  }

  @Test
  void aNetworkAnswersAsTheSimulationDoes() {
    Tensor batch = QuantizedGraphs.images(NETWORK, 40);
    QuantizedGraph quantized = quantized(batch);
    try (TfliteClassifier classifier =
        TfliteClassifier.open(TfliteWriter.bytes(quantized, TfliteOptions.STANDARD), "sums", 1)) {
      QuantizedGraphs.assertMatchesWhole(quantized, batch, classifier, ExportFormat.TFLITE);
    }
  }

  @Test
  void everyOperationWithSumsMatchesTheSimulation() {
    for (Graph graph : QuantizedGraphs.operations()) {
      if (graph.nodes().stream().anyMatch(node -> node.operation() instanceof Operation.Add)) {
        Tensor batch = OperationCases.input(graph, 3);
        QuantizedGraph quantized = QuantizedGraphs.of(graph, batch, Int8Sums.CONVOLUTION);
        try (TfliteClassifier classifier =
            TfliteClassifier.open(
                TfliteWriter.bytes(quantized, TfliteOptions.STANDARD), graph.name(), 1)) {
          QuantizedGraphs.assertMatches(quantized, batch, classifier);
        }
      }
    }
  }

  /** One for each number of channels, whose bytes would count in a small file. */
  @Test
  void allSumsShareTheirFilters() {
    Model model =
        Model.getRootAsModel(
            ByteBuffer.wrap(
                TfliteWriter.bytes(
                    quantized(OperationCases.input(NETWORK, 1)), TfliteOptions.STANDARD)));
    List<String> filters = new ArrayList<>();
    for (int i = 0; i < model.subgraphs(0).tensorsLength(); i++) {
      String name = model.subgraphs(0).tensors(i).name();
      if (name.startsWith("sum/")) {
        filters.add(name);
      }
    }
    assertEquals(List.of("sum/16", "sum/32", "sum/64"), filters);
    List<Block> blocks = NETWORK.blocks();
    assertTrue(blocks.size() > filters.size(), blocks.size() + " blocks");
  }

  private static QuantizedGraph quantized(Tensor batch) {
    return QuantizedGraphs.of(NETWORK, batch, Int8Sums.CONVOLUTION);
  }

  private static List<Integer> operators(byte[] file) {
    Model model = Model.getRootAsModel(ByteBuffer.wrap(file));
    List<Integer> operators = new ArrayList<>();
    for (int i = 0; i < model.operatorCodesLength(); i++) {
      operators.add(model.operatorCodes(i).builtinCode());
    }
    return operators;
  }
}
