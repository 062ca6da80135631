package shallows.export.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import shallows.model.graph.Graph;
import shallows.model.graph.TestGraphs;
import shallows.model.onnx.write.OnnxWriter;

class OnnxValuesTest {
  private static final Graph GRAPH = TestGraphs.twoBlocks();

  @Test
  void valuesAreListedInOrderAndReturnedBehindTheOutputsThereAre() throws Exception {
    byte[] bytes = OnnxWriter.bytes(GRAPH);
    List<String> names = new ArrayList<>(OnnxValues.operations(bytes, "a.onnx").keySet());

    byte[] more = OnnxValues.returning(bytes, "a.onnx", List.of(names.get(2), GRAPH.output()));

    assertEquals("Conv", OnnxValues.operations(bytes, "a.onnx").get(names.get(0)));
    assertEquals(GRAPH.output(), names.get(names.size() - 1));
    assertEquals(
        List.of(GRAPH.output(), names.get(2)),
        ModelProto.parseFrom(more).getGraph().getOutputList().stream()
            .map(output -> output.getName())
            .toList());
  }
}
