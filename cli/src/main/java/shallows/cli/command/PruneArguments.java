package shallows.cli.command;

import picocli.CommandLine.Option;
import shallows.cli.folder.PruneSettings;
import shallows.model.BadInputException;
import shallows.prune.Limit;

/** The options of a pruning; null where nothing was said. */
final class PruneArguments {
  private static final String NO_LIMIT = "none";

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
          "The most its weights may take: 100KB, 1.5MB, 50%% of the full network, or none. Default: none")
  private String maxBytes;

  @Option(
      names = "--max-macs",
      paramLabel = "COUNT",
      description =
          "The most multiply-accumulates an image may cost: 4M, 50%% of the full, or none. Default: none")
  private String maxMacs;

  @Option(
      names = "--fine-tune-epochs",
      paramLabel = "N",
      description =
          "Passes over the training images afterwards. Default: " + PruneSettings.FINE_TUNE_EPOCHS)
  private Integer fineTuneEpochs;

  /**
   * What was said, over what holds without it.
   *
   * @throws BadInputException when a value is out of its range or does not parse
   */
  PruneSettings over(PruneSettings base) {
    try {
      return new PruneSettings(
          maxDrop == null ? base.maxDrop() : maxDrop,
          limit("--max-bytes", maxBytes, base.maxBytes()),
          limit("--max-macs", maxMacs, base.maxMacs()),
          fineTuneEpochs == null ? base.fineTuneEpochs() : fineTuneEpochs);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(e.getMessage(), e);
    }
  }

  /** Null for no limit, which is how one is lifted that was recorded. */
  private static String limit(String option, String said, String before) {
    if (said == null) {
      return before;
    }
    if (said.strip().equalsIgnoreCase(NO_LIMIT)) {
      return null;
    }
    Limit.parse(option, said);
    return said;
  }
}
