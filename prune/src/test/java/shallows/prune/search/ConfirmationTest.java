package shallows.prune.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import shallows.data.evaluation.AccuracyLoss;
import shallows.model.graph.Graph;
import shallows.model.graph.TestGraphs;

/** Lines of networks, and how often a bad one is confirmed. */
class ConfirmationTest {
  private static final int IMAGES = 1200;
  private static final int REPETITIONS = 2000;

  /** Three standard errors of a share of 0.2 of the repetitions. */
  private static final double CHANCE = 3 * Math.sqrt(0.2 * 0.8 / REPETITIONS);

  private final Map<String, boolean[]> answers = new HashMap<>();
  private final Graph reference = network("reference", right(0, 1080));

  @Test
  void aLineEndsWithTheFirstThatIsNotConfirmed() {
    Confirmation confirmation = confirmation(1);
    Confirmation.Line line = confirmation.line();
    Graph good = network("good", right(0, 1080));
    assertTrue(line.confirms(good));
    assertTrue(line.confirms(good));
    assertFalse(line.confirms(network("bad", right(40, 1080))));
    assertFalse(line.isOpen());
    assertFalse(line.confirms(network("good too", right(0, 1080))));
    // What comes behind the end was not looked at.
    assertEquals(2, confirmation.promise().looks());
    assertTrue(confirmation.line().confirms(network("of another line", right(0, 1080))));
  }

  @Test
  void laterLinesAskForMoreSinceTheyShareWhatIsLeftOfTheRisk() {
    // Ten images lost and ten won of 1,200: the bound is 0.26, 0.5 and 0.6 points up with z of
    // 0.92, 2.05 and 2.33 wherever all of the risk is spent on one, on two, on three lines.
    boolean[] swapped = right(10, 1090);
    for (double maxDrop : new double[] {0.3, 0.45, 0.75, 0.85}) {
      Confirmation confirmation = confirmation(maxDrop);
      List<Boolean> confirmed = new ArrayList<>();
      for (int line = 0; line < 3; line++) {
        confirmed.add(confirmation.line().confirms(network("same", swapped)));
      }
      AccuracyLoss loss = new AccuracyLoss(10, 10, IMAGES);
      assertEquals(
          List.of(
              loss.isSurelyWithin(maxDrop, 0.9154),
              loss.isSurelyWithin(maxDrop, 2.3263),
              loss.isSurelyWithin(maxDrop, 2.5758)),
          confirmed,
          maxDrop + " points");
    }
  }

  @Test
  void ofManyNetworksThatLoseJustTooMuchOneIsConfirmedNoMoreOftenThanPromised() {
    Random random = new Random(1);
    int promised = 0;
    int luckiest = 0;
    for (int r = 0; r < REPETITIONS; r++) {
      // All lose one point, where 1 may be lost: the least that is too much.
      List<Graph> bad = new ArrayList<>();
      double[] shared = random.doubles(IMAGES).toArray();
      for (int i = 0; i < 8; i++) {
        bad.add(network("bad" + i, answers(shared, random)));
      }
      Confirmation confirmation = confirmation(1);
      boolean any = false;
      for (int line = 0; line < 2; line++) {
        Confirmation.Line each = confirmation.line();
        for (Graph graph : bad.subList(4 * line, 4 * line + 4)) {
          any |= each.confirms(graph);
        }
      }
      promised += any ? 1 : 0;
      luckiest +=
          bad.stream()
                  .anyMatch(
                      graph -> confirmation.loss(graph).isSurelyWithin(1, AccuracyLoss.QUANTILE))
              ? 1
              : 0;
    }
    double risk = 1 - AccuracyLoss.CONFIDENCE;
    assertTrue((double) promised / REPETITIONS <= risk + CHANCE, promised + " times");
    // The same bound, taken of the luckiest of them, promises what it does not keep.
    assertTrue((double) luckiest / REPETITIONS > 1.5 * risk, luckiest + " times");
  }

  /**
   * The reference gets the first 1,080 images right. A bad network loses each of them with
   * probability p and wins each of the others with q, so that 1,080·p − 120·q are 12 images, 1 % of
   * all. Half of what decides it is shared by all networks.
   */
  private static boolean[] answers(double[] shared, Random random) {
    double q = 0.25;
    double p = (0.01 * IMAGES + 120 * q) / 1080;
    boolean[] right = new boolean[IMAGES];
    for (int i = 0; i < IMAGES; i++) {
      double draw = random.nextBoolean() ? shared[i] : random.nextDouble();
      right[i] = i < 1080 ? draw >= p : draw < q;
    }
    return right;
  }

  private static boolean[] right(int from, int to) {
    boolean[] right = new boolean[IMAGES];
    Arrays.fill(right, from, to, true);
    return right;
  }

  private Graph network(String name, boolean[] right) {
    answers.put(name, right);
    return TestGraphs.twoBlocks().withName(name);
  }

  private Confirmation confirmation(double maxDrop) {
    return new Confirmation(
        graph -> new MeasuredNetwork(graph, new double[IMAGES], answers.get(graph.name())),
        reference,
        maxDrop);
  }
}
