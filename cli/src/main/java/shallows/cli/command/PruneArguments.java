package shallows.cli.command;

import java.util.function.Consumer;
import picocli.CommandLine.Option;
import shallows.export.ExportPrecision;
import shallows.model.BadInputException;
import shallows.model.Setting;
import shallows.pipeline.folder.PruneSettings;
import shallows.prune.plan.FamilySize;
import shallows.prune.plan.Limit;

/** The options of a pruning; null where nothing was said. */
final class PruneArguments {
  private static final String NONE = "none";

  @Option(
      names = "--max-drop",
      paramLabel = "POINTS",
      description =
          "Points of accuracy that may be lost against the full network: 1 is one image in a hundred. "
              + "Default: "
              + PruneSettings.MAX_DROP)
  private Double maxDrop;

  @Option(
      names = "--max-bytes",
      paramLabel = "SIZE",
      description =
          "The most the file may take: 100KB, 1.5MB, 50%% of the full network's, or none. Default: none")
  private String maxBytes;

  @Option(
      names = "--max-macs",
      paramLabel = "COUNT",
      description =
          "The most multiply-accumulates an image may cost: 4M, 50%% of the full, or none. Default: none")
  private String maxMacs;

  @Option(
      names = "--max-latency",
      paramLabel = "TIME",
      description =
          "The most time an image may take, one at a time in TFLite on one thread here: 2ms, 50%% of the "
              + "full network's, or none. Default: none")
  private String maxLatency;

  @Option(
      names = "--budget-precision",
      paramLabel = "PRECISION",
      description =
          "The file that bytes and time are about: fp32, int8, mixed, ... Default: the smallest, and the "
              + "fastest, of those exported")
  private ExportPrecision budgetPrecision;

  @Option(
      names = "--family",
      paramLabel = "NAME[=SIZE],...",
      description =
          "Makes several sizes in one go, each smaller one out of the next larger: nano is 10%% of the "
              + "bytes of the full network, small 25%%, base 50%%; others as NAME=SIZE. Sizes are reached "
              + "whatever it costs; the smallest within --max-drop stands for the run. none for one size.")
  private String family;

  @Option(names = "--keep-precision", description = "Drops blocks, but binarizes none.")
  private boolean keepPrecision;

  @Option(
      names = "--fine-tune-epochs",
      paramLabel = "N",
      description =
          "Passes over the training images afterwards, for each network that is tried. Default: "
              + PruneSettings.FINE_TUNE_EPOCHS)
  private Integer fineTuneEpochs;

  @Option(
      names = "--fine-tune-rate",
      paramLabel = "RATE",
      description =
          "Their largest learning rate. Default: that of the training, or 0.02 if that is lower and they are "
              + "fewer than half of its epochs")
  private Double fineTuneRate;

  @Option(
      names = "--distill",
      paramLabel = "SHARE",
      description =
          "How much of what fine-tuning aims at comes from the full network's answers instead of the "
              + "labels, 0 to 1. Default: 0, with shrink 0.5")
  private Double distill;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "Softens those answers: their logits are divided by T. Default: 1")
  private Double temperature;

  private int fineTuneEpochs(int standard) {
    return fineTuneEpochs == null ? standard : fineTuneEpochs;
  }

  /**
   * What was said, over what holds without it.
   *
   * @throws BadInputException when a value is out of its range or does not parse, or has no use
   *     beside the others
   */
  PruneSettings over(PruneSettings base) {
    return over(base, null);
  }

  /**
   * The same of a network that somebody else has trained.
   *
   * @param learned how much of its answers is learned from where anything is trained
   * @param trainsOn whether it is trained before it is pruned, from these answers too
   */
  PruneSettings over(PruneSettings base, double learned, boolean trainsOn) {
    boolean trains = trainsOn || fineTuneEpochs(base.fineTuneEpochs()) > 0;
    return over(trains && base.distill() == null ? base.withDistill(learned) : base, null, trains);
  }

  /**
   * The same, to carry out a plan.
   *
   * @param plan the file; null to keep to what was recorded, unless limits are given now
   */
  PruneSettings over(PruneSettings base, String plan) {
    return over(base, plan, fineTuneEpochs(base.fineTuneEpochs()) > 0);
  }

  /**
   * @param learns whether anything learns from the full network
   */
  private PruneSettings over(PruneSettings base, String plan, boolean learns) {
    boolean decides = maxBytes != null || maxMacs != null || maxLatency != null || family != null;
    if (distill != null && distill > 0 && !learns) {
      throw new BadInputException(
          "--distill: expected with fine-tuning, found none; add --fine-tune-epochs, or leave it out");
    }
    try {
      String bytes = said(maxBytes, base.maxBytes(), text -> Limit.parse(Setting.MAX_BYTES, text));
      String time =
          said(
              maxLatency,
              base.maxLatency(),
              text -> Limit.parseMilliseconds(Setting.MAX_LATENCY, text));
      String sizes = said(family, base.family(), FamilySize::parse);
      // What was recorded for a fine-tuning or a limit goes with it.
      int epochs = fineTuneEpochs(base.fineTuneEpochs());
      Double rate = epochs > 0 ? base.fineTuneRate() : null;
      Double share = distill != null ? distill : learns ? base.distill() : null;
      Double softness = share != null && share > 0 ? base.temperature() : null;
      String about = bytes != null || time != null || sizes != null ? base.budgetPrecision() : null;
      return new PruneSettings(
          maxDrop == null ? base.maxDrop() : maxDrop,
          bytes,
          said(maxMacs, base.maxMacs(), text -> Limit.parse(Setting.MAX_MACS, text)),
          epochs,
          fineTuneRate == null ? rate : fineTuneRate,
          time,
          budgetPrecision == null ? about : budgetPrecision.label(),
          sizes,
          keepPrecision || base.keepPrecision(),
          share,
          temperature == null ? softness : temperature,
          plan != null || decides ? plan : base.plan());
    } catch (IllegalArgumentException e) {
      throw BadInputException.of(e);
    }
  }

  /**
   * Null for none, which is how a limit is lifted that was recorded.
   *
   * @param check throws where what was said is wrong
   */
  private static String said(String now, String before, Consumer<String> check) {
    if (now == null) {
      return before;
    }
    if (now.strip().equalsIgnoreCase(NONE)) {
      return null;
    }
    check.accept(now);
    return now;
  }
}
