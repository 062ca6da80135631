package shallows.model.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DominatorsTest {
  private static final int NODES = 60;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void isWhatWalkingBackFromEachValueFinds(long seed) {
    Graph graph = network(new Random(seed));
    Dominators dominators = new Dominators(graph);
    Dominators.Operations convolutions = dominators.where(DominatorsTest::isConvolution);
    List<String> values = new ArrayList<>(List.of(graph.input().name()));
    graph.nodes().forEach(node -> values.add(node.name()));
    int found = 0;
    for (String start : values) {
      for (String value : values) {
        Optional<Set<Node>> between = between(graph, start, value);
        String pair = start + " to " + value;
        assertEquals(between.isPresent(), dominators.dominates(start, value), pair);
        if (between.isPresent()) {
          found++;
          assertEquals(
              between.get().stream().anyMatch(node -> isConvolution(node.operation())),
              convolutions.areBetween(start, value),
              pair);
        }
      }
    }
    // Each value dominates itself, and the image each of them.
    assertTrue(found > 2 * NODES, () -> "few dominators of other kinds");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "weight"})
  void whatIsNoValueOfTheImageDominatesNothing(String name) {
    GraphBuilder builder = new GraphBuilder("network", Shape.of(4, 6, 6), Task.unnamed(2, 4), 1);
    String conv = builder.conv("conv", builder.image(), 4, 1, Operation.Conv2d.of(1, 0));
    Dominators dominators = new Dominators(builder.build(conv));
    assertFalse(dominators.dominates(name, conv));
    assertFalse(dominators.dominates(conv, name));
  }

  private static boolean isConvolution(Operation operation) {
    return operation instanceof Operation.Conv2d;
  }

  /** Sums of what was computed before, near or far, relus and convolutions. */
  private static Graph network(Random random) {
    GraphBuilder builder = new GraphBuilder("network", Shape.of(2, 3, 3), Task.unnamed(2, 2), 1);
    List<String> values = new ArrayList<>(List.of(builder.image()));
    for (int i = 0; i < NODES; i++) {
      String last = values.get(values.size() - 1);
      String before = values.get(Math.max(0, values.size() - 1 - random.nextInt(12)));
      String name = "value" + i;
      values.add(
          switch (random.nextInt(4)) {
            case 0 -> builder.conv(name, before, 2, 1, Operation.Conv2d.of(1, 0));
            case 1 -> builder.add(name, new Operation.Relu(), last);
            default -> builder.add(name, new Operation.Add(), last, before);
          });
    }
    return builder.build(values.get(values.size() - 1));
  }

  /** The nodes from behind {@code start} to {@code value}; empty if some other value enters. */
  private static Optional<Set<Node>> between(Graph graph, String start, String value) {
    Set<Node> between = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(value));
    boolean reached = false;
    while (!open.isEmpty()) {
      String next = open.remove();
      if (next.equals(start)) {
        reached = true;
      } else if (next.equals(graph.input().name())) {
        return Optional.empty();
      } else if (between.add(graph.node(next))) {
        graph.node(next).inputs().stream()
            .filter(input -> !graph.parameters().containsKey(input))
            .forEach(open::add);
      }
    }
    return reached ? Optional.of(between) : Optional.empty();
  }
}
