package shallows.export.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import shallows.export.ShakenNetworks;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;

class SampledMembersTest {
  private static final Graph FULL = ShakenNetworks.create("resnet-20-s2", Shape.of(1, 28, 28));
  private static final int MEMBERS = 1000;

  /** Five standard deviations of a mean of as many draws: one false alarm in a million runs. */
  private static final double FIVE_DEVIATIONS = 5 * 0.5 / Math.sqrt(MEMBERS);

  @Test
  void blocksThatAreOnCountInFull() {
    Graph member = new SampledMembers(FULL, 1).next();
    for (Block block : member.blocks()) {
      assertEquals(1, member.survival(block));
    }
  }

  @Test
  void eachBlockIsThereWithItsSurvivalProbability() {
    Map<String, Integer> there = new HashMap<>();
    SampledMembers members = new SampledMembers(FULL, 1);
    for (int i = 0; i < MEMBERS; i++) {
      members.next().blocks().forEach(block -> there.merge(block.name(), 1, Integer::sum));
    }
    for (Block block : FULL.blocks()) {
      double share = (double) there.get(block.name()) / MEMBERS;
      assertEquals(FULL.survival(block), share, FIVE_DEVIATIONS, block.name());
    }
  }

  @Test
  void aDroppedBlockLeavesNoNode() {
    SampledMembers members = new SampledMembers(FULL, 1);
    Graph member = members.next();
    assertTrue(member.blocks().size() < FULL.blocks().size());
    long convolutions =
        member.nodes().stream().filter(n -> n.operation() instanceof Operation.Conv2d).count();
    assertEquals(1 + 2 * member.blocks().size(), convolutions);
  }
}
