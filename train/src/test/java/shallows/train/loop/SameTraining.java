package shallows.train.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import shallows.model.graph.Tensor;

/** Compares what two trainings left, to the last bit. */
final class SameTraining {
  private SameTraining() {}

  static void assertSame(TrainedNetwork expected, TrainedNetwork found) {
    assertSame(expected.graph().parameters(), found.graph().parameters());
    assertEquals(expected.steps().size(), found.steps().size());
    for (int step = 0; step < expected.steps().size(); step++) {
      assertEquals(expected.steps().loss(step), found.steps().loss(step));
      assertEquals(expected.steps().difficulty(step), found.steps().difficulty(step));
      for (int b = 0; b < expected.steps().blocks().size(); b++) {
        assertEquals(expected.steps().isOn(step, b), found.steps().isOn(step, b));
      }
    }
  }

  static void assertSame(Map<String, Tensor> expected, Map<String, Tensor> found) {
    assertEquals(expected.keySet(), found.keySet());
    expected.forEach(
        (name, value) -> assertArrayEquals(value.values(), found.get(name).values(), name));
  }
}
