package shallows.model.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GraphTest {
  private final Graph graph = TestGraphs.twoBlocks();

  @Test
  void knowsWhichNodesFormABranch() {
    List<String> branch = graph.branch(graph.blocks().get(0)).stream().map(Node::name).toList();
    assertEquals(List.of("block1/conv", "block1/norm", "block1/survival"), branch);
  }

  @Test
  void refusesANodeThatReadsALaterOne() {
    String message =
        misfit(
            List.of(
                new Node("first", new Operation.Relu(), List.of("second")),
                new Node("second", new Operation.Relu(), List.of("image"))),
            Map.of());
    assertEquals(
        "Relu 'first' expects the input or an earlier node as input 0, found 'second'", message);
  }

  @Test
  void refusesAWeightOfTheWrongShapeByName() {
    Node conv = new Node("conv", Operation.Conv2d.of(1, 1), List.of("image", "w"));
    String message =
        misfit(List.of(conv), Map.of("w", new Tensor(Shape.of(4, 3, 3, 3), new float[108])));
    assertTrue(message.startsWith("Conv2d 'conv' expects a weight of (O, 2 / 1, kH, kW)"), message);
  }

  @Test
  void refusesAMissingInput() {
    Node conv = new Node("conv", Operation.Conv2d.of(1, 1), List.of("image"));
    assertEquals("Conv2d 'conv' expects 2 to 3 inputs, found 1", misfit(List.of(conv), Map.of()));
  }

  @Test
  void refusesTwoNodesOfOneName() {
    Node relu = new Node("relu", new Operation.Relu(), List.of("image"));
    assertTrue(misfit(List.of(relu, relu), Map.of()).contains("name is taken"));
  }

  @Test
  void refusesAParameterThatNothingReads() {
    Node relu = new Node("relu", new Operation.Relu(), List.of("image"));
    String message = misfit(List.of(relu), Map.of("stray", Tensor.vector(1)));
    assertEquals("parameter 'stray' is used by no node", message);
  }

  @Test
  void refusesABlockThatIsNoSum() {
    Node relu = new Node("relu", new Operation.Relu(), List.of("image"));
    Block block = new Block("b", "image", "relu", "relu");
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> graph(List.of(relu), Map.of(), List.of(block)))
            .getMessage();
    assertTrue(message.startsWith("block 'b' must have"), message);
  }

  @Test
  void refusesAShapeThatOverflows() {
    assertThrows(IllegalArgumentException.class, () -> Shape.of(1 << 16, 1 << 16));
  }

  @Test
  void keepsShapesWhenParametersAreReplaced() {
    assertThrows(
        IllegalArgumentException.class,
        () -> graph.withParameters(Map.of("classifier/bias", Tensor.vector(1, 2))));
  }

  private static String misfit(List<Node> nodes, Map<String, Tensor> parameters) {
    return assertThrows(IllegalArgumentException.class, () -> graph(nodes, parameters, List.of()))
        .getMessage();
  }

  private static Graph graph(List<Node> nodes, Map<String, Tensor> parameters, List<Block> blocks) {
    return new Graph(
        "test",
        new Graph.Input("image", Shape.of(2, 4, 4)),
        nodes,
        nodes.get(nodes.size() - 1).name(),
        parameters,
        blocks,
        Task.unnamed(2, 2),
        Map.of());
  }
}
