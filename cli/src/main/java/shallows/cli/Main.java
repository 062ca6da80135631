package shallows.cli;

import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;
import shallows.cli.command.EnumWords;
import shallows.cli.command.Shallows;
import shallows.cli.terminal.Console;
import shallows.export.ExportFormat;
import shallows.export.ExportPrecision;
import shallows.export.quantize.Int8Sums;
import shallows.export.quantize.WeightScales;
import shallows.export.tflite.TfliteBatch;
import shallows.export.tflite.TfliteEdges;
import shallows.model.BadInputException;
import shallows.model.ShellWord;
import shallows.model.process.ProcessEnd;
import shallows.pipeline.report.AnswerFormat;
import shallows.train.options.Balance;
import shallows.train.options.MixedPrecision;
import shallows.train.options.Selection.Keep;

/** The entry: the only place that turns exceptions into lines and ends the process. */
public final class Main {
  /** Bad arguments, bad input, or a defect of ours. */
  static final int BAD = 2;

  private static final int HELP_WIDTH = 98;

  private Main() {}

  public static void main(String[] args) {
    Console console = Console.ofProcess();
    String[] words = Arguments.of(args);
    Shallows shallows = shallows(console, words);
    Thread stopped =
        new Thread(
            () -> {
              console.last(shallows.stopped());
              ProcessEnd.keepLibraries();
            });
    Runtime.getRuntime().addShutdownHook(stopped);
    int status = run(console, shallows, words);
    try {
      Runtime.getRuntime().removeShutdownHook(stopped);
    } catch (IllegalStateException e) {
      // Stopped in its last moment; the hook says so.
    }
    System.exit(status);
  }

  /**
   * Runs a command line.
   *
   * @return the exit status: 0 done; 1 done, but a file failed its accuracy check; 2 otherwise
   */
  static int run(Console console, String... args) {
    return run(console, shallows(console, args), args);
  }

  private static Shallows shallows(Console console, String... args) {
    return new Shallows(
        console, List.of(args).stream().map(ShellWord::quoted).collect(Collectors.joining(" ")));
  }

  private static int run(Console console, Shallows shallows, String... args) {
    Failures failures = new Failures(console, shallows::folder);
    CommandLine commandLine = commandLine(console, shallows);
    commandLine.setParameterExceptionHandler((e, given) -> usage(console, e));
    commandLine.setExecutionExceptionHandler((e, command, parsed) -> failures.tell(e));
    try {
      return delivered(console, commandLine.execute(args));
    } catch (Throwable e) {
      // Errors such as a full heap pass picocli's handler by.
      return failures.tell(e);
    }
  }

  /** All commands with their options, for whoever writes of them: nothing is run. */
  public static CommandLine commandLine() {
    Console console = Console.ofProcess();
    return commandLine(console, shallows(console));
  }

  private static CommandLine commandLine(Console console, Shallows shallows) {
    CommandLine commandLine = new CommandLine(shallows);
    commandLine.setOut(new PrintWriter(console.out(), true));
    commandLine.setErr(new PrintWriter(console.err(), true));
    commandLine.setUsageHelpWidth(HELP_WIDTH);
    commandLine
        .getSubcommands()
        .values()
        .forEach(command -> command.getCommandSpec().usageMessage().abbreviateSynopsis(true));
    // An image may be called @dog.png; left to itself, picocli would read arguments from it.
    commandLine.setExpandAtFiles(false);
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.registerConverter(Path.class, Main::path);
    registerNumbers(commandLine);
    commandLine.registerConverter(AnswerFormat.class, new EnumWords<>(AnswerFormat.class));
    commandLine.registerConverter(ExportFormat.class, new EnumWords<>(ExportFormat.class));
    commandLine.registerConverter(ExportPrecision.class, new EnumWords<>(ExportPrecision.class));
    commandLine.registerConverter(TfliteBatch.class, new EnumWords<>(TfliteBatch.class));
    commandLine.registerConverter(TfliteEdges.class, new EnumWords<>(TfliteEdges.class));
    commandLine.registerConverter(Balance.class, new EnumWords<>(Balance.class));
    commandLine.registerConverter(MixedPrecision.class, new EnumWords<>(MixedPrecision.class));
    commandLine.registerConverter(Keep.class, new EnumWords<>(Keep.class));
    commandLine.registerConverter(Int8Sums.class, new EnumWords<>(Int8Sums.class));
    commandLine.registerConverter(WeightScales.class, new EnumWords<>(WeightScales.class));
    return commandLine;
  }

  /** Results that nobody could read are no success, whatever became of the work. */
  private static int delivered(Console console, int status) {
    Optional<String> lost = console.lost();
    lost.ifPresent(
        why ->
            console.remark(
                "standard output cannot be written ("
                    + why
                    + "); free space, or send it elsewhere, and run the same command again"));
    return lost.isPresent() ? BAD : status;
  }

  /** Left to itself, picocli says of a word that it is not a double. */
  private static void registerNumbers(CommandLine commandLine) {
    commandLine.registerConverter(
        int.class, word -> number(word, "a whole number", Integer::valueOf));
    commandLine.registerConverter(
        Integer.class, word -> number(word, "a whole number", Integer::valueOf));
    commandLine.registerConverter(
        long.class, word -> number(word, "a whole number", Long::valueOf));
    commandLine.registerConverter(
        Long.class, word -> number(word, "a whole number", Long::valueOf));
    commandLine.registerConverter(double.class, word -> number(word, "a number", Double::valueOf));
    commandLine.registerConverter(Double.class, word -> number(word, "a number", Double::valueOf));
  }

  private static <N> N number(String word, String expected, Function<String, N> reading) {
    try {
      return reading.apply(word);
    } catch (NumberFormatException e) {
      throw new TypeConversionException("expected " + expected + ", found " + word);
    }
  }

  private static int usage(Console console, ParameterException e) {
    String message = new BadInputException(e.getMessage()).getMessage();
    if (e instanceof UnmatchedArgumentException unmatched) {
      message +=
          Suggestions.of(unmatched.getUnmatched(), e.getCommandLine())
              .map(suggestion -> ", " + suggestion)
              .orElse("");
    }
    console.remark(
        message + "; try: ./" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
    return BAD;
  }

  /** An empty path would be the working folder, which nobody means by it. */
  private static Path path(String text) {
    if (text.isBlank()) {
      throw new TypeConversionException("expected a path, found an empty one");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException("expected a path, found " + e.getMessage());
    }
  }
}
