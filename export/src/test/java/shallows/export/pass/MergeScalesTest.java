package shallows.export.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static shallows.export.pass.PassGraphs.SCALE;
import static shallows.export.pass.PassGraphs.assertSameOutputs;
import static shallows.export.pass.PassGraphs.builder;
import static shallows.export.pass.PassGraphs.names;

import java.util.List;
import org.junit.jupiter.api.Test;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;

class MergeScalesTest {
  @Test
  void scaleOfScale() {
    GraphBuilder builder = builder();
    String first = builder.add("first", SCALE, builder.image());
    String second = builder.add("second", new Operation.Scale(-3), first);
    Graph graph = builder.build(builder.add("third", SCALE, second));
    Graph merged = MergeScales.apply(graph);
    assertEquals(List.of("first"), names(merged));
    assertSameOutputs(graph, merged);
  }

  @Test
  void notAppliedWhenTheFirstHasAnotherReader() {
    GraphBuilder builder = builder();
    String first = builder.add("first", SCALE, builder.image());
    String second = builder.add("second", SCALE, first);
    Graph graph = builder.build(builder.add("sum", new Operation.Add(), first, second));
    assertSame(graph, MergeScales.apply(graph));
  }

  @Test
  void notAppliedWhenTheProductIsNotFinite() {
    GraphBuilder builder = builder();
    String first = builder.add("first", new Operation.Scale(1e30f), builder.image());
    Graph graph = builder.build(builder.add("second", new Operation.Scale(1e30f), first));
    assertSame(graph, MergeScales.apply(graph));
  }
}
