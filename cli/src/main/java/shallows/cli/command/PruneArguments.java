package shallows.cli.command;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.pipeline.folder.PruneSettings;

/** The options of a pruning; null where nothing was said. */
final class PruneArguments {
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
      converter = LimitOrNone.class,
      paramLabel = "SIZE",
      description =
          "The most the file may take: 100KB, 1.5MB, 50%% of the full network's, or none. Default: none")
  private String maxBytes;

  @Option(
      names = "--max-macs",
      converter = LimitOrNone.class,
      paramLabel = "COUNT",
      description =
          "The most multiply-accumulates an image may cost: 4M, 50%% of the full, or none. Default: none")
  private String maxMacs;

  @Option(
      names = "--max-latency",
      converter = LimitOrNone.class,
      paramLabel = "TIME",
      description =
          "The most time an image may take, one at a time in TFLite on one thread here: 2ms, 50%% of the "
              + "full network's, or none. Default: none")
  private String maxLatency;

  @Option(
      names = "--family",
      converter = LimitOrNone.class,
      paramLabel = "NAME[=SIZE],...",
      description =
          "Makes several sizes in one go, each smaller one out of the next larger: nano is 10%% of the "
              + "bytes of the full network, small 25%%, base 50%%; others as NAME=SIZE. Sizes are reached "
              + "whatever it costs; the smallest within --max-drop stands for the run. none for one size.")
  private String family;

  @Option(
      names = "--forms",
      paramLabel = "FORM,...",
      description =
          "What blocks may become, some of drop, scale (a factor and an offset a channel), narrow "
              + "and linear, each fitted in closed form, before any fine-tuning, and binary beside "
              + "them: at most half of the others, narrow or not, get one bit a weight; or none: blocks are "
              + "dropped one by one, and with fine-tuning others binarized. Default: with shrink all "
              + "but binary, else none")
  private String forms;

  @Option(names = "--keep-precision", description = "Binarizes no block.")
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

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

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
    boolean trains = trainsOn || tunes(base);
    return over(trains && base.distill() == null ? base.withDistill(learned) : base, null, trains);
  }

  /**
   * The same, to carry out a plan.
   *
   * @param plan the file; null to keep to what was recorded, unless limits are given now
   */
  PruneSettings over(PruneSettings base, String plan) {
    return over(base, plan, tunes(base));
  }

  /**
   * @param learns whether anything learns from the full network
   */
  private PruneSettings over(PruneSettings base, String plan, boolean learns) {
    if (distill != null && distill > 0 && !learns) {
      throw new BadInputException(
          Setting.DISTILL,
          "with fine-tuning",
          "none",
          Phrase.of("add %s, or leave it out", Setting.FINE_TUNE_EPOCHS));
    }
    Said said = new Said(command, PruneArguments.class);
    if (plan != null || said.has("maxBytes", "maxMacs", "maxLatency", "family", "forms")) {
      said.with("plan", plan);
    }
    // What was recorded for a fine-tuning goes with it.
    if (!tunes(base)) {
      said.unless("fineTuneRate", null);
    }
    if (forms != null) {
      // These say themselves whether blocks become binary.
      said.unless("keepPrecision", false);
    }
    if (!learns) {
      said.unless("distill", null);
    }
    Double share = distill != null || !learns ? distill : base.distill();
    if (share == null || share == 0) {
      said.unless("temperature", null);
    }
    return said.over(base);
  }

  private boolean tunes(PruneSettings base) {
    return (fineTuneEpochs == null ? base.fineTuneEpochs() : fineTuneEpochs) > 0;
  }
}
