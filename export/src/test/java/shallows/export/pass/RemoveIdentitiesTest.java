package shallows.export.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static shallows.export.pass.PassGraphs.assertSameOutputs;
import static shallows.export.pass.PassGraphs.builder;
import static shallows.export.pass.PassGraphs.names;

import java.util.List;
import org.junit.jupiter.api.Test;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;

class RemoveIdentitiesTest {
  @Test
  void scaleBy1() {
    assertRemoved(new Operation.Scale(1));
  }

  @Test
  void padChannelsByNothing() {
    assertRemoved(new Operation.PadChannels(0, 0));
  }

  @Test
  void poolsOf1x1() {
    assertRemoved(new Operation.MaxPool(Extent.ONE, Extent.ONE, Extent.ZERO));
    assertRemoved(new Operation.AveragePool(Extent.ONE, Extent.ONE, Extent.ZERO));
  }

  @Test
  void notAppliedWhenTheOutputWouldBeTheInput() {
    GraphBuilder builder = builder();
    Graph graph = builder.build(builder.add("scale", new Operation.Scale(1), builder.image()));
    assertSame(graph, RemoveIdentities.apply(graph));
  }

  @Test
  void notAppliedToWhatChangesTheValue() {
    GraphBuilder builder = builder();
    String half =
        builder.add(
            "half",
            new Operation.AveragePool(Extent.ONE, Extent.square(2), Extent.ZERO),
            builder.image());
    Graph graph = builder.build(builder.add("relu", new Operation.Relu(), half));
    assertSame(graph, RemoveIdentities.apply(graph));
  }

  private static void assertRemoved(Operation identity) {
    GraphBuilder builder = builder();
    String relu = builder.add("relu", new Operation.Relu(), builder.image());
    String same = builder.add("same", identity, relu);
    Graph graph = builder.build(builder.add("sum", new Operation.Add(), same, relu));
    Graph removed = RemoveIdentities.apply(graph);
    assertEquals(List.of("relu", "sum"), names(removed));
    assertSameOutputs(graph, removed);
  }
}
