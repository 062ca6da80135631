package shallows.model.progress;

import java.util.Map;

/**
 * Hears how far a long piece of work is. A stage calls {@link #start} once, then {@link #advance}
 * as work is done, then {@link #finish}; whoever listens draws a bar, or nothing, and says what of
 * it to hear.
 */
public interface Progress {
  /** Hears nothing. */
  Progress SILENT = new Progress() {};

  /**
   * @param task what is being done, for example {@code "train"}
   * @param total how many units of work there are, at least 1
   */
  default void start(String task, long total) {}

  /**
   * @param amount units done since the last call
   * @param note a few words on the state, for example {@code "epoch 3/15 loss 0.512"}
   */
  default void advance(long amount, String note) {}

  /** The work is done or given up. */
  default void finish() {}

  /**
   * A part of the work that people want to look back at is done, such as an epoch.
   *
   * @param figures by name, in the order to show them in; numbers with a decimal point
   */
  default void report(Map<String, String> figures) {}

  /**
   * Something that a person should know although the work goes on.
   *
   * @param line without a line break
   */
  default void remark(String line) {}
}
