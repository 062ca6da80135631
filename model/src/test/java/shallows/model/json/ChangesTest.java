package shallows.model.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ChangesTest {
  private static final Outer OUTER = new Outer("a", 1, new Inner("b", 2));

  private record Inner(String name, int size) {
    private Inner {
      if (size < 0) {
        throw new IllegalArgumentException("negative");
      }
    }
  }

  private record Outer(String name, int count, Inner inner) {}

  @Test
  void oneComponentIsOfTheRecordItself() {
    assertEquals(new Outer("x", 1, new Inner("b", 2)), Changes.in(OUTER, "name", "x"));
    assertThrows(IllegalStateException.class, () -> Changes.in(OUTER, "size", 3));
  }

  @Test
  void severalAreMeantWhereverTheyAre() {
    assertEquals(
        new Outer("a", 7, new Inner("b", 3)),
        Changes.in(OUTER, Map.of("count", 7, "size", 3, "other", "nothing")));
  }

  @Test
  void constructorsCheckWhatIsChanged() {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> Changes.in(OUTER, Map.of("size", -1)));
    assertEquals("negative", refusal.getMessage());
  }
}
