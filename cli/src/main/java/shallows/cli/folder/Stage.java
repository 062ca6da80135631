package shallows.cli.folder;

import java.util.Locale;

/** The stages in the order they run. */
public enum Stage {
  TRAIN,
  PRUNE,
  EXPORT,
  VERIFY,
  REPORT;

  /** As it stands in files and in the command, for example {@code "train"}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
