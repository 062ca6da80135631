package shallows.pipeline.folder;

import shallows.model.Setting;
import shallows.model.UnexpectedValueException;
import shallows.train.loop.Distillation;
import shallows.train.options.TrainingOptions;

/**
 * What a pruning was asked for. What is null was not asked for, or stands in a record of before.
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
 * @param budgetPrecision which file the limits are about, for example {@code "int8"}; null for the
 *     best of those exported
 * @param family the sizes to make, for example {@code "nano=10%,small=25%"}; null for one network
 * @param keepPrecision whether no block is binarized
 * @param distill share of the targets of fine-tuning that come from the full network, in [0, 1];
 *     null for none
 * @param temperature that its answers are softened with; null for 1
 * @param plan the file whose decisions were carried out; null where decisions were made
 */
public record PruneSettings(
    double maxDrop,
    String maxBytes,
    String maxMacs,
    int fineTuneEpochs,
    Double fineTuneRate,
    String maxLatency,
    String budgetPrecision,
    String family,
    boolean keepPrecision,
    Double distill,
    Double temperature,
    String plan) {
  public static final double MAX_DROP = 1.0;
  public static final int FINE_TUNE_EPOCHS = 6;
  public static final PruneSettings STANDARD =
      new PruneSettings(
          MAX_DROP, null, null, FINE_TUNE_EPOCHS, null, null, null, null, false, null, null, null);

  public PruneSettings {
    if (!(maxDrop >= 0 && maxDrop <= 100)) {
      throw new IllegalArgumentException("--max-drop: expected 0 to 100 points, found " + maxDrop);
    }
    if (fineTuneEpochs < 0) {
      throw new IllegalArgumentException(
          "--fine-tune-epochs: expected at least 0, found " + fineTuneEpochs);
    }
    if (fineTuneRate != null && !(fineTuneRate > 0 && Double.isFinite(fineTuneRate))) {
      throw new IllegalArgumentException(
          "--fine-tune-rate: expected a positive number, found " + fineTuneRate);
    }
    if (fineTuneRate != null && fineTuneEpochs == 0) {
      throw new IllegalArgumentException(
          "--fine-tune-rate: expected with fine-tuning, found none; add --fine-tune-epochs, or leave"
              + " it out");
    }
    if (distill != null && !(distill >= 0 && distill <= 1)) {
      throw new IllegalArgumentException("--distill: expected 0 to 1, found " + distill);
    }
    if (temperature != null && !(temperature > 0 && Double.isFinite(temperature))) {
      throw new IllegalArgumentException(
          "--temperature: expected a positive number, found " + temperature);
    }
    if (temperature != null && (distill == null || distill == 0)) {
      throw new IllegalArgumentException(
          "--temperature: expected with --distill, found without; add that, or leave it out");
    }
    if (keepPrecision
        && budgetPrecision != null
        && !budgetPrecision.equals("fp32")
        && !budgetPrecision.equals("int8")) {
      throw new UnexpectedValueException(
          Setting.BUDGET_PRECISION,
          "fp32 or int8 where no block is binarized",
          budgetPrecision,
          "leave one of both out");
    }
    boolean sized = maxBytes != null || maxMacs != null || maxLatency != null;
    if (plan != null && (sized || family != null)) {
      throw new IllegalArgumentException(
          "--plan: expected to decide alone, found a limit or --family beside it; leave those out");
    }
    if (family != null && sized) {
      throw new IllegalArgumentException(
          "--family: expected sizes of its members alone, found --max-bytes, --max-macs or"
              + " --max-latency beside it; write NAME=SIZE instead");
    }
  }

  /** What fine-tuning learns from a teacher. */
  public Distillation.Options distillation() {
    return new Distillation.Options(
        distill == null ? 0 : distill, temperature == null ? 1 : temperature);
  }

  public PruneSettings withDistill(Double share) {
    return new PruneSettings(
        maxDrop,
        maxBytes,
        maxMacs,
        fineTuneEpochs,
        fineTuneRate,
        maxLatency,
        budgetPrecision,
        family,
        keepPrecision,
        share,
        temperature,
        plan);
  }

  public PruneSettings withFineTuneEpochs(int other) {
    return new PruneSettings(
        maxDrop,
        maxBytes,
        maxMacs,
        other,
        fineTuneRate,
        maxLatency,
        budgetPrecision,
        family,
        keepPrecision,
        distill,
        temperature,
        plan);
  }
}
