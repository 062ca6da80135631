package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code shallows web} refuses before anything is fetched or written. */
class WebCommandTest {
  @TempDir private Path folder;

  @Test
  void whatServesNothingIsRefused() {
    assertEquals(
        "shallows: --port: expected --serve with it, found none; add it",
        CommandLineSession.refusal("web", folder, "--port", 8000));
    assertEquals(
        "shallows: --host: expected --serve with it, found none; add it",
        CommandLineSession.refusal("web", folder, "--host", "0.0.0.0"));
    assertEquals(
        "shallows: --port: expected 0 to 65535, found 70000; 0 takes any that is free",
        CommandLineSession.refusal("web", folder, "--serve", "--port", 70_000));
  }

  @Test
  void aFolderWithoutARunIsRefused() {
    String said = CommandLineSession.refusal("web", folder.resolve("none"));
    assertEquals(
        "shallows: " + folder.resolve("none") + ": expected a run folder, found nothing there",
        said.substring(0, said.indexOf(';')));
  }
}
