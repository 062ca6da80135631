package shallows.model.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import shallows.model.interpreter.Interpreter;

class PoolingRegionsTest {
  @ParameterizedTest
  @EnumSource(names = {"RANDOM", "PSEUDORANDOM"})
  void everyRowIsInOneRegionOfOneOrTwo(PoolingRegions kind) {
    for (int size = 1; size < 40; size++) {
      for (int regions = (size + 1) / 2; regions <= size; regions++) {
        List<Integer> ends = kind.draw(size, regions, 31L * size + regions);
        assertEquals(2 * regions, ends.size());
        assertTrue(PoolingRegions.areRegions(ends), ends.toString());
        assertEquals(size - 1, ends.get(ends.size() - 1));
      }
    }
  }

  /** Sums of as many neighbouring steps ⌊α·(i + u)⌋ differ by 1 at most. */
  @Test
  void pseudorandomStepsAreEvenlyMixed() {
    for (int seed = 0; seed < 20; seed++) {
      List<Integer> steps = steps(PoolingRegions.PSEUDORANDOM.draw(35, 24, seed));
      for (int length = 1; length < steps.size(); length++) {
        int least = Integer.MAX_VALUE;
        int most = 0;
        for (int from = 0; from + length <= steps.size(); from++) {
          int sum = steps.subList(from, from + length).stream().mapToInt(i -> i).sum();
          least = Math.min(least, sum);
          most = Math.max(most, sum);
        }
        assertTrue(most - least <= 1, steps.toString());
      }
    }
  }

  /** 35 rows in 24 regions can be pooled in 24 pseudorandom ways at most, u deciding. */
  @Test
  void pseudorandomRegionsComeInAsManyWaysAsThePaperSays() {
    Set<List<Integer>> found = new HashSet<>();
    for (int seed = 0; seed < 500; seed++) {
      found.add(PoolingRegions.PSEUDORANDOM.draw(35, 24, seed));
    }
    assertEquals(24, found.size());
  }

  /** Ten orders of two steps of 2 and three of 1; one of 2,000 draws misses none but by 10⁻⁸⁰. */
  @Test
  void randomRegionsComeInEveryOrder() {
    Set<List<Integer>> found = new HashSet<>();
    for (int seed = 0; seed < 2000; seed++) {
      found.add(PoolingRegions.RANDOM.draw(7, 5, seed));
    }
    assertEquals(10, found.size());
  }

  @Test
  void aSeedDrawsTheSameAgainAndEachNodeAndAxisItsOwn() {
    List<Integer> ends = PoolingRegions.RANDOM.draw(30, 20, 1);
    Operation.SelectPixels pixels =
        new Operation.SelectPixels(ends, ends, PoolingRegions.RANDOM).redrawn(5, "one");
    assertEquals(pixels, pixels.redrawn(5, "one"));
    assertNotEquals(pixels.rows(), pixels.columns());
    assertNotEquals(pixels.rows(), pixels.redrawn(5, "other").rows());
    assertNotEquals(pixels.rows(), pixels.redrawn(6, "one").rows());
  }

  @Test
  void refusesWhatStepsOfOneAndTwoDoNotReach() {
    assertThrows(IllegalArgumentException.class, () -> PoolingRegions.RANDOM.draw(9, 4, 1));
    assertThrows(IllegalArgumentException.class, () -> PoolingRegions.RANDOM.draw(9, 10, 1));
    assertThrows(IllegalArgumentException.class, () -> PoolingRegions.FIXED.draw(9, 6, 1));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Operation.SelectPixels(List.of(0, 2), List.of(0, 1), PoolingRegions.PSEUDORANDOM));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            pooled(
                Shape.of(1, 9, 5),
                new Operation.SelectPixels(
                    List.of(0, 1, 2, 2), List.of(0, 1, 2, 3, 4, 4), PoolingRegions.RANDOM),
                false));
  }

  /** The paper's Pᵢ = [aᵢ₋₁, aᵢ] by [bⱼ₋₁, bⱼ], and without the last of each. */
  @Test
  void poolsAreTheMaximaOfThePapersRegions() {
    Shape image = Shape.of(2, 9, 7);
    for (boolean overlapping : new boolean[] {true, false}) {
      int less = overlapping ? 1 : 0;
      List<Integer> rows = PoolingRegions.RANDOM.draw(9 - less, 6, 3);
      List<Integer> columns = PoolingRegions.PSEUDORANDOM.draw(7 - less, 5, 4);
      Graph graph =
          pooled(
              image, new Operation.SelectPixels(rows, columns, PoolingRegions.RANDOM), overlapping);
      Tensor input = OperationCases.input(graph, 2);
      float[] expected = new float[2 * 2 * 6 * 5];
      for (int i = 0; i < expected.length; i++) {
        int row = i / 5 % 6;
        int column = i % 5;
        float most = Float.NEGATIVE_INFINITY;
        for (int y = rows.get(2 * row); y <= rows.get(2 * row + 1) + less; y++) {
          for (int x = columns.get(2 * column); x <= columns.get(2 * column + 1) + less; x++) {
            most = Math.max(most, input.values()[(i / 30 * 9 + y) * 7 + x]);
          }
        }
        expected[i] = most;
      }
      assertArrayEquals(expected, Interpreter.run(graph, input).values());
    }
  }

  private static Graph pooled(Shape image, Operation pixels, boolean overlapping) {
    GraphBuilder builder = OperationCases.builder("pool", image);
    Extent two = Extent.square(2);
    String x = builder.image();
    if (overlapping) {
      x = builder.add("overlap", new Operation.MaxPool(two, Extent.ONE, Extent.ZERO), x);
    }
    x = builder.add("pixels", pixels, x);
    return builder.build(builder.add("pool", new Operation.MaxPool(two, two, Extent.ZERO), x));
  }

  private static List<Integer> steps(List<Integer> ends) {
    List<Integer> steps = new ArrayList<>();
    for (int i = 0; i < ends.size(); i += 2) {
      steps.add(ends.get(i + 1) - ends.get(i) + 1);
    }
    return steps;
  }
}
