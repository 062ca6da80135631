package shallows.pipeline.report;

import java.util.Locale;
import java.util.stream.Collectors;
import shallows.data.evaluation.AccuracyLoss;
import shallows.prune.plan.BlockDecision;
import shallows.prune.plan.Reason;

/** Why a block is as the plan has it, for people. */
public final class ReasonWords implements Reason.Cases<String> {
  private ReasonWords() {}

  /** All that was decided over a block, in that order. */
  public static String of(BlockDecision block) {
    return block.reasons().stream()
        .map(reason -> reason.in(new ReasonWords()))
        .collect(Collectors.joining("; "));
  }

  @Override
  public String dropped(Reason.Dropped reason) {
    return text(
        "number %d to go: %s; %s", reason.order(), words(reason.loss()), words(reason.effect()));
  }

  @Override
  public String refused(Reason.Refused reason) {
    return text(
        "stays: dropped as number %d, %s, where %.2f may be lost; %s",
        reason.order(), words(reason.loss()), reason.maxLoss(), words(reason.effect()));
  }

  @Override
  public String formed(Reason.Formed reason) {
    return text(
        "%s%s in round %d: answers move by %+.4f nats, saves %,d bytes and %,d MACs%s",
        reason.decision().done(),
        reason.width() == null ? "" : text(" to %.2f of its channels", reason.width()),
        reason.round(),
        reason.rise(),
        reason.bytes(),
        reason.macs(),
        reason.ms() == null ? "" : text(", %.3f ms of the block timed alone", reason.ms()));
  }

  @Override
  public String binarized(Reason.Binarized reason) {
    return "binarized before fine-tuning: " + words(reason.effect());
  }

  @Override
  public String confirmed(Reason.Confirmed reason) {
    return "fine-tuned, " + words(reason.heldOut()) + " on held-out images";
  }

  @Override
  public String notConfirmed(Reason.NotConfirmed reason) {
    return text(
        "with %d blocks dropped%s%s, %s on held-out images, which do not confirm that at most %.2f"
            + " were lost",
        reason.dropped(),
        reason.fitted() == 0 ? "" : text(", %d of another form,", reason.fitted()),
        reason.tuned() ? " and fine-tuned" : "",
        words(reason.heldOut()),
        reason.maxDrop());
  }

  @Override
  public String otherwise(Reason.Otherwise reason) {
    return text(
        "%s%s in another network of that size (%d blocks dropped, %s%d binarized, %,d MACs; %s"
            + " against this one on training images)",
        reason.decision().done(),
        reason.width() == null ? "" : text(" with %.2f of its channels", reason.width()),
        reason.dropped(),
        reason.fitted() == 0 ? "" : text("%d of another form, ", reason.fitted()),
        reason.binarized(),
        reason.macs(),
        words(reason.loss()));
  }

  @Override
  public String spared(Reason.Spared reason) {
    return "stays: pruning ended without it";
  }

  @Override
  public String given(Reason.Given reason) {
    return reason.named()
        ? "as the plan that was given says"
        : "not named in the plan that was given, so it stays";
  }

  @Override
  public String rejected(Reason.Rejected reason) {
    return reason.decision().done()
        + " in a smaller network, which test images rejected"
        + (reason.test() == null ? "" : " (" + words(reason.test()) + ")");
  }

  private static String words(AccuracyLoss loss) {
    return loss.inWords();
  }

  private static String words(Reason.Effect effect) {
    return text(
        "loss %+.4f ± %.4f, saves %,d bytes and %,d MACs",
        effect.loss(), effect.standardError(), effect.bytes(), effect.macs());
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
