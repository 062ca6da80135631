package shallows.model.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LivenessTest {
  private final Graph graph = TestGraphs.twoBlocks();

  @Test
  void everythingIsNeededForTheOutputButNothingBehindWhatIsWanted() {
    Block first = graph.blocks().get(0);
    Block second = graph.blocks().get(1);

    Set<String> all = Liveness.needed(graph.nodes(), List.of(graph.output()));
    Set<String> some = Liveness.needed(graph.nodes(), List.of(first.sum()));

    assertTrue(graph.nodes().stream().allMatch(node -> all.contains(node.name())));
    assertTrue(some.containsAll(List.of(first.sum(), first.branch(), graph.input().name())));
    assertFalse(some.contains(second.branch()));
  }

  @Test
  void aValueIsReleasedOnceBehindItsLastReaderAndTheOutputNever() {
    Set<String> released = new HashSet<>();
    for (Node node : graph.nodes()) {
      assertTrue(node.inputs().stream().noneMatch(released::contains), node.name());
      for (String value : Liveness.releasedBehind(graph).getOrDefault(node.name(), List.of())) {
        assertTrue(released.add(value), value);
      }
    }
    Set<String> read = new HashSet<>(graph.uses().keySet());
    read.remove(graph.output());
    assertEquals(read, released);
  }
}
