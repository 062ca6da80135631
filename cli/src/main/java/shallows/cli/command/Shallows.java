package shallows.cli.command;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import shallows.cli.terminal.Console;
import shallows.model.file.AbsolutePath;
import shallows.pipeline.Run;
import shallows.train.options.Compute;

/** The command without a sub-command: what the others have in common. */
@Command(
    name = "shallows",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Trains an image classifier with stochastic depth, finds the residual blocks it can live "
          + "without, and writes small ONNX and TFLite files whose accuracy was checked.%n"
    },
    commandListHeading = "%nCommands, in the order the work goes:%n",
    footerHeading = "%nTo begin:%n",
    footer = {
      "  ./shallows run                     everything on embedded images, in minutes",
      "  ./shallows run --data my-photos    on your own: my-photos/<class>/*.jpg",
      "  ./shallows run --data my-photos --from their.onnx    with what another network has"
          + " learned",
      "  ./shallows shrink their.onnx --data my-photos    a network that somebody else trained",
      "  ./shallows train --help            more on one command",
      "",
      "Exit status: 0 done; 1 done, but a file failed its accuracy check; 2 bad arguments or input."
    },
    subcommands = {
      RunCommand.class,
      ShrinkCommand.class,
      TrainCommand.class,
      PruneCommand.class,
      ExportCommand.class,
      VerifyCommand.class,
      ReportCommand.class,
      ApkCommand.class,
      WebCommand.class,
      InspectCommand.class,
      ConvertCommand.class,
      ClassifyCommand.class,
      SweepCommand.class
    })
public final class Shallows implements Runnable {
  /**
   * The property by which the launcher asks for nothing but what is wrong with the command, before
   * it builds what only this command needs, which takes minutes.
   */
  private static final String CHECK = "shallows.check";

  private static final String BEGINS_AGAIN =
      "stopped; what was there is as it was, and the same command begins again";

  private final Console console;
  private final String line;
  private Path folder;
  private boolean inParts;

  @Spec private CommandSpec spec;

  /**
   * @param line the whole command line, for the record
   */
  public Shallows(Console console, String line) {
    this.console = console;
    this.line = line;
  }

  /** Whether what is wrong with the command is all that is asked for. */
  boolean onlyChecks() {
    return Boolean.getBoolean(CHECK);
  }

  Console console() {
    return console;
  }

  /** The run in a folder, computed and told of as the options have it. */
  Run run(Path path, Compute compute, OutputArguments output) {
    folder = AbsolutePath.of(path);
    return shallows.pipeline.Shallows.run(path)
        .on(compute)
        .begunBy(line)
        .heardBy(new EventWords(console, output.progress(console)));
  }

  /** The run folder that the command works in, once it is known. */
  public Optional<Path> folder() {
    return Optional.ofNullable(folder);
  }

  /** Says that what is done of the work stays done. */
  void worksInParts() {
    inParts = true;
  }

  /** What to say where the command is stopped: whether it goes on, and what to type for that. */
  public String stopped() {
    String command = line.split(" ", 2)[0];
    String goesOn = "stopped; the same command goes on where it was: ./shallows " + line;
    if (folder == null) {
      return inParts ? goesOn : "stopped";
    }
    return switch (command) {
      case "run", "shrink" -> goesOn;
      case "train" ->
          "stopped; to go on: ./shallows "
              + line
              + ((" " + line + " ").contains(" --resume ") ? "" : " --resume");
      case "prune" -> inParts ? goesOn : BEGINS_AGAIN;
      default -> BEGINS_AGAIN;
    };
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "expected a command, found none");
  }
}
