package shallows.pipeline.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;

class BlockGroupsTest {
  /** 54 blocks, 27 networks to try, and one more for each of the nine jobs. */
  private static final Graph GRAPH =
      Networks.create("resnet-110-s2", Shape.of(1, 8, 8), Task.unnamed(2, 1), 1);

  @Test
  void aGroupTriesThreeNetworks() {
    List<List<Block>> groups = BlockGroups.of(GRAPH, GRAPH.blocks(), 1, BlockGroups.NETWORKS);

    // What comes behind the first blocks is nearly everything, behind the last ones nearly nothing.
    assertTrue(groups.get(0).size() <= 4, groups.toString());
    assertTrue(groups.get(groups.size() - 1).size() >= 10, groups.toString());
    assertTrue(groups.size() >= 8 && groups.size() <= 10, groups.toString());
    assertEquals(GRAPH.blocks(), groups.stream().flatMap(List::stream).toList());
  }

  @Test
  void moreFormsOfEachAreMoreGroups() {
    int once = BlockGroups.of(GRAPH, GRAPH.blocks(), 1, BlockGroups.NETWORKS).size();
    int twice = BlockGroups.of(GRAPH, GRAPH.blocks(), 2, BlockGroups.NETWORKS).size();

    assertTrue(twice >= 2 * once - 1 && twice <= 2 * once + 1, once + " and " + twice);
  }

  @Test
  void aFewBlocksAreOneGroupAndNoneAreNone() {
    List<Block> few = GRAPH.blocks().subList(0, 4);

    assertEquals(List.of(few), BlockGroups.of(GRAPH, few, 1, BlockGroups.NETWORKS));
    assertEquals(List.of(), BlockGroups.of(GRAPH, List.of(), 1, BlockGroups.NETWORKS));
  }
}
