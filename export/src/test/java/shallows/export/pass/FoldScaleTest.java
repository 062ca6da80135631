package shallows.export.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static shallows.export.pass.PassGraphs.SCALE;
import static shallows.export.pass.PassGraphs.assertSameOutputs;
import static shallows.export.pass.PassGraphs.build;
import static shallows.export.pass.PassGraphs.builder;
import static shallows.export.pass.PassGraphs.conv;
import static shallows.export.pass.PassGraphs.names;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import shallows.model.graph.BinaryWeights;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Tensor;

class FoldScaleTest {
  @Test
  void afterBatchNorm() {
    GraphBuilder builder = builder();
    String norm = builder.batchNorm("norm", conv(builder, "conv", builder.image(), false));
    Graph graph = build(builder, builder.add("scale", SCALE, norm));
    Graph folded = FoldScale.apply(graph);
    assertEquals(List.of("conv", "norm"), names(folded));
    assertEquals("norm", folded.output());
    assertSameOutputs(graph, folded);
  }

  @Test
  void afterConv2d() {
    GraphBuilder builder = builder();
    String conv = conv(builder, "conv", builder.image(), true);
    Graph graph = build(builder, builder.add("scale", SCALE, conv));
    Graph folded = FoldScale.apply(graph);
    assertEquals(List.of("conv"), names(folded));
    assertSameOutputs(graph, folded);
  }

  @Test
  void afterBinaryConv2dItStaysBinary() {
    GraphBuilder builder = builder();
    String conv = conv(builder, "conv", builder.image(), true);
    Graph latent = build(builder, builder.add("scale", new Operation.Scale(-0.6f), conv));
    Graph graph =
        Rewrites.withOperations(
            latent, Map.of("conv", Operation.Conv2d.of(1, 1).withPrecision(Precision.BINARY)));
    Graph folded = FoldScale.apply(graph);
    assertEquals(List.of("conv"), names(folded));
    assertIsProjected(folded.parameter("conv/weight"));
    assertSameOutputs(graph, folded);
  }

  @Test
  void leavesAWeightThatAnotherNodeReads() {
    GraphBuilder builder = builder();
    String first = conv(builder, "first", builder.image(), false);
    String second =
        builder.add("second", Operation.Conv2d.of(1, 1), builder.image(), "first/weight");
    String scaled = builder.add("scale", SCALE, first);
    Graph graph = build(builder, builder.add("sum", new Operation.Add(), scaled, second));
    Graph folded = FoldScale.apply(graph);
    assertEquals(List.of("first", "second", "sum"), names(folded));
    assertSameOutputs(graph, folded);
  }

  @Test
  void keepsTheBlockWhoseSurvivalItFolds() {
    GraphBuilder builder = builder();
    String start = conv(builder, "start", builder.image(), false);
    String branch = builder.batchNorm("norm", conv(builder, "conv", start, false));
    Graph fresh = build(builder, builder.residual("block", start, branch));
    Graph graph = Rewrites.withOperations(fresh, Map.of("block/survival", SCALE));
    Graph folded = FoldScale.apply(graph);
    assertEquals("norm", folded.blocks().get(0).branch());
    assertSameOutputs(graph, folded);
  }

  @Test
  void notAppliedWhenTheValueHasAnotherReader() {
    GraphBuilder builder = builder();
    String conv = conv(builder, "conv", builder.image(), true);
    String scaled = builder.add("scale", SCALE, conv);
    Graph graph = build(builder, builder.add("sum", new Operation.Add(), scaled, conv));
    assertSame(graph, FoldScale.apply(graph));
  }

  @Test
  void notAppliedWhenSomethingElseStandsBefore() {
    GraphBuilder builder = builder();
    String relu = builder.add("relu", new Operation.Relu(), builder.image());
    Graph graph = build(builder, builder.add("scale", SCALE, relu));
    assertSame(graph, FoldScale.apply(graph));
  }

  static void assertIsProjected(Tensor weight) {
    assertEquals(
        Arrays.toString(BinaryWeights.project(weight).values()), Arrays.toString(weight.values()));
  }
}
