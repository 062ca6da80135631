package shallows.cli.command;

import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import shallows.model.BadInputException;
import shallows.model.json.Changes;

/**
 * The options that were given on a command line, to be laid over a record of settings: each is
 * called as the component that it sets, so what is left out stays as it was.
 */
final class Said {
  private final Map<String, Object> values = new HashMap<>();

  /**
   * @param holders the classes with the options that are meant
   */
  Said(CommandSpec command, Class<?>... holders) {
    for (OptionSpec option : command.commandLine().getParseResult().matchedOptions()) {
      if (option.userObject() instanceof Field field
          && List.of(holders).contains(field.getDeclaringClass())) {
        values.put(field.getName(), option.getValue());
      }
    }
  }

  boolean has(String... names) {
    return List.of(names).stream().anyMatch(values::containsKey);
  }

  boolean says(String name, Object value) {
    return value.equals(values.get(name));
  }

  /** Takes {@code value} for what was said, or for something that nobody said. */
  Said with(String name, Object value) {
    values.put(name, value);
    return this;
  }

  /** Takes {@code value} where nothing was said, instead of what was recorded. */
  Said unless(String name, Object value) {
    if (!values.containsKey(name)) {
      values.put(name, value);
    }
    return this;
  }

  /**
   * The same settings with what was said in them.
   *
   * @throws BadInputException when a value is out of its range, or does not go with others
   */
  <R extends Record> R over(R settings) {
    try {
      return Changes.in(settings, values);
    } catch (IllegalArgumentException e) {
      throw BadInputException.of(e);
    }
  }
}
