package shallows.cli.command;

import picocli.CommandLine.ITypeConverter;

/** Null for {@code none}, which is how a limit is lifted that was recorded. */
final class LimitOrNone implements ITypeConverter<String> {
  @Override
  public String convert(String word) {
    return word.strip().equalsIgnoreCase("none") ? null : word;
  }
}
