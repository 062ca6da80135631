package shallows.export.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import shallows.data.PixelOrder;
import shallows.model.graph.Graph;
import shallows.model.graph.Tensor;
import shallows.model.graph.TestGraphs;
import shallows.model.interpreter.Interpreter;

class InterpreterClassifierTest {
  @Test
  void givesEachImageOfABatchItsOwnAnswer() {
    Graph graph = TestGraphs.twoBlocks();
    Tensor batch = TestGraphs.input(graph, 3);
    float[] together = Interpreter.run(graph, batch).values();
    float[][] alone;
    try (InterpreterClassifier classifier = new InterpreterClassifier(graph)) {
      alone =
          classifier.logits(
              PixelOrder.channelsLast(batch.values(), 3, batch.shape().dimension(1)), 3);
    }
    for (int n : List.of(0, 1, 2)) {
      for (int c = 0; c < 3; c++) {
        assertEquals(together[n * 3 + c], alone[n][c]);
      }
    }
  }
}
