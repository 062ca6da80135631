package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A checkout with the real ./shallows in it.
 *
 * @param root its folder
 */
record Checkout(Path root) {
  private static final Path SCRIPT = Path.of("..", "shallows");

  /** As the distribution names where its natives run. */
  static final String PLATFORM =
      (System.getProperty("os.name").startsWith("Mac") ? "osx-" : "linux-")
          + System.getProperty("os.arch").replace("amd64", "x86_64");

  private static final Pattern MODULES = Pattern.compile("\nmodules=\\(([a-z ]+)\\)\n");

  /** One that is not built. */
  static Checkout fresh(Path root) throws IOException {
    assumeTrue(File.separatorChar == '/', "needs the tools of a Unix");
    Files.createDirectories(root);
    Files.copy(SCRIPT, root.resolve("shallows"));
    return new Checkout(root);
  }

  /** One that is built: its jars are the classes of this test. */
  static Checkout built(Path root) throws IOException {
    Checkout checkout = fresh(root);
    List<String> libraries =
        new ArrayList<>(
            Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator)));
    for (String module : modules()) {
      Pattern place =
          Pattern.compile(".*/" + module + "/target/(classes/?|shallows-" + module + "\\.jar)");
      String ours =
          libraries.stream()
              .filter(entry -> place.matcher(entry).matches())
              .findFirst()
              .orElseThrow();
      libraries.remove(ours);
      Path jar = root.resolve(module).resolve("target/shallows-" + module + ".jar");
      Files.createDirectories(jar.getParent());
      Files.createSymbolicLink(jar, Path.of(ours));
    }
    libraries.removeIf(entry -> !Files.exists(Path.of(entry)));
    Files.writeString(
        root.resolve("cli/target/classpath"), String.join(File.pathSeparator, libraries));
    return checkout;
  }

  /** What the zip of the distribution unpacks to, for the platform of this test. */
  static Checkout distribution(Path root) throws IOException {
    Checkout distribution = fresh(root);
    Path libraries = Files.createDirectories(root.resolve("lib"));
    int number = 0;
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path library = Path.of(entry);
      if (Files.exists(library)) {
        // Of folders of classes there are several of one name.
        boolean command = library.endsWith("cli/target/classes");
        String name = command ? "shallows-cli.jar" : number++ + ".jar";
        Files.createSymbolicLink(libraries.resolve(name), library.toAbsolutePath());
      }
    }
    Files.writeString(root.resolve("platform"), PLATFORM);
    return distribution;
  }

  static List<String> modules() throws IOException {
    Matcher matcher = MODULES.matcher(Files.readString(SCRIPT));
    if (!matcher.find()) {
      throw new IOException("no modules in " + SCRIPT);
    }
    return List.of(matcher.group(1).split(" "));
  }

  String script() {
    return root.resolve("shallows").toString();
  }

  /** The command, as it is typed, with a home and a temporary folder of its own below the root. */
  ProcessBuilder command(List<String> words) throws IOException {
    List<String> line = new ArrayList<>(List.of(script()));
    line.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().put("HOME", Files.createDirectories(home()).toString());
    builder.environment().put("TMPDIR", Files.createDirectories(temporary()).toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("SHALLOWS_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
    // LibTorch takes 430 MB.
    Path torch = Path.of(System.getProperty("user.home"), ".djl.ai");
    builder.environment().putIfAbsent("DJL_CACHE_DIR", torch.toString());
    for (String own : List.of("XDG_CACHE_HOME", "ORT_DISABLE_TELEMETRY", "CLASSPATH")) {
      builder.environment().remove(own);
    }
    return builder;
  }

  /** What came of a command, and all that it said. */
  record Ran(int status, String said) {}

  /**
   * Runs a command.
   *
   * @param variables more of them; an empty one is taken away
   */
  Ran run(List<String> words, Path folder, Map<String, String> variables)
      throws IOException, InterruptedException {
    Path said = Files.createTempFile(root, "said", "");
    ProcessBuilder builder = command(words).directory(folder.toFile()).redirectErrorStream(true);
    variables.forEach(
        (name, value) -> {
          if (value.isEmpty()) {
            builder.environment().remove(name);
          } else {
            builder.environment().put(name, value);
          }
        });
    Process process = builder.redirectOutput(said.toFile()).start();
    process.getOutputStream().close();
    assertTrue(process.waitFor(3, TimeUnit.MINUTES));
    return new Ran(process.exitValue(), Files.readString(said));
  }

  Path home() {
    return root.resolve("home");
  }

  Path temporary() {
    return root.resolve("temporary");
  }
}
