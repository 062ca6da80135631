package shallows.export.pass;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.export.ShakenNetworks;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.MergeZeroChannels;
import shallows.model.graph.Operation;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Precision;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.interpreter.Interpreter;
import shallows.model.network.Networks;

class MergeZeroChannelsTest {
  /** Of sums that are added up in another order. */
  private static final float ROUNDING = 2e-5f;

  private static final int GROWTH = 6;

  @ParameterizedTest
  @ValueSource(strings = {"densenet-13-6", "densenet-bc-22-6"})
  void oneChannelStandsForAllDroppedLayersOfADenseBlock(String name) {
    Graph graph = ShakenNetworks.create(name, Shape.of(3, 17, 15));
    // The second and third of the first block, all of the second.
    Set<String> gone = new HashSet<>(Set.of(Block.name(1, 2), Block.name(1, 3)));
    graph.blocks().stream()
        .map(Block::name)
        .filter(block -> block.startsWith("stage2"))
        .forEach(gone::add);
    Graph dropped = Rewrites.drop(graph, gone);
    Graph merged = MergeZeroChannels.apply(dropped);
    assertSameAnswers(dropped, merged);
    String first = graph.block(Block.name(1, 2)).orElseThrow().sum();
    assertEquals(new Operation.PadChannels(0, 1), merged.node(first).operation());
    assertEquals(graph.shape(first).dimension(0) - GROWTH + 1, merged.shape(first).dimension(0));
    assertEquals(2, pads(merged));
    long asItStands =
        dropped.nodes().stream().mapToLong(node -> Cost.of(dropped, node).macs()).sum();
    assertTrue(Cost.of(merged).macs() < asItStands);
    assertEquals(Cost.of(merged), Cost.of(dropped));
  }

  /** And nothing but zeros is left of the network where all are dropped. */
  @Test
  void theMeanOfEachChannelHandsZerosOnToTheClassifier() {
    Graph graph = ShakenNetworks.create("densenet-bc-10-6", Shape.of(3, 17, 15));
    Set<String> all = new HashSet<>();
    graph.blocks().forEach(block -> all.add(block.name()));
    Graph dropped = Rewrites.drop(graph, all);
    Graph merged = MergeZeroChannels.apply(dropped);
    assertSameAnswers(dropped, merged);
    int left = merged.parameter("classifier/weight").shape().dimension(1);
    assertEquals(dropped.parameter("classifier/weight").shape().dimension(1) - GROWTH + 1, left);
  }

  static List<Operation> activations() {
    return List.of(new Operation.Relu(), Operation.Clip.RELU6, new Operation.LeakyRelu(0.3f));
  }

  @ParameterizedTest
  @MethodSource("activations")
  void activationsBehindBatchNormMayBeOfThreeKinds(Operation activation) {
    Graph graph = padded(activation, 1, false);
    Graph merged = MergeZeroChannels.apply(graph);
    assertSameAnswers(graph, merged);
    assertEquals(4, merged.parameter("conv/weight").shape().dimension(1));
  }

  @Test
  void aConvolutionOfTheValueItselfLosesItsWeights() {
    GraphBuilder builder = builder();
    String x = builder.add("pad", new Operation.PadChannels(2, 3), builder.image());
    Graph graph = builder.build(builder.conv("conv", x, 4, 3, Operation.Conv2d.of(1, 1)));
    Graph merged = MergeZeroChannels.apply(graph);
    assertSameAnswers(graph, merged);
    assertEquals(new Operation.PadChannels(1, 0), merged.node("pad").operation());
    assertEquals(4, merged.parameter("conv/weight").shape().dimension(1));
  }

  @Test
  void isNotAppliedWhereASumReadsTheValueOrAConvolutionOfGroups() {
    Graph resnet = Networks.create("resnet-8", Shape.of(3, 8, 8), Task.unnamed(10, 3), 1);
    assertSame(resnet, MergeZeroChannels.apply(resnet));
    for (Graph graph :
        List.of(padded(new Operation.Relu(), 2, false), padded(new Operation.Relu(), 1, true))) {
      assertSame(graph, MergeZeroChannels.apply(graph));
    }
  }

  /** Three channels of zeros behind three others, normalized, activated and convolved. */
  private static Graph padded(Operation activation, int groups, boolean readTwice) {
    GraphBuilder builder = builder();
    String x = builder.add("pad", new Operation.PadChannels(0, 3), builder.image());
    String y = builder.add("activation", activation, builder.batchNorm("norm", x));
    Operation.Conv2d conv =
        new Operation.Conv2d(Extent.ONE, Extent.ONE, Extent.ONE, groups, Precision.FLOAT);
    String z = builder.conv("conv", y, 6, 3, conv);
    return ShakenNetworks.shaken(
        builder.build(readTwice ? builder.add("sum", new Operation.Add(), z, x) : z));
  }

  private static GraphBuilder builder() {
    return new GraphBuilder("padded", Shape.of(3, 5, 4), Task.unnamed(6, 3), 1);
  }

  private static int pads(Graph graph) {
    return (int)
        graph.nodes().stream()
            .filter(node -> node.operation() instanceof Operation.PadChannels)
            .count();
  }

  private static void assertSameAnswers(Graph expected, Graph found) {
    Tensor input = OperationCases.input(expected, 2);
    float[] values = Interpreter.run(expected, input).values();
    assertArrayEquals(values, Interpreter.run(found, input).values(), ROUNDING * range(values));
  }

  private static float range(float[] values) {
    float most = 0;
    for (float value : values) {
      most = Math.max(most, Math.abs(value));
    }
    return most;
  }
}
