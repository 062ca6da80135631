package shallows.pipeline.folder;

import java.util.List;
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

  /** This one and those before it, in order. */
  public List<Stage> andEarlier() {
    return List.of(values()).subList(0, ordinal() + 1);
  }

  /** This one and those after it, in order. */
  List<Stage> andLater() {
    return List.of(values()).subList(ordinal(), values().length);
  }

  /** Those after it, in order. */
  public List<Stage> later() {
    return List.of(values()).subList(ordinal() + 1, values().length);
  }
}
