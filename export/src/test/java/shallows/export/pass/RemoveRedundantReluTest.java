package shallows.export.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static shallows.export.pass.PassGraphs.assertSameOutputs;
import static shallows.export.pass.PassGraphs.builder;
import static shallows.export.pass.PassGraphs.conv;
import static shallows.export.pass.PassGraphs.names;

import java.util.List;
import org.junit.jupiter.api.Test;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;

class RemoveRedundantReluTest {
  private static final Operation RELU = new Operation.Relu();

  @Test
  void reluOfRelu() {
    GraphBuilder builder = builder();
    String first = builder.add("first", RELU, builder.image());
    Graph graph = builder.build(builder.add("second", RELU, first));
    Graph removed = RemoveRedundantRelu.apply(graph);
    assertEquals(List.of("first"), names(removed));
    assertSameOutputs(graph, removed);
  }

  @Test
  void reluOfWhatIsNotNegative() {
    Extent two = Extent.square(2);
    for (Operation between :
        List.of(
            new Operation.AveragePool(two, two, Extent.ZERO),
            new Operation.MaxPool(two, two, Extent.ONE),
            new Operation.GlobalAveragePool(),
            new Operation.PadChannels(1, 2),
            new Operation.Scale(0.5f),
            new Operation.Flatten())) {
      GraphBuilder builder = builder();
      String relu = builder.add("relu", RELU, builder.image());
      String value = builder.add("between", between, relu);
      Graph graph = builder.build(builder.add("second", RELU, value));
      Graph removed = RemoveRedundantRelu.apply(graph);
      assertEquals(List.of("relu", "between"), names(removed), between.label());
      assertSameOutputs(graph, removed);
    }
  }

  @Test
  void reluOfASumOfRelus() {
    GraphBuilder builder = builder();
    String relu = builder.add("relu", RELU, builder.image());
    String sum = builder.add("sum", new Operation.Add(), relu, relu);
    Graph graph = builder.build(builder.add("second", RELU, sum));
    assertEquals(List.of("relu", "sum"), names(RemoveRedundantRelu.apply(graph)));
  }

  @Test
  void notAppliedWhenTheValueMayBeNegative() {
    GraphBuilder builder = builder();
    String relu = builder.add("relu", RELU, builder.image());
    String sum = builder.add("sum", new Operation.Add(), relu, builder.image());
    String first = builder.add("first", RELU, sum);
    String turned = builder.add("turned", new Operation.Scale(-1), first);
    String second = builder.add("second", RELU, turned);
    Graph graph = builder.build(builder.add("third", RELU, conv(builder, "conv", second, true)));
    assertSame(graph, RemoveRedundantRelu.apply(graph));
  }
}
