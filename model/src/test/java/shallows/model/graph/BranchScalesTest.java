package shallows.model.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import shallows.model.interpreter.Interpreter;
import shallows.model.network.Networks;
import shallows.model.network.SurvivalSchedule;

class BranchScalesTest {
  private static final Shape IMAGE = Shape.of(1, 12, 12);
  private final Graph ours = Networks.create("resnet-14-s2", IMAGE, Task.unnamed(3, 1), 1);

  @Test
  void aGraphThatHasThemStaysAsItIs() {
    assertSame(ours, BranchScales.insert(ours));
  }

  @Test
  void changesNoBitAndGivesEachBlockAPlaceForItsProbability() {
    Graph theirs = withoutScales(ours);
    Graph scaled = BranchScales.insert(theirs);

    assertEquals(theirs.blocks().size(), scaled.blocks().size());
    assertArrayEquals(answer(theirs), answer(scaled));
    Graph surviving = SurvivalSchedule.parse("uniform:0.5").applyTo(scaled);
    for (Block block : surviving.blocks()) {
      assertEquals(0.5f, surviving.survival(block));
    }
    assertArrayEquals(
        answer(SurvivalSchedule.parse("uniform:0.5").applyTo(ours)), answer(surviving));
  }

  @Test
  void dropsAsBefore() {
    Graph theirs = withoutScales(ours);
    String first = theirs.blocks().get(0).name();

    assertArrayEquals(
        answer(Rewrites.drop(theirs, java.util.Set.of(first))),
        answer(Rewrites.drop(BranchScales.insert(theirs), java.util.Set.of(first))));
  }

  /** The network as somebody else would have it. */
  private static Graph withoutScales(Graph graph) {
    Map<String, String> bypassed = new java.util.HashMap<>();
    List<Node> nodes = new java.util.ArrayList<>();
    for (Node node : graph.nodes()) {
      if (node.operation() instanceof Operation.Scale) {
        bypassed.put(node.name(), node.inputs().get(0));
      } else {
        nodes.add(node);
      }
    }
    return Rewrites.replace(graph, nodes, graph.parameters(), bypassed);
  }

  private static float[] answer(Graph graph) {
    Random random = new Random(1);
    float[] pixels = new float[IMAGE.size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return Interpreter.run(graph, new Tensor(IMAGE.withBatch(1), pixels)).values();
  }
}
