package shallows.pipeline.folder;

import java.util.Set;
import shallows.model.Expect;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.UnexpectedValueException;
import shallows.model.json.Changes;
import shallows.model.json.OrNull;
import shallows.prune.plan.Decision;
import shallows.prune.plan.FamilySize;
import shallows.prune.plan.Form;
import shallows.prune.plan.Limit;
import shallows.train.loop.Distillation;
import shallows.train.options.TrainingOptions;

/**
 * What a pruning was asked for. What is null was not asked for.
 *
 * @param maxDrop points of accuracy that may be lost: on held-out images while pruning, on test
 *     images when a file is verified
 * @param maxBytes the most bytes the exported file may take, for example {@code "100KB"}, or a
 *     share of those of the full network; null for no limit
 * @param maxMacs the most multiply-accumulates for one image, a number or a share; null for no
 *     limit
 * @param fineTuneEpochs passes over the training images after pruning, 0 for none
 * @param fineTuneRate their largest learning rate; null for what {@link TrainingOptions#toFineTune}
 *     takes
 * @param maxLatency the most time one image may take, for example {@code "2ms"}, or a share of that
 *     of the full network; null for no limit
 * @param family the sizes to make, for example {@code "nano=10%,small=25%"}; null for one network
 * @param keepPrecision whether no block is binarized
 * @param distill share of the targets of fine-tuning that come from the full network, in [0, 1];
 *     null for none
 * @param temperature that its answers are softened with; null for 1
 * @param forms that blocks may get, fitted in closed form, for example {@code "drop,narrow"}, with
 *     {@code "binary"} among them where fine-tuning may leave others one bit a weight; {@code
 *     "none"} for drops one by one; null for all forms where somebody else trained the network, and
 *     for none where it was trained here
 * @param plan the file whose decisions were carried out; null where decisions were made
 */
public record PruneSettings(
    double maxDrop,
    @OrNull String maxBytes,
    @OrNull String maxMacs,
    int fineTuneEpochs,
    @OrNull Double fineTuneRate,
    @OrNull String maxLatency,
    @OrNull String family,
    boolean keepPrecision,
    @OrNull Double distill,
    @OrNull Double temperature,
    @OrNull String forms,
    @OrNull String plan) {
  public static final double MAX_DROP = 1.0;
  public static final int FINE_TUNE_EPOCHS = 6;
  public static final PruneSettings STANDARD =
      new PruneSettings(
          MAX_DROP, null, null, FINE_TUNE_EPOCHS, null, null, null, false, null, null, null, null);

  public PruneSettings {
    Expect.require(maxDrop >= 0 && maxDrop <= 100, Setting.MAX_DROP, "0 to 100 points", maxDrop);
    Expect.atLeast(0, Setting.FINE_TUNE_EPOCHS, fineTuneEpochs);
    if (fineTuneRate != null) {
      Expect.positive(Setting.FINE_TUNE_RATE, fineTuneRate);
    }
    if (fineTuneRate != null && fineTuneEpochs == 0) {
      throw new UnexpectedValueException(
          Setting.FINE_TUNE_RATE,
          "with fine-tuning",
          "none",
          Phrase.of("add %s, or leave it out", Setting.FINE_TUNE_EPOCHS));
    }
    if (distill != null) {
      Expect.fraction(Setting.DISTILL, distill);
    }
    if (temperature != null) {
      Expect.positive(Setting.TEMPERATURE, temperature);
    }
    if (temperature != null && (distill == null || distill == 0)) {
      throw new UnexpectedValueException(
          Setting.TEMPERATURE,
          Phrase.of("with %s", Setting.DISTILL),
          "without",
          "add that, or leave it out");
    }
    // Reading these is the check.
    if (maxBytes != null) {
      Limit.parse(Setting.MAX_BYTES, maxBytes);
    }
    if (maxMacs != null) {
      Limit.parse(Setting.MAX_MACS, maxMacs);
    }
    if (maxLatency != null) {
      Limit.parseMilliseconds(Setting.MAX_LATENCY, maxLatency);
    }
    if (family != null) {
      FamilySize.parse(family);
    }
    if (forms != null && (family != null || plan != null)) {
      throw new UnexpectedValueException(
          Setting.FORMS,
          "to be chosen from for one network",
          Phrase.of("%s beside it", family != null ? Setting.FAMILY : Setting.PLAN),
          "leave one out");
    }
    Expect.require(
        plan == null || plan.indexOf(0) < 0, Setting.PLAN, "a path", "one with a NUL in it");
    Set<Decision> menu = forms == null ? Set.of() : Form.menu(forms);
    if (menu.contains(Decision.BINARIZE) && fineTuneEpochs == 0) {
      throw new UnexpectedValueException(
          Setting.FORMS,
          "binary blocks where they are fine-tuned",
          "no fine-tuning",
          Phrase.of("add %s, or leave binary out", Setting.FINE_TUNE_EPOCHS));
    }
    boolean sized = maxBytes != null || maxMacs != null || maxLatency != null;
    if (menu.contains(Decision.BINARIZE) && sized && maxBytes == null) {
      throw new UnexpectedValueException(
          Setting.FORMS,
          Phrase.of(
              "binary blocks to %s or to no size, since they save bytes alone", Setting.MAX_BYTES),
          Phrase.of("%s", maxMacs != null ? Setting.MAX_MACS : Setting.MAX_LATENCY),
          "leave binary out");
    }
    if (keepPrecision && !menu.isEmpty()) {
      throw new UnexpectedValueException(
          Setting.KEEP_PRECISION,
          "blocks that could be binarized",
          Phrase.of("%s beside it, which say themselves whether they are", Setting.FORMS),
          "leave one out");
    }
    if (plan != null && (sized || family != null || keepPrecision)) {
      throw new UnexpectedValueException(
          Setting.PLAN,
          "to decide alone",
          Phrase.of("a limit, %s or %s beside it", Setting.FAMILY, Setting.KEEP_PRECISION),
          "leave those out");
    }
    if (family != null && sized) {
      throw new UnexpectedValueException(
          Setting.FAMILY,
          "sizes of its members alone",
          Phrase.of(
              "%s, %s or %s beside it", Setting.MAX_BYTES, Setting.MAX_MACS, Setting.MAX_LATENCY),
          "write NAME=SIZE instead");
    }
  }

  /**
   * Whether blocks may get one bit a weight: unless {@link #keepPrecision}, as {@link #forms} say.
   */
  public boolean binarizes(Set<Decision> menu) {
    return !keepPrecision && couldBinarize(menu);
  }

  /**
   * Whether blocks could get one bit a weight: without forms, where these have binary blocks among
   * them, and where nobody has named forms, if that may be tried to come to a number of bytes.
   *
   * @param menu what blocks may become
   */
  public boolean couldBinarize(Set<Decision> menu) {
    boolean toBytes = forms == null && maxBytes != null && fineTuneEpochs > 0;
    return family != null || menu.isEmpty() || menu.contains(Decision.BINARIZE) || toBytes;
  }

  /** What fine-tuning learns from a teacher. */
  public Distillation.Options distillation() {
    return new Distillation.Options(
        distill == null ? 0 : distill, temperature == null ? 1 : temperature);
  }

  /**
   * To a size, as far as it takes, within the standard loss of accuracy.
   *
   * @param most for example {@code "100KB"}, or {@code "50%"} of the full network's file
   */
  public static PruneSettings bytes(String most) {
    return Changes.in(STANDARD, "maxBytes", most);
  }

  /** The same with another loss of accuracy allowed, in points. */
  public PruneSettings withMaxDrop(double points) {
    return Changes.in(this, "maxDrop", points);
  }

  public PruneSettings withDistill(Double share) {
    return Changes.in(this, "distill", share);
  }

  public PruneSettings withFineTuneEpochs(int other) {
    return Changes.in(this, "fineTuneEpochs", other);
  }
}
