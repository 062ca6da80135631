package shallows.export.tflite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import shallows.export.ShakenNetworks;
import shallows.export.pass.ExportPasses;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;

class XnnpackPartitionTest {
  @Test
  void aWholeNetworkIsOnePartition() {
    Graph graph = ShakenNetworks.create("resnet-20-s2", Shape.of(1, 28, 28));
    assertEquals(
        List.of("TfLiteXNNPackDelegate"),
        NativeTflite.plan(TfliteWriter.bytes(ExportPasses.all(graph))));
  }

  @Test
  void anUnfoldedNetworkIsOnePartitionToo() {
    Graph graph = ShakenNetworks.create("resnet-20", Shape.of(3, 32, 32));
    assertEquals(List.of("TfLiteXNNPackDelegate"), NativeTflite.plan(TfliteWriter.bytes(graph)));
  }
}
