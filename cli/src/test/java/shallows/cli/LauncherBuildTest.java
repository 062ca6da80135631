package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How ./shallows builds itself, with a Maven and a Java that only tell what they were asked. */
class LauncherBuildTest {
  private static final int LAUNCHERS = 5;

  private static final List<String> TOOLS =
      List.of(
          "bash",
          "cat",
          "dirname",
          "env",
          "find",
          "grep",
          "head",
          "locale",
          "mkdir",
          "readlink",
          "rmdir",
          "sed",
          "sh",
          "sleep",
          "tail",
          "touch");

  private static final String JAVA =
      """
      #!/bin/sh
      case "$*" in *" -version") echo 'openjdk version "17.0.1"' >&2 ;; esac
      """;

  /** Ends when all others wait; a second one beside it leaves word. */
  private static final String MAVEN =
      """
      #!/bin/sh
      mkdir building || touch two
      echo "$$" > maven
      echo '[INFO] Building Shallows: model 0.1.0-SNAPSHOT                        [1/6]'
      %s
      for module in %s; do
        mkdir -p $module/target
        touch $module/target/shallows-$module.jar
      done
      echo "$0" > cli/target/classpath
      touch once
      rmdir building
      """;

  private static final String UNTIL_OTHERS_WAIT =
      "until [ \"$(cat said.* | grep -c 'process is building')\" -ge "
          + (LAUNCHERS - 1)
          + " ]; do :; done";

  @TempDir Path temporary;

  @ParameterizedTest
  @ValueSource(strings = {"flock", "perl", "neither"})
  void buildsOnceHoweverManyStartAtTheSameTime(String tool) throws Exception {
    Checkout checkout = Checkout.fresh(temporary.resolve("checkout"));
    Path programs = programs(UNTIL_OTHERS_WAIT, tool);
    // As one that was killed left it.
    Files.createDirectories(checkout.root().resolve(".shallows"));
    Files.writeString(checkout.root().resolve(".shallows/build.lock"), "999999999");

    List<Process> launchers = new ArrayList<>();
    for (int i = 0; i < LAUNCHERS; i++) {
      launchers.add(start(checkout, programs, i));
    }
    for (Process launcher : launchers) {
      assertTrue(launcher.waitFor(2, TimeUnit.MINUTES));
      assertEquals(0, launcher.exitValue(), () -> said(checkout));
    }
    assertTrue(Files.exists(checkout.root().resolve("once")));
    assertFalse(Files.exists(checkout.root().resolve("two")), () -> said(checkout));
    assertTrue(said(checkout).contains("building 1/6 Shallows: model"), said(checkout));
  }

  @Test
  void takesMavenWithItWhenItIsEndedAndLeavesNoLock() throws Exception {
    Checkout checkout = Checkout.fresh(temporary.resolve("checkout"));
    Path programs = programs("exec tail -f /dev/null", "flock");
    Process launcher = start(checkout, programs, 0);
    long maven = number(launcher, checkout.root().resolve("maven"));

    launcher.destroy();
    assertTrue(launcher.waitFor(1, TimeUnit.MINUTES));

    assertEquals(143, launcher.exitValue());
    assertTrue(ProcessHandle.of(maven).isEmpty());
    assertTrue(said(checkout).contains("stopped while building"), said(checkout));
    Files.delete(checkout.root().resolve("building"));
    programs(":", "flock");
    assertEquals(0, start(checkout, programs, 1).waitFor(), () -> said(checkout));
  }

  private static long number(Process writer, Path file) throws IOException {
    while (writer.isAlive()) {
      String text = Files.exists(file) ? Files.readString(file) : "";
      if (text.endsWith("\n")) {
        return Long.parseLong(text.strip());
      }
      Thread.onSpinWait();
    }
    throw new IOException("ended before it wrote " + file);
  }

  private Path programs(String work, String tool) throws IOException {
    Path folder = Files.createDirectories(temporary.resolve("programs"));
    List<String> tools = new ArrayList<>(TOOLS);
    if (!tool.equals("neither")) {
      tools.add(tool);
    }
    for (String name : tools) {
      Path program = Path.of("/usr/bin", name);
      Path found = Files.exists(program) ? program : Path.of("/bin", name);
      assumeTrue(Files.exists(found) || name.equals("locale"), "has no " + name);
      if (Files.exists(found) && !Files.exists(folder.resolve(name))) {
        Files.createSymbolicLink(folder.resolve(name), found);
      }
    }
    write(folder.resolve("java"), JAVA);
    write(folder.resolve("mvn"), MAVEN.formatted(work, String.join(" ", Checkout.modules())));
    return folder;
  }

  private static void write(Path program, String text) throws IOException {
    Files.writeString(program, text);
    assertTrue(program.toFile().setExecutable(true));
  }

  private static Process start(Checkout checkout, Path programs, int number) throws IOException {
    Path said = checkout.root().resolve("said." + number);
    ProcessBuilder builder =
        checkout
            .command(List.of("--version"))
            .directory(checkout.root().toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.environment().remove("JAVA_HOME");
    builder.environment().put("PATH", programs.toString());
    return builder.start();
  }

  private static String said(Checkout checkout) {
    StringBuilder all = new StringBuilder();
    try {
      for (int i = 0; i < LAUNCHERS; i++) {
        Path said = checkout.root().resolve("said." + i);
        all.append(Files.exists(said) ? Files.readString(said) : "");
      }
    } catch (IOException e) {
      all.append(e);
    }
    return all.toString();
  }
}
