package shallows.model.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import shallows.model.interpreter.Interpreter;
import shallows.model.network.Networks;

class SectionTest {
  private static final Graph GRAPH =
      Networks.create("resnet-14-b", Shape.of(1, 8, 8), Task.unnamed(10, 1), 1);

  @Test
  void aBlockBeginsWithTheValueThatBranchAndShortcutAreMadeOf() {
    for (Block block : GRAPH.blocks()) {
      Section section = Section.of(GRAPH, block);
      Node first = section.nodes().get(0);
      assertEquals(section.from(), first.inputs().get(0), block.name());
      assertEquals(block.sum(), section.nodes().get(section.nodes().size() - 1).name());
      boolean projects = !section.from().equals(block.shortcut());
      assertEquals(projects, !section.without(block).nodes().isEmpty(), block.name());
    }
  }

  @Test
  void computesAloneWhatItComputesInside() {
    Random random = new Random(1);
    float[] pixels = new float[64];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    Map<String, Tensor> values =
        Interpreter.values(GRAPH, new Tensor(Shape.of(1, 1, 8, 8), pixels));
    for (Block block : GRAPH.blocks()) {
      Section section = Section.of(GRAPH, block);
      float[] logits = Interpreter.run(section.alone(), values.get(section.from())).values();
      float[] sum = values.get(block.sum()).values();
      int each = sum.length / logits.length;
      for (int c = 0; c < logits.length; c++) {
        double mean = 0;
        for (int i = 0; i < each; i++) {
          mean += Math.max(0, sum[c * each + i]) / each;
        }
        assertEquals(mean, logits[c], 1e-5, block.name());
      }
    }
  }

  @Test
  void theSameShapeIsTheSameStructureWhateverItIsCalled() {
    Section second = Section.of(GRAPH, GRAPH.blocks().get(0));
    Section third = Section.of(GRAPH, GRAPH.blocks().get(1));
    assertEquals(second.structure(), third.structure());
    assertNotEquals(second.structure(), second.without(GRAPH.blocks().get(0)).structure());
    Section wider = Section.of(GRAPH, GRAPH.blocks().get(5));
    assertNotEquals(second.structure(), wider.structure());
  }

  @Test
  void aDroppedBlockIsWhatIsLeftOfIt() {
    Block block = GRAPH.blocks().get(1);
    Graph dropped = Rewrites.drop(GRAPH, Set.of(block.name()));
    Section left = Section.of(GRAPH, block).in(dropped, block);
    assertEquals(List.of(), left.nodes());
    assertEquals(3, left.alone().nodes().size());
  }

  @Test
  void whatIsMadeOfMoreIsRefused() {
    Block block = GRAPH.blocks().get(1);
    String inside = GRAPH.branch(block).get(0).name();
    assertThrows(IllegalArgumentException.class, () -> new Section(GRAPH, inside, block.sum()));
  }
}
