package shallows.model.progress;

/**
 * Hears how far a long piece of work is. A stage calls {@link #start} once, then {@link #advance}
 * as work is done, then {@link #finish}; whoever listens draws a bar, or nothing.
 */
public interface Progress {
  /** Hears nothing. */
  Progress SILENT =
      new Progress() {
        @Override
        public void start(String task, long total) {}

        @Override
        public void advance(long amount, String note) {}

        @Override
        public void finish() {}
      };

  /**
   * @param task what is being done, for example {@code "train"}
   * @param total how many units of work there are, at least 1
   */
  void start(String task, long total);

  /**
   * @param amount units done since the last call
   * @param note a few words on the state, for example {@code "epoch 3/15 loss 0.512"}
   */
  void advance(long amount, String note);

  /** The work is done or given up. */
  void finish();
}
