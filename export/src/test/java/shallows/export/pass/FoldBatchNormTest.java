package shallows.export.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static shallows.export.pass.PassGraphs.assertSameOutputs;
import static shallows.export.pass.PassGraphs.build;
import static shallows.export.pass.PassGraphs.builder;
import static shallows.export.pass.PassGraphs.conv;
import static shallows.export.pass.PassGraphs.names;
import static shallows.export.pass.PassGraphs.random;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Shape;

class FoldBatchNormTest {
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void afterConv2dWithOrWithoutBias(boolean bias) {
    GraphBuilder builder = builder();
    String conv = conv(builder, "conv", builder.image(), bias);
    Graph graph = build(builder, builder.batchNorm("norm", conv));
    Graph folded = FoldBatchNorm.apply(graph);
    assertEquals(List.of("conv"), names(folded));
    assertEquals(Set.of("conv/weight", "conv/bias"), folded.parameters().keySet());
    assertSameOutputs(graph, folded);
  }

  @Test
  void afterBinaryConv2dItStaysBinary() {
    GraphBuilder builder = builder();
    String conv = conv(builder, "conv", builder.image(), false);
    Graph latent = build(builder, builder.batchNorm("norm", conv));
    Graph graph =
        Rewrites.withOperations(
            latent, Map.of("conv", Operation.Conv2d.of(1, 1).withPrecision(Precision.BINARY)));
    Graph folded = FoldBatchNorm.apply(graph);
    Operation.Conv2d operation = (Operation.Conv2d) folded.node("conv").operation();
    assertEquals(Precision.BINARY, operation.precision());
    FoldScaleTest.assertIsProjected(folded.parameter("conv/weight"));
    assertSameOutputs(graph, folded);
  }

  @Test
  void afterGroupedConv2d() {
    GraphBuilder builder = builder();
    Operation.Conv2d depthwise =
        new Operation.Conv2d(Extent.ONE, Extent.ONE, Extent.ONE, 3, Precision.FLOAT);
    builder.parameter("weight", random(Shape.of(6, 1, 3, 3)));
    String conv = builder.add("conv", depthwise, builder.image(), "weight");
    Graph graph = build(builder, builder.batchNorm("norm", conv));
    Graph folded = FoldBatchNorm.apply(graph);
    assertEquals(List.of("conv"), names(folded));
    assertSameOutputs(graph, folded);
  }

  @Test
  void foldsTwoInARow() {
    GraphBuilder builder = builder();
    String first = builder.batchNorm("first", conv(builder, "conv", builder.image(), false));
    Graph graph = build(builder, builder.batchNorm("second", first));
    Graph folded = FoldBatchNorm.apply(graph);
    assertEquals(List.of("conv"), names(folded));
    assertSameOutputs(graph, folded);
  }

  @Test
  void notAppliedWhenTheValueHasAnotherReader() {
    GraphBuilder builder = builder();
    String conv = conv(builder, "conv", builder.image(), false);
    String norm = builder.batchNorm("norm", conv);
    Graph graph = build(builder, builder.add("sum", new Operation.Add(), conv, norm));
    assertSame(graph, FoldBatchNorm.apply(graph));
  }

  @Test
  void notAppliedWithPreActivation() {
    GraphBuilder builder = builder();
    String start = builder.add("start", new Operation.Relu(), builder.image());
    String norm = builder.batchNorm("norm", start);
    String relu = builder.add("relu", new Operation.Relu(), norm);
    String conv = builder.conv("conv", relu, 3, 3, Operation.Conv2d.of(1, 1));
    Graph graph = build(builder, builder.residual("block", start, conv));
    assertSame(graph, FoldBatchNorm.apply(graph));
    assertSameOutputs(graph, ExportPasses.all(graph));
  }
}
