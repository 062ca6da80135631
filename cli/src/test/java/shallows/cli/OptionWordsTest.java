package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import shallows.cli.command.Shallows;
import shallows.cli.terminal.Console;
import shallows.model.Setting;

class OptionWordsTest {
  @Test
  void everySettingIsAnOptionOfACommand() {
    Set<String> options = new HashSet<>();
    CommandLine shallows = new CommandLine(new Shallows(Console.ofProcess(), ""));
    for (CommandLine command : shallows.getSubcommands().values()) {
      command.getCommandSpec().optionsMap().keySet().forEach(options::add);
    }
    for (Setting setting : Setting.values()) {
      assertTrue(options.contains(OptionWords.of(setting)), OptionWords.of(setting));
    }
    assertEquals("--max-drop", OptionWords.of(Setting.MAX_DROP));
  }
}
