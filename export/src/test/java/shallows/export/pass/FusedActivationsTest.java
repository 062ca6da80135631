package shallows.export.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static shallows.export.pass.PassGraphs.SCALE;
import static shallows.export.pass.PassGraphs.build;
import static shallows.export.pass.PassGraphs.builder;
import static shallows.export.pass.PassGraphs.conv;
import static shallows.export.pass.PassGraphs.random;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import shallows.export.Agreement;
import shallows.export.FlatOutput;
import shallows.export.runtime.TfliteClassifier;
import shallows.export.tflite.TfliteWriter;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;

/**
 * The cases of {@link FusedActivations} by their numbers. Each graph is also written as TFLite with
 * what was fused, run, and compared with the interpreter.
 */
class FusedActivationsTest {
  private static final Operation RELU = new Operation.Relu();
  private static final Operation AROUND_ZERO = new Operation.Clip(-1, 1);
  private static final Extent TWO = Extent.square(2);

  /** So large that every activation cuts something off. */
  private static String wide(GraphBuilder builder) {
    return builder.add("wide", new Operation.Scale(-20), builder.image());
  }

  @Test
  void case1AnActivationThatAloneReadsItsNode() {
    Map<String, Function<GraphBuilder, String>> before = new LinkedHashMap<>();
    before.put("conv", b -> conv(b, "node", wide(b), true));
    before.put("norm", b -> b.batchNorm("node", wide(b)));
    before.put("sum", b -> b.add("node", new Operation.Add(), wide(b), b.image()));
    before.put(
        "product",
        b ->
            b.add(
                "node",
                new Operation.Multiply(),
                conv(b, "one", wide(b), true),
                conv(b, "other", b.image(), true)));
    before.put("scale", b -> b.add("node", SCALE, wide(b)));
    before.put("max", b -> b.add("node", new Operation.MaxPool(TWO, TWO, Extent.ZERO), wide(b)));
    before.put(
        "mean", b -> b.add("node", new Operation.AveragePool(TWO, TWO, Extent.ZERO), wide(b)));
    before.put("linear", b -> b.linear("node", b.add("flat", new Operation.Flatten(), wide(b)), 4));
    before.forEach(
        (name, node) -> {
          for (Operation activation : List.of(RELU, Operation.Clip.RELU6, AROUND_ZERO)) {
            GraphBuilder builder = builder();
            String source = node.apply(builder);
            Graph graph = build(builder, builder.add("activation", activation, source));
            assertFuses(Map.of("node", "activation"), graph);
          }
        });
  }

  @Test
  void case2NotFusedWhereTheValueHasAnotherReader() {
    GraphBuilder builder = builder();
    String shared = conv(builder, "shared", wide(builder), true);
    String relu = builder.add("relu", RELU, shared);
    Graph graph = builder.build(builder.add("sum", new Operation.Add(), shared, relu));
    assertFuses(Map.of(), graph);
  }

  @Test
  void case2NotFusedIntoTheOutputOfTheGraph() {
    GraphBuilder builder = builder();
    String flat = builder.add("flat", new Operation.Flatten(), wide(builder));
    String linear = builder.linear("linear", flat, 4);
    builder.add("relu", RELU, linear);
    assertFuses(Map.of(), builder.build(linear));
  }

  @Test
  void case3NotFusedIntoOperatorsWithoutAnActivation() {
    for (Operation operation :
        List.of(
            new Operation.PadChannels(1, 2),
            new Operation.PadImage(1, 0, 0, 1),
            new Operation.Flatten(),
            new Operation.GlobalAveragePool(),
            new Operation.Concat())) {
      GraphBuilder builder = builder();
      String wide = wide(builder);
      String node =
          operation instanceof Operation.Concat
              ? builder.add("node", operation, wide, builder.image())
              : builder.add("node", operation, wide);
      assertFuses(Map.of(), builder.build(builder.add("activation", Operation.Clip.RELU6, node)));
    }
    GraphBuilder builder = builder();
    String relu = builder.add("relu", RELU, wide(builder));
    Graph graph = builder.build(builder.add("activation", Operation.Clip.RELU6, relu));
    assertFuses(Map.of("wide", "relu"), graph);
  }

  @Test
  void case4NotFusedWhatIsAnotherActivation() {
    for (Operation activation :
        List.of(
            new Operation.Clip(0, 5),
            new Operation.Clip(-1, 2),
            new Operation.Clip(Float.NEGATIVE_INFINITY, 6),
            new Operation.LeakyRelu(0.1f),
            new Operation.Activation(Operation.Curve.SIGMOID),
            new Operation.Activation(Operation.Curve.HARD_SWISH))) {
      GraphBuilder builder = builder();
      String conv = conv(builder, "conv", wide(builder), true);
      assertFuses(Map.of(), builder.build(builder.add("activation", activation, conv)));
    }
  }

  private static void assertFuses(Map<String, String> expected, Graph graph) {
    Map<String, String> found =
        FusedActivations.of(graph).entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().name()));
    assertEquals(expected, found, graph.nodes()::toString);
    Graph flat = FlatOutput.of(graph);
    try (TfliteClassifier classifier =
        TfliteClassifier.open(TfliteWriter.bytes(flat), graph.nodes().toString(), 1)) {
      Agreement.assertAgrees(flat, random(graph.input().shape().withBatch(2)), classifier);
    }
  }
}
