package shallows.pipeline.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import shallows.data.evaluation.AccuracyLoss;
import shallows.prune.plan.BlockDecision;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Reason;

class ReasonWordsTest {
  private static final AccuracyLoss LOSS = new AccuracyLoss(9, 4, 1000);
  private static final Reason.Effect EFFECT = new Reason.Effect(0.0031, 0.0019, 74_240, 1_806_336);
  private static final String SAVES =
      "loss +0.0031 ± 0.0019, saves 74,240 bytes and 1,806,336 MACs";

  @Test
  void saysEachWithItsNumbers() {
    assertEquals("number 3 to go: accuracy -0.50 ± 0.36 points; " + SAVES, dropped());
    assertEquals(
        "stays: dropped as number 4, accuracy -0.50 ± 0.36 points, where 1.00 may be lost; "
            + SAVES,
        words(new Reason.Refused(4, LOSS, 1, EFFECT)));
    assertEquals(
        "narrowed to 0.50 of its channels in round 2: answers move by +0.0031 nats, saves 74,240"
            + " bytes and 1,806,336 MACs",
        words(new Reason.Formed(Decision.NARROW, 0.5, 2, 0.0031, 74_240, 1_806_336, null)));
    assertEquals(
        "made linear in round 1: answers move by -0.0010 nats, saves 10 bytes and 20 MACs",
        words(new Reason.Formed(Decision.LINEAR, null, 1, -0.001, 10, 20, null)));
    assertEquals(
        "dropped in round 3: answers move by +0.0020 nats, saves 10 bytes and 20 MACs, 0.125 ms of"
            + " the block timed alone",
        words(new Reason.Formed(Decision.DROP, null, 3, 0.002, 10, 20, 0.125)));
    assertEquals("binarized before fine-tuning: " + SAVES, words(new Reason.Binarized(EFFECT)));
    assertEquals(
        "fine-tuned, accuracy -0.50 ± 0.36 points on held-out images",
        words(new Reason.Confirmed(LOSS)));
    assertEquals(
        "with 5 blocks dropped and fine-tuned, accuracy -0.50 ± 0.36 points on held-out images,"
            + " which do not confirm that at most 1.00 were lost",
        words(new Reason.NotConfirmed(5, 0, true, LOSS, 1)));
    assertEquals(
        "with 5 blocks dropped, 2 of another form, and fine-tuned, accuracy -0.50 ± 0.36 points on"
            + " held-out images, which do not confirm that at most 1.00 were lost",
        words(new Reason.NotConfirmed(5, 2, true, LOSS, 1)));
    assertEquals(
        "binarized in another network of that size (1 blocks dropped, 2 binarized, 3,000 MACs;"
            + " accuracy -0.50 ± 0.36 points against this one on training images)",
        words(new Reason.Otherwise(Decision.BINARIZE, null, 1, 0, 2, 3000, LOSS)));
    assertEquals(
        "dropped in another network of that size (1 blocks dropped, 4 of another form, 0 binarized,"
            + " 3,000 MACs; accuracy -0.50 ± 0.36 points against this one on training images)",
        words(new Reason.Otherwise(Decision.DROP, null, 1, 4, 0, 3000, LOSS)));
    assertEquals("stays: pruning ended without it", words(new Reason.Spared()));
    assertEquals("as the plan that was given says", words(new Reason.Given(true)));
    assertEquals(
        "not named in the plan that was given, so it stays", words(new Reason.Given(false)));
  }

  @Test
  void saysThemInTheirOrder() {
    assertEquals(
        dropped() + "; " + words(new Reason.Confirmed(LOSS)),
        words(new Reason.Dropped(3, LOSS, EFFECT), new Reason.Confirmed(LOSS)));
  }

  private static String dropped() {
    return words(new Reason.Dropped(3, LOSS, EFFECT));
  }

  private static String words(Reason... reasons) {
    return ReasonWords.of(
        new BlockDecision("b", Decision.KEEP, null, 1, null, null, 1, 1, List.of(reasons)));
  }
}
