package shallows.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.codegen.docgen.manpage.ManPageGenerator;
import shallows.cli.Main;

/** Writes what the options of the command say, for shells and for readers of man pages. */
public final class Documents {
  private static final boolean[] QUIET = {};

  private Documents() {}

  /**
   * @param arguments the folder for {@code shallows.bash} and for {@code man/shallows*.adoc}, which
   *     Asciidoctor makes man pages of
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Path pages = Files.createDirectories(folder.resolve("man"));
    CommandLine commands = Main.commandLine();
    Files.writeString(folder.resolve("shallows.bash"), AutoComplete.bash("shallows", commands));
    int status =
        ManPageGenerator.generateManPage(
            pages.toFile(), null, QUIET, false, commands.getCommandSpec());
    if (status != CommandLine.ExitCode.OK) {
      throw new IOException(pages + ": the man pages were not written");
    }
  }
}
