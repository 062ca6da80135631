package shallows.pipeline.report;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import shallows.model.BrowserProgram;

/**
 * A browser without a window.
 *
 * @param program its path
 * @param folder for its profile and what it hands back
 */
record Chromium(String program, Path folder) {
  /** What takes this long on any machine, hangs. */
  private static final int SECONDS = 180;

  /** Where there is none, the test is skipped. */
  static Chromium orSkip(Path folder) {
    return new Chromium(BrowserProgram.orSkip().toString(), folder);
  }

  /** The document as it is after its scripts have run. */
  String opened(Path page) throws IOException, InterruptedException {
    Path dom = folder.resolve("dom.html");
    Process browser =
        new ProcessBuilder(
                program,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                "--user-data-dir=" + folder.resolve("profile"),
                "--virtual-time-budget=5000",
                "--window-size=1200,3000",
                "--dump-dom",
                page.toUri().toString())
            .redirectOutput(dom.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertTrue(browser.waitFor(SECONDS, TimeUnit.SECONDS), "the browser did not finish");
    } finally {
      browser.descendants().forEach(ProcessHandle::destroyForcibly);
      browser.destroyForcibly().waitFor();
    }
    return Files.readString(dom);
  }
}
