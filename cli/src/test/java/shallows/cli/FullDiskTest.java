package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is really full: a file system of 300 KB, mounted where Linux lets users do so. */
class FullDiskTest {
  /** Room for the record of a run, not for a checkpoint. */
  private static final String MOUNT = "mount -t tmpfs -o size=300k tmpfs \"$0\"";

  @TempDir private Path temporary;

  @Test
  void aFullDiskIsSaidInOneLineAndLeavesNothing() throws Exception {
    Path disk = Files.createDirectory(temporary.resolve("disk"));
    assumeTrue(mounts(disk), "a user may not mount a file system here");
    List<String> command =
        shell(disk, MOUNT + " && { \"$@\"; echo status $?; find \"$0\" -type f; }");
    command.addAll(
        ChildProcess.java(
            "train",
            "--network",
            "resnet-8-s2",
            "--train-images",
            400,
            "--epochs",
            2,
            "--out",
            disk.resolve("run"),
            "--quiet"));
    Path output = temporary.resolve("said.txt");

    try (ChildProcess child = ChildProcess.start(output, command)) {
      child.status();
      List<String> said = child.said().lines().toList();

      assertTrue(said.get(0).startsWith("shallows: "), child.said());
      assertTrue(said.get(0).contains("No space left on device"), child.said());
      assertEquals("status 2", said.get(1));
      // Not even the record of the run: the same command works as soon as there is room.
      assertEquals(List.of(), said.subList(2, said.size()), child.said());
    }
  }

  private boolean mounts(Path disk) throws Exception {
    try (ChildProcess child =
        ChildProcess.start(temporary.resolve("mount.txt"), shell(disk, MOUNT))) {
      return child.status() == 0;
    } catch (IOException e) {
      // No such program: not a Linux.
      return false;
    }
  }

  private static List<String> shell(Path disk, String script) {
    return new ArrayList<>(
        List.of("unshare", "--map-root-user", "--mount", "sh", "-c", script, disk.toString()));
  }
}
