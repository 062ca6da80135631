package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.pipeline.folder.OpenRun;

/** {@code apk} while a packager works that takes its time. */
class StoppedApkTest {
  /** Says which process it is, where the APK should come to lie, and writes none. */
  private static final String PACKAGER =
      """
      package shallows.apk;
      import java.nio.file.*;
      public final class Main {
        public static void main(String[] args) throws Exception {
          Path part = Files.writeString(Path.of(args[2] + ".part"),
              String.valueOf(ProcessHandle.current().pid()));
          Files.move(part, Path.of(args[2]));
          Thread.currentThread().join();
        }
      }
      """;

  @TempDir private Path temporary;

  @Test
  void endsThePackagerTooAndKeepsOthersOutUntilThen() throws Exception {
    Path run = SmallRun.in(temporary, "run", 1).folder();
    Path apk = temporary.resolve("app.apk");
    List<String> command = new ArrayList<>(ChildProcess.java("apk", run, "--out", apk));
    command.addAll(1, List.of("-Dshallows.packager=" + packager(), "-Dshallows.template=none"));

    try (ChildProcess child = ChildProcess.start(temporary.resolve("said.txt"), command)) {
      child.waitFor(apk);
      ProcessHandle packager =
          ProcessHandle.of(Long.parseLong(Files.readString(apk))).orElseThrow();
      String locked = CommandLineSession.refusal("report", run);
      assertTrue(locked.contains("another shallows process works in this folder"), locked);
      assertTrue(packager.isAlive());

      child.stopWhenThereIs(apk);

      assertEquals(143, child.status(), child.said());
      assertFalse(packager.isAlive());
      assertTrue(child.said().startsWith("shallows: stopped"), child.said());
    }
    OpenRun.existing(run).close();
    assertBuildsTheAppForARunThatIsReady(run);
  }

  /** With a Maven that says that it was asked. */
  private void assertBuildsTheAppForARunThatIsReady(Path run) throws Exception {
    Path maven = Files.createDirectories(temporary.resolve("tools")).resolve("mvn");
    Files.writeString(maven, "#!/bin/sh\necho \"$@\" > asked\nexit 1\n");
    assertTrue(maven.toFile().setExecutable(true));
    ProcessBuilder command =
        Checkout.built(temporary.resolve("checkout"))
            .command(List.of("apk", run.toString()))
            .directory(temporary.toFile());
    command
        .environment()
        .merge("PATH", maven.getParent().toString(), (path, tools) -> tools + ":" + path);

    assertEquals(2, command.inheritIO().start().waitFor());
    assertTrue(Files.readString(temporary.resolve("asked")).contains("-pl android-demo"));
  }

  private Path packager() throws Exception {
    Path source = temporary.resolve("shallows/apk/Main.java");
    Files.createDirectories(source.getParent());
    Files.writeString(source, PACKAGER);
    assertEquals(
        0,
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", temporary.toString(), source.toString()));
    return temporary;
  }
}
