package shallows.pipeline.stage;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.export.ExportPrecision;
import shallows.export.quantize.Int8Form;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Section;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;

class ExportedFootprintTest {
  /** Sums and concatenations, with and without projections, as TFLite files by themselves. */
  @ParameterizedTest
  @ValueSource(strings = {"resnet-14-b", "preresnet-20", "mobilenet-v2", "densenet-40-12"})
  void timesEveryBlockAloneAndWhatIsLeftOfIt(String name) {
    Graph graph = Networks.create(name, Shape.of(3, 16, 16), Task.unnamed(4, 3), 1);
    ExportedFootprint footprint =
        new ExportedFootprint(
            List.of(ExportPrecision.FP32, ExportPrecision.INT8), Int8Form.STANDARD);
    for (int b : List.of(0, graph.blocks().size() / 2)) {
      Block block = graph.blocks().get(b);
      Section section = Section.of(graph, block);
      assertTrue(section.isOfImages());
      Graph dropped = Rewrites.drop(graph, Set.of(block.name()));
      for (Section each : List.of(section, section.without(block), section.in(dropped, block))) {
        assertTrue(footprint.latency(each) > 0, each.structure());
      }
    }
  }
}
