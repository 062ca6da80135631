package shallows.model.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.model.BadInputException;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.interpreter.Interpreter;

class NetworksTest {
  private static final Shape CIFAR = Shape.of(3, 32, 32);

  @Test
  void drawsTheSameWeightsFromTheSameSeed() {
    float[] weight = create("resnet-20").parameter("stem/conv/weight").values();
    assertArrayEquals(weight, create("resnet-20").parameter("stem/conv/weight").values());
  }

  @Test
  void startsNearTheLossOfGuessing() {
    Graph graph = create("resnet-20");
    float[] logits =
        Interpreter.run(graph, new Tensor(CIFAR.withBatch(1), new float[CIFAR.size()])).values();
    for (float logit : logits) {
      // An image of zeros passes a fresh network as zeros; the classifier's bias is zero too.
      assertEquals(0, logit, 1e-6);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet-33",
        "resnet-2",
        "resnet-",
        "vgg-16",
        "resnet-20-s3",
        "resnet-20-s2-b",
        "preresnet-21",
        "preresnet-164-b",
        "wrn-17-2",
        "wrn-16-0",
        "wrn-16-8-d0.99999999",
        "densenet-41-12",
        "densenet-bc-43-12",
        "densenet-bc-4-12",
        "densenet-40-0",
        "fmp-2-8",
        "fmp-25-8",
        "fmp-8-0",
        "fmp-8-8-disjoint-random",
        "bottleneck-34",
        ""
      })
  void refusesANameThatNoArchitectureKnows(String name) {
    String message = assertThrows(BadInputException.class, () -> create(name)).getMessage();
    assertTrue(message.contains("'" + name + "': expected one of"), message);
    assertTrue(message.contains("resnet-20"), message);
  }

  @ParameterizedTest
  @CsvSource({"resnet-50, 50", "resnet50, 50", "ResNet-101-b, 101", "resnet-152, 152"})
  void tellsWhatTheNamesOfImageNetsNetworksAreHere(String name, String layers) {
    assertEquals(
        "ImageNet's ResNet-" + layers + " is bottleneck-" + layers,
        Networks.remark(name).orElseThrow());
    assertTrue(Networks.remark("resnet-56").isEmpty());
    assertTrue(Networks.remark("preresnet-1001").isEmpty());
  }

  @Test
  void refusesABottleneckOnSmallImages() {
    String message =
        assertThrows(BadInputException.class, () -> create("bottleneck-50")).getMessage();
    assertTrue(message.contains("at least 64x64 pixels, found 32x32"), message);
    assertTrue(message.contains("with size 64"), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet-14",
        "resnet-14-b",
        "preresnet-14",
        "preresnet-14-b",
        "wrn-16-2",
        "preresnet-164"
      })
  void aBlockThatChangesTheShapeLosesItsBranchAlone(String name) {
    Graph graph = create(name);
    Set<String> all = graph.blocks().stream().map(Block::name).collect(Collectors.toSet());
    Graph shallow = Rewrites.drop(graph, all);
    assertEquals(0, shallow.blocks().size());
    assertEquals(graph.shape(graph.output()), shallow.shape(shallow.output()));
    boolean projects = name.matches(".*-b|wrn.*|preresnet-164");
    for (String stage : List.of("stage2/block01", "stage3/block01")) {
      String kept = stage + (projects ? "/shortcut/conv" : "/shortcut/pad");
      assertTrue(shallow.hasNode(kept), kept);
      assertFalse(shallow.hasNode(stage + "/2/conv"));
    }
    assertTrue(Cost.of(shallow).macs() < Cost.of(graph).macs() / 5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"densenet-10-3", "densenet-bc-16-3"})
  void aDenseLayerThatIsDroppedLeavesZeros(String name) {
    Graph graph = create(name);
    assertEquals(6, graph.blocks().size());
    for (Block block : graph.blocks()) {
      Graph without = Rewrites.drop(graph, Set.of(block.name()));
      assertEquals(new Operation.PadChannels(0, 3), without.node(block.sum()).operation());
      assertFalse(without.hasNode(block.branch()));
      assertEquals(graph.shape(block.sum()), without.shape(block.sum()));
    }
  }

  /** Graham 2014 gives the sizes of both in its text: 94-93-74-73-… and 36-35-25-24-… */
  @ParameterizedTest
  @CsvSource({
    "fmp-14-2, 94 93 74 73 58 57 45 44 35 34 27 26 21 20 16 15 12 11 9 8 6 5 4 3 2 1 1",
    "fmp-8-2, 36 35 25 24 17 16 11 10 7 6 4 3 2 1 1",
    "fmp-8-2-random-disjoint-d0.5, 36 35 25 24 17 16 11 10 7 6 4 3 2 1 1"
  })
  void fractionalPoolingNetworksHaveTheSizesOfThePaper(String name, String sizes) {
    Graph graph = create(name);
    List<String> found = new ArrayList<>(List.of("" + graph.shape("field").dimension(1)));
    for (Node node : graph.nodes()) {
      if (node.name().matches("layer\\d+/(conv|pool)")) {
        assertEquals(graph.shape(node.name()).dimension(1), graph.shape(node.name()).dimension(2));
        found.add("" + graph.shape(node.name()).dimension(1));
      }
    }
    assertEquals(sizes, String.join(" ", found));
    assertEquals(0, graph.blocks().size());
  }

  @Test
  void refusesAnImageThatIsLargerThanTheFieldOfFractionalPools() {
    String message = assertThrows(BadInputException.class, () -> create("fmp-7-8")).getMessage();
    assertTrue(message.contains("at most 25x25 pixels, found 32x32"), message);
    assertTrue(message.contains("with size 25"), message);
  }

  /**
   * The paper's appendix: one activation for branch and shortcut at the start, the identity after.
   */
  @Test
  void preactivationNetworksKeepTheIdentityBetweenBlocks() {
    Graph graph = create("preresnet-20");
    assertEquals("stem/relu", graph.blocks().get(0).shortcut());
    assertEquals("stage1/block01/sum", graph.blocks().get(1).shortcut());
    assertEquals("stage2/block01/shortcut/pad", graph.blocks().get(3).shortcut());
    assertEquals(
        List.of("stage2/block01/1/relu"), graph.node("stage2/block01/shortcut/subsample").inputs());
    assertEquals(List.of("last/norm"), graph.node("last/relu").inputs());
  }

  private static Graph create(String name) {
    return Networks.create(name, CIFAR, Task.unnamed(10, 3), 1);
  }
}
