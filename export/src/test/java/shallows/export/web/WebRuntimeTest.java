package shallows.export.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.BadInputException;

class WebRuntimeTest {
  private static final Pattern NO_NETWORK =
      Pattern.compile("ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|found none");

  @TempDir Path folder;

  @Test
  void withoutNpmOneLineTellsTheWayOut() {
    String said = refusal(() -> WebRuntime.ofCache(folder, folder.resolve("npm").toString()));
    assertEquals(
        folder.resolve("npm")
            + ": expected a program that fetches onnxruntime-web 1.22.0, found none; install npm"
            + " (with Node.js), or name the unpacked package with runtime",
        said);
    assertEquals(List.of(), entries());
  }

  @Test
  void whatNpmSaysOfItsFailureIsHandedOn() throws IOException {
    Path npm = folder.resolve("npm");
    Files.writeString(npm, "#!/bin/sh\necho 'npm error code ENOTFOUND'\nexit 1\n");
    assertTrue(npm.toFile().setExecutable(true));
    Path cache = folder.resolve("cache");
    String said = refusal(() -> WebRuntime.ofCache(cache, npm.toString()));
    assertTrue(said.contains("found code ENOTFOUND; check the network, or name"), said);
  }

  @Test
  void npmBringsWhatTheLockFileNamesAndOnlyThatIsKept() throws IOException {
    TestPage.runtimeOrSkip();
    WebRuntime runtime;
    try {
      runtime = WebRuntime.ofCache(folder, "npm");
    } catch (BadInputException e) {
      assumeFalse(NO_NETWORK.matcher(e.getMessage()).find(), e.getMessage());
      throw e;
    }
    assertEquals(3, runtime.files().size());
    Path kept = folder.resolve("onnxruntime-web-1.22.0");
    assertEquals(List.of(kept), entries());
    try (Stream<Path> files = Files.list(kept)) {
      assertEquals(3, files.count());
    }
  }

  @Test
  void anotherVersionOfThePackageIsRefused() throws IOException {
    Path files = Files.createDirectories(folder.resolve("package/dist"));
    for (String name :
        List.of("ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm")) {
      Files.writeString(files.resolve(name), "of another version");
    }
    String said = refusal(() -> WebRuntime.ofPackage(folder.resolve("package")));
    assertTrue(said.contains("expected that of onnxruntime-web 1.22.0, found another"), said);
    String none = refusal(() -> WebRuntime.ofPackage(folder.resolve("none")));
    assertTrue(none.contains("expected a file of onnxruntime-web 1.22.0"), none);
  }

  /** What was kept is used without npm, and what was damaged there is not. */
  @Test
  void whatIsKeptIsUsedAgain() throws IOException {
    WebRuntime runtime = TestPage.runtimeOrSkip();
    Path kept = Files.createDirectories(folder.resolve("onnxruntime-web-1.22.0"));
    for (String name : runtime.files().keySet()) {
      Files.write(kept.resolve(name), runtime.files().get(name));
    }
    WebRuntime again = WebRuntime.ofCache(folder, "no npm");
    for (String name : runtime.files().keySet()) {
      assertArrayEquals(runtime.files().get(name), again.files().get(name));
    }
    Files.writeString(kept.resolve("ort.wasm.min.mjs"), "damaged");
    assertTrue(refusal(() -> WebRuntime.ofCache(folder, "no npm")).startsWith("no npm: expected"));
  }

  private static String refusal(Runnable action) {
    return assertThrows(BadInputException.class, action::run).getMessage();
  }

  private List<Path> entries() {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
