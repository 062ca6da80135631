package shallows.prune.form;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.graph.TestGraphs;
import shallows.model.interpreter.Interpreter;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;
import shallows.prune.plan.Decision;

class PlanApplicationTest {
  private final Graph graph = TestGraphs.twoBlocks();
  private final Tensor images = TestGraphs.input(graph, 2);

  @Test
  void changesNothingWhenEverythingIsKept() {
    Graph kept =
        PlanApplication.apply(graph, Map.of("block1", Decision.KEEP, "block2", Decision.KEEP));
    assertEquals(graph.nodes(), kept.nodes());
    assertArrayEquals(
        Interpreter.run(graph, images).values(), Interpreter.run(kept, images).values());
  }

  @Test
  void dropsOneBlockAndBinarizesAnother() {
    Graph planned =
        PlanApplication.apply(graph, Map.of("block1", Decision.DROP, "block2", Decision.BINARIZE));
    assertEquals(1, planned.blocks().size());
    assertEquals(Precision.BINARY, planned.precision(planned.blocks().get(0)));
    assertEquals(graph.parameter("block2/conv/weight"), planned.parameter("block2/conv/weight"));
  }

  @Test
  void appliedTwiceIsAppliedOnce() {
    Map<String, Decision> plan = Map.of("block1", Decision.DROP, "block2", Decision.BINARIZE);
    Graph once = PlanApplication.apply(graph, plan);
    Graph twice = PlanApplication.apply(once, plan);
    assertArrayEquals(OnnxWriter.bytes(once), OnnxWriter.bytes(twice));
  }

  @Test
  void appliedToTheFileOfItsResultChangesNothingEither() {
    Map<String, Decision> plan = Map.of("block1", Decision.DROP);
    byte[] once = OnnxWriter.bytes(PlanApplication.apply(graph, plan));
    Graph read = OnnxReader.read(once, "once");
    assertArrayEquals(once, OnnxWriter.bytes(PlanApplication.apply(read, plan)));
  }

  @Test
  void whatGoesWithABranchIsRememberedAsDropped() {
    Graph nested = nested();
    Map<String, Decision> outer = Map.of("outer", Decision.DROP);
    Map<String, Decision> both = Map.of("outer", Decision.DROP, "inner", Decision.DROP);
    assertEquals(Map.of("inner", "outer"), PlanApplication.goneWith(nested, outer));
    byte[] once = OnnxWriter.bytes(PlanApplication.apply(nested, outer));
    assertArrayEquals(once, OnnxWriter.bytes(PlanApplication.apply(nested, both)));
    Graph read = OnnxReader.read(once, "once");
    assertArrayEquals(once, OnnxWriter.bytes(PlanApplication.apply(read, both)));
  }

  @Test
  void refusesToKeepABlockInABranchThatGoes() {
    for (Decision decision : new Decision[] {Decision.DROP, Decision.LINEAR}) {
      String message =
          assertThrows(
                  BadInputException.class,
                  () ->
                      PlanApplication.requireOneWill(
                          nested(), Map.of("outer", decision, "inner", Decision.KEEP)))
              .getMessage();
      assertEquals(
          "the plan: expected to drop 'inner', in the branch of 'outer' that goes, found keep; drop"
              + " it, or keep both",
          message);
    }
  }

  private static Graph nested() {
    GraphBuilder builder = new GraphBuilder("nested", Shape.of(2, 5, 5), Task.unnamed(50, 2), 1);
    String x = builder.image();
    String first = builder.conv("first", x, 2, 3, Operation.Conv2d.of(1, 1));
    String second = builder.conv("second", first, 2, 3, Operation.Conv2d.of(1, 1));
    String inner = builder.residual("inner", first, second);
    String last = builder.conv("last", inner, 2, 3, Operation.Conv2d.of(1, 1));
    return builder.build(
        builder.add("flatten", new Operation.Flatten(), builder.residual("outer", x, last)));
  }

  @Test
  void droppingABranchOfZeroChangesNoBitOfTheOutput() {
    Map<String, Tensor> zeros = new HashMap<>();
    for (Node node : graph.branch(graph.block("block1").orElseThrow())) {
      for (String input : node.inputs()) {
        if (graph.parameters().containsKey(input)) {
          Tensor trained = graph.parameter(input);
          zeros.put(input, new Tensor(trained.shape(), new float[trained.size()]));
        }
      }
    }
    Graph without = graph.withParameters(zeros);
    Graph dropped = PlanApplication.apply(without, Map.of("block1", Decision.DROP));
    assertArrayEquals(
        Interpreter.run(without, images).values(), Interpreter.run(dropped, images).values());
  }

  @Test
  void neverBinarizesTheFirstAndTheLastLayer() {
    // There is no stem: the first block sees the image itself.
    String message =
        assertThrows(
                BadInputException.class,
                () -> PlanApplication.apply(graph, Map.of("block1", Decision.BINARIZE)))
            .getMessage();
    assertTrue(message.startsWith("block 'block1': expected a convolution to binarize"), message);
  }

  @Test
  void refusesABlockThatTheNetworkDoesNotHaveByName() {
    assertRefused(graph, "nowhere", Decision.DROP, "'nowhere'; see ./shallows inspect");
  }

  @Test
  void refusesLayersOutsideOfBlocksByName() {
    assertRefused(graph, "classifier", Decision.DROP, "'classifier', layers outside of any block");
  }

  @Test
  void refusesToKeepABlockThatIsGone() {
    Graph cut = PlanApplication.apply(graph, Map.of("block1", Decision.DROP));
    assertRefused(cut, "block1", Decision.KEEP, "'block1', which this network has lost");
  }

  private static void assertRefused(Graph graph, String block, Decision decision, String found) {
    String message =
        assertThrows(
                BadInputException.class,
                () -> PlanApplication.apply(graph, Map.of(block, decision)))
            .getMessage();
    assertTrue(message.startsWith("the plan: expected decisions over blocks of"), message);
    assertTrue(message.contains(found), message);
  }
}
