package shallows.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import shallows.cli.terminal.Console;
import shallows.model.BadInputException;
import shallows.model.Setting;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.Stage;
import shallows.pipeline.stage.Earlier;

/**
 * {@code shallows apk}. The packager runs in a JVM of its own: what it signs with is not on this
 * class path, as it may not be on Maven Central.
 */
@Command(
    name = "apk",
    sortOptions = false,
    header = "Puts the verified files into a signed Android app.%n",
    description = {
      "Signs with a debug key, made at ~/.shallows/debug.p12 on first use, unless told"
          + " otherwise.%n",
      "Reads  RUN/bundle.",
      "Writes RUN/demo.apk, or --out.%n"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./shallows apk runs/first --out demo.apk && adb install demo.apk",
      "  SHALLOWS_KEYSTORE_PASSWORD=... ./shallows apk runs/first --keystore release.p12"
    })
final class ApkCommand implements Callable<Integer> {
  /** The properties by which the launcher tells where the packager and the app lie. */
  private static final String PACKAGER = "shallows.packager";

  private static final String TEMPLATE = "shallows.template";

  /** Processors that the app has native libraries for. */
  private static final List<String> ABIS = List.of("arm64-v8a", "x86_64");

  @ParentCommand private Shallows parent;

  @Parameters(paramLabel = "RUN", description = "A run folder whose files were verified.")
  private Path path;

  @Option(names = "--out", paramLabel = "FILE", description = "The APK (default: RUN/demo.apk).")
  private Path out;

  @Option(
      names = "--abi",
      paramLabel = "ABI",
      split = ",",
      defaultValue = "arm64-v8a,x86_64",
      description = "Processors to run on (default: ${DEFAULT-VALUE}).")
  private List<String> abis;

  @Option(
      names = "--keystore",
      paramLabel = "FILE",
      description = {
        "PKCS12 or JKS file with the key to sign with. Its password is read from",
        "SHALLOWS_KEYSTORE_PASSWORD or asked for."
      })
  private Path keystore;

  @Option(
      names = "--key-alias",
      paramLabel = "NAME",
      description = "Which key of the key store, if it holds several.")
  private String alias;

  @Mixin private HelpArgument help;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path apk = out == null ? path.resolve("demo.apk") : out;
    requireOptions(apk);
    // The run stays locked while its bundle is read.
    try (OpenRun run = OpenRun.existing(path)) {
      Earlier.require(run, Stage.VERIFY);
      if (parent.onlyChecks()) {
        return 0;
      }
      String packager = System.getProperty(PACKAGER);
      if (packager == null) {
        throw new BadInputException(
            "apk", "to be started by the ./shallows of a checkout", "no packager", "use that");
      }
      int status = start(packager, run.folder().bundle(), apk);
      if (status == 0) {
        console().result(apk + ": " + Files.size(apk) + " bytes; next: adb install " + apk);
      }
      return status;
    }
  }

  private void requireOptions(Path apk) {
    if (alias != null && keystore == null) {
      throw new BadInputException(
          "--key-alias '" + alias + "'", "--keystore with it", "none", "add it");
    }
    if (keystore != null && !Files.isRegularFile(keystore)) {
      throw new BadInputException(
          Setting.KEYSTORE, "a key store", "no such file " + keystore, "check the path");
    }
    if (Files.isDirectory(apk)) {
      throw new BadInputException(
          Setting.OUT, "a file to write", "the folder " + apk, "name a file in it");
    }
    for (String abi : abis) {
      if (!ABIS.contains(abi)) {
        throw new BadInputException(
            "--abi '" + abi + "'", "some of " + ABIS, "another", "choose of those");
      }
    }
  }

  private Console console() {
    return parent.console();
  }

  private int start(String packager, Path bundle, Path apk)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Duser.home=" + System.getProperty("user.home"));
    command.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
    command.addAll(List.of("-Xmx512m", "-cp", packager, "shallows.apk.Main"));
    command.addAll(List.of(System.getProperty(TEMPLATE), bundle.toString(), apk.toString()));
    command.add(String.join(",", abis));
    if (keystore != null) {
      command.add(keystore.toString());
    }
    if (alias != null) {
      command.add(alias);
    }
    // The password is asked for on the terminal, so the packager has it.
    Process process = new ProcessBuilder(command).inheritIO().start();
    Thread together = new Thread(() -> end(process));
    Runtime.getRuntime().addShutdownHook(together);
    int status = process.waitFor();
    try {
      Runtime.getRuntime().removeShutdownHook(together);
    } catch (IllegalStateException e) {
      // Both are being ended.
    }
    return status;
  }

  /**
   * Whoever ends this process means the packager too, and the run stays locked until it is gone.
   */
  private static void end(Process process) {
    process.destroy();
    process.onExit().join();
  }
}
