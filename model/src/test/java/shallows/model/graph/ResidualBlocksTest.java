package shallows.model.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import shallows.model.interpreter.Interpreter;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;

class ResidualBlocksTest {
  private final GraphBuilder builder =
      new GraphBuilder("network", Shape.of(4, 6, 6), Task.unnamed(2, 4), 1);

  private String conv(String name, String from) {
    return builder.conv(name, from, 4, 3, Operation.Conv2d.of(1, 1));
  }

  private String relu(String name, String from) {
    return builder.add(name, new Operation.Relu(), from);
  }

  private String concat(String name, String... inputs) {
    return builder.add(name, new Operation.Concat(), inputs);
  }

  @Test
  void aSumWithTheIdentityIsABlock() {
    String start = relu("start", builder.image());
    String branch = conv("second", relu("between", conv("first", start)));
    Graph graph = found(builder.add("sum", new Operation.Add(), branch, start));
    Block block = graph.blocks().get(0);
    assertEquals(new Block("stage1/block01", "start", "stage1/block01/survival", "sum"), block);
    assertEquals(1f, graph.survival(block));
    assertEquals(
        List.of("start"),
        Rewrites.drop(graph, Set.of(block.name())).nodes().stream().map(Node::name).toList());
  }

  @Test
  void aFactorOfOneAtTheEndOfABranchIsItsPlaceForTheProbability() {
    String start = relu("start", builder.image());
    String branch = conv("second", relu("between", conv("first", start)));
    String one = builder.add("one", new Operation.Scale(1), branch);
    String sum = builder.add("sum", new Operation.Add(), one, start);
    String mean = builder.add("mean", new Operation.GlobalAveragePool(), sum);
    String vector = builder.add("vector", new Operation.Flatten(), mean);
    Graph graph = found(builder.linear("classes", vector, 2));
    assertEquals(List.of(new Block("stage1/block01", "start", "one", "sum")), graph.blocks());
    // Two in a row would be read as nothing, and with them the end of the branch.
    assertEquals(
        graph.blocks(), OnnxReader.imported(OnnxWriter.bytes(graph), "again").graph().blocks());
  }

  @Test
  void aSumWithAProjectionIsABlockWhicheverSideStandsFirst() {
    String start = relu("start", builder.image());
    String shortcut = builder.batchNorm("norm", conv("projection", start));
    String branch = conv("second", relu("between", conv("first", start)));
    Graph graph = found(builder.add("sum", new Operation.Add(), branch, shortcut));
    assertEquals(List.of("norm"), graph.blocks().stream().map(Block::shortcut).toList());
  }

  @Test
  void aSumOfTwoBranchesOfDifferentBeginningsIsNone() {
    String first = conv("first", builder.image());
    String left = conv("left", relu("one", first));
    String right = conv("right", relu("two", conv("other", builder.image())));
    assertTrue(found(builder.add("sum", new Operation.Add(), left, right)).blocks().isEmpty());
  }

  @Test
  void branchesBesideEachOtherAsInInceptionAreNone() {
    String start = relu("start", builder.image());
    assertTrue(found(concat("both", conv("left", start), conv("right", start))).blocks().isEmpty());
  }

  @Test
  void eachLayerOfADenseNetworkIsABlockWhoseChannelsBecomeZeros() {
    String start = relu("start", builder.image());
    String first = conv("first", start);
    String second = conv("second", concat("one", start, first));
    Graph graph = found(concat("two", start, first, second));
    assertEquals(List.of("one", "two"), graph.blocks().stream().map(Block::sum).toList());
    // The second concatenation begins with the value of the first.
    assertEquals("one", graph.node("two").inputs().get(0));
    Tensor image = OperationCases.input(graph, 1);
    Graph dropped = Rewrites.drop(graph, Set.of(graph.blocks().get(1).name()));
    assertFalse(dropped.hasNode("second"));
    float[] whole = Interpreter.run(graph, image).values();
    float[] without = Interpreter.run(dropped, image).values();
    int kept = 8 * 36;
    assertArrayEquals(Arrays.copyOf(whole, kept), Arrays.copyOf(without, kept));
    assertArrayEquals(new float[4 * 36], Arrays.copyOfRange(without, kept, without.length));
  }

  private Graph found(String output) {
    return ResidualBlocks.found(builder.build(output));
  }
}
