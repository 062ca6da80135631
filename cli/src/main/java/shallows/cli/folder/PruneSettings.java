package shallows.cli.folder;

/**
 * What a pruning was asked for.
 *
 * @param maxDrop points of accuracy that may be lost: on held-out images while pruning, on test
 *     images when a file is verified
 * @param maxBytes the most bytes the weights may take, for example {@code "100KB"}, or a share of
 *     those of the full network; null for no limit
 * @param maxMacs the most multiply-accumulates for one image, a number or a share; null for no
 *     limit
 * @param fineTuneEpochs passes over the training images after pruning, 0 for none
 */
public record PruneSettings(double maxDrop, String maxBytes, String maxMacs, int fineTuneEpochs) {
  public static final double MAX_DROP = 1.0;
  public static final int FINE_TUNE_EPOCHS = 6;
  public static final PruneSettings STANDARD =
      new PruneSettings(MAX_DROP, null, null, FINE_TUNE_EPOCHS);

  public PruneSettings {
    if (!(maxDrop >= 0 && maxDrop <= 100)) {
      throw new IllegalArgumentException("--max-drop: expected 0 to 100 points, found " + maxDrop);
    }
    if (fineTuneEpochs < 0) {
      throw new IllegalArgumentException(
          "--fine-tune-epochs: expected at least 0, found " + fineTuneEpochs);
    }
  }

  public PruneSettings withMaxDrop(double other) {
    return new PruneSettings(other, maxBytes, maxMacs, fineTuneEpochs);
  }
}
