package shallows.cli;

import java.util.Locale;
import shallows.model.Setting;

/** What the command line calls the settings that failures speak of. */
final class OptionWords {
  private OptionWords() {}

  /** For example {@code --max-drop}. */
  static String of(Setting setting) {
    return "--" + setting.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
