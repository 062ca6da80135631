package shallows.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;

class OnnxTaskTest {
  private static final Task TASK = new Task(List.of("cat", "dog", "ш"), List.of(0.1f), List.of(3f));
  private static final Graph GRAPH = Networks.create("resnet-8-s2", Shape.of(1, 16, 16), TASK, 1);

  @Test
  void readsTheTaskOfAFileWhoseGraphIsNotReadable() throws Exception {
    byte[] bytes = OnnxWriter.bytes(GRAPH);
    ModelProto.Builder model = ModelProto.parseFrom(bytes).toBuilder();
    model.getGraphBuilder().addNode(NodeProto.newBuilder().setOpType("Einsum").addOutput("more"));

    assertEquals(Optional.of(TASK), OnnxReader.task(model.build().toByteArray(), "a.onnx"));
  }

  @Test
  void aFileOfOthersDoesNotSay() throws Exception {
    ModelProto.Builder model = ModelProto.parseFrom(OnnxWriter.bytes(GRAPH)).toBuilder();

    byte[] bytes = model.clearMetadataProps().build().toByteArray();

    assertEquals(Optional.empty(), OnnxReader.task(bytes, "a.onnx"));
  }

  @Test
  void damageIsNamed() throws Exception {
    ModelProto.Builder model = ModelProto.parseFrom(OnnxWriter.bytes(GRAPH)).toBuilder();
    model.clearMetadataProps().addMetadataPropsBuilder().setKey("shallows.task").setValue("{");

    for (byte[] bytes :
        List.of(model.build().toByteArray(), "text".getBytes(StandardCharsets.UTF_8))) {
      String line =
          assertThrows(BadInputException.class, () -> OnnxReader.task(bytes, "a.onnx"))
              .getMessage();
      assertTrue(line.startsWith("a.onnx: "), line);
    }
  }
}
