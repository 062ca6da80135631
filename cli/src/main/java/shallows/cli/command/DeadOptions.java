package shallows.cli.command;

import picocli.CommandLine.Model.CommandSpec;
import shallows.model.BadInputException;

/**
 * Options that do nothing beside the others, and so were given by mistake.
 *
 * @param command that was parsed
 */
record DeadOptions(CommandSpec command) {
  /**
   * @param needed what the options would need beside them, as a person would add it
   * @param options of which none may have been given
   * @throws BadInputException naming the first that was
   */
  void refuse(String needed, String... options) {
    for (String option : options) {
      if (command.commandLine().getParseResult().hasMatchedOption(option)) {
        throw of(option, needed);
      }
    }
  }

  /** The refusal of one of them. */
  static BadInputException of(String option, String needed) {
    return new BadInputException(
        option, needed + ", as it does nothing without", "none", "leave " + option + " out");
  }

  /** The refusal of one that does nothing beside another. */
  static BadInputException beside(String option, String other) {
    return new BadInputException(
        option, "no " + other + ", as it does nothing beside it", other, "leave one of them out");
  }
}
