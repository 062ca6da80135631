package shallows.export.pass;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static shallows.export.pass.FoldScaleTest.assertIsProjected;
import static shallows.export.pass.PassGraphs.SCALE;
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
import shallows.model.BadInputException;
import shallows.model.graph.BinaryWeights;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * The cases of {@link ToConvolutions} by their numbers, each with the interpreter as the oracle.
 */
class ToConvolutionsTest {
  private static final Operation DEPTHWISE =
      new Operation.Conv2d(Extent.ONE, Extent.ZERO, Extent.ONE, 3, Precision.FLOAT);

  @Test
  void case1ABatchNormOfAnImage() {
    GraphBuilder builder = builder();
    Graph graph = build(builder, builder.batchNorm("norm", builder.image()));
    Graph found = ToConvolutions.apply(graph);
    assertEquals(DEPTHWISE, found.node("norm").operation());
    assertEquals(Set.of("norm/weight", "norm/bias"), found.parameters().keySet());
    assertEquals(Shape.of(3, 1, 1, 1), found.parameter("norm/weight").shape());
    assertSameOutputs(graph, found);
  }

  @Test
  void case1AScaleOfAnImage() {
    GraphBuilder builder = builder();
    Graph graph = builder.build(builder.add("scale", SCALE, builder.image()));
    Graph found = ToConvolutions.apply(graph);
    assertEquals(DEPTHWISE, found.node("scale").operation());
    assertSameOutputs(graph, found);
  }

  @Test
  void case2ABinaryConvolutionStaysBinary() {
    Graph graph = binary(builder());
    Graph found = ToConvolutions.apply(graph);
    assertEquals(graph.node("conv").operation(), found.node("conv").operation());
    assertIsProjected(found.parameter("conv/weight"));
    assertSameOutputs(graph, found);
  }

  @Test
  void case2WeightsThatAreProjectedKeepTheirBits() {
    Graph latent = binary(builder());
    Tensor projected = BinaryWeights.project(latent.parameter("conv/weight"));
    Graph graph = latent.withParameters(Map.of("conv/weight", projected));
    assertArrayEquals(
        projected.values(), ToConvolutions.apply(graph).parameter("conv/weight").values());
  }

  private static Graph binary(GraphBuilder builder) {
    Graph floating = builder.build(conv(builder, "conv", builder.image(), true));
    return Rewrites.withOperations(
        floating, Map.of("conv", Operation.Conv2d.of(1, 1).withPrecision(Precision.BINARY)));
  }

  @Test
  void case3LayersThatShareParametersGetTheirOwn() {
    GraphBuilder builder = builder();
    String weight = builder.parameter("w", random(Shape.of(3, 3, 3, 3)));
    String bias = builder.parameter("b", random(Shape.of(3)));
    Operation conv = Operation.Conv2d.of(1, 1);
    String first = builder.add("first", conv, builder.image(), weight, bias);
    Graph graph = builder.build(builder.add("second", conv, first, weight, bias));
    Graph found = ToConvolutions.apply(graph);
    assertEquals(
        Set.of("first/weight", "first/bias", "second/weight", "second/bias"),
        found.parameters().keySet());
    assertSameOutputs(graph, found);
  }

  @Test
  void case3LayersWithoutABiasGetOne() {
    GraphBuilder builder = builder();
    String conv = conv(builder, "conv", builder.image(), false);
    String flat = builder.add("flat", new Operation.Flatten(), conv);
    String weight = builder.parameter("w", random(Shape.of(2, builder.shape(flat).size())));
    Graph graph = builder.build(builder.add("linear", new Operation.Linear(), flat, weight));
    Graph found = ToConvolutions.apply(graph);
    assertArrayEquals(new float[4], found.parameter("conv/bias").values());
    assertArrayEquals(new float[2], found.parameter("linear/bias").values());
    assertSameOutputs(graph, found);
  }

  @Test
  void case3ItsOwnNamesLeaveTheOthersAlone() {
    GraphBuilder builder = builder();
    String taken = builder.add("conv/bias", SCALE, builder.image());
    Graph graph = builder.build(conv(builder, "conv", taken, false));
    Graph found = ToConvolutions.apply(graph);
    assertEquals(List.of("conv/bias", "conv"), names(found));
    assertTrue(found.parameters().containsKey("conv/bias/8-bit"), found.parameters()::toString);
    assertSameOutputs(graph, found);
  }

  @Test
  void case4ALayerNormKeepsItsParameters() {
    GraphBuilder builder = builder();
    String scale = builder.parameter("conv/weight", Tensor.vector(0.5f, -1, 2));
    String bias = builder.parameter("conv/bias", Tensor.vector(0.1f, 0.2f, 0.3f));
    String norm =
        builder.add("norm", new Operation.ChannelNorm(1e-2f), builder.image(), scale, bias);
    String weight = builder.parameter("w", random(Shape.of(4, 3, 3, 3)));
    Graph graph = builder.build(builder.add("conv", Operation.Conv2d.of(1, 1), norm, weight));
    Graph found = ToConvolutions.apply(graph);
    assertEquals(graph.node("norm"), found.node("norm"));
    for (String name : List.of(scale, bias)) {
      assertSame(graph.parameter(name), found.parameter(name));
    }
    assertSameOutputs(graph, found);
  }

  @Test
  void case5NodesThatHandOnWhatTheyGetGoFirst() {
    GraphBuilder builder = builder();
    String dropped = builder.add("dropout", new Operation.Dropout(0.3f), builder.image());
    String scaled = builder.add("one", new Operation.Scale(1), dropped);
    Graph graph = builder.build(conv(builder, "conv", scaled, true));
    Graph found = ToConvolutions.apply(graph);
    assertEquals(List.of("conv"), names(found));
    assertSameOutputs(graph, found);
  }

  @Test
  void case6NotAppliedToAScaleOfAVector() {
    GraphBuilder builder = builder();
    String flat = builder.add("flat", new Operation.Flatten(), builder.image());
    Graph graph = builder.build(builder.add("scale", SCALE, flat));
    String line =
        assertThrows(BadInputException.class, () -> ToConvolutions.apply(graph)).getMessage();
    assertTrue(line.startsWith("small: ") && line.contains("scale"), line);
    assertTrue(line.endsWith("; export it as fp32"), line);
  }
}
