package shallows.export.readers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each reader gives the classes that our own verification gives, or does not run a form at all.
 * Each is a process of its own, and skipped where it is not installed; {@code .ci/run} installs
 * all.
 */
class IndependentReadersTest {
  private static final Path READERS = Path.of("src/test/readers");
  private static final Path MODULES = READERS.resolve("node_modules");

  /** Far more than any needs; what hangs shall fail. */
  private static final int MOST_SECONDS = 240;

  @TempDir static Path folder;

  private static ExportedForms forms;

  @BeforeAll
  static void export() throws Exception {
    forms = new ExportedForms(folder);
    Files.write(folder.resolve("first"), forms.channelsFirst());
    Files.write(folder.resolve("last"), forms.channelsLast());
  }

  @Test
  void theImagesAreOfSeveralClasses() {
    String classes = forms.classes(forms.files("fp32.onnx").get("fp32.onnx"));
    assertTrue(List.of(classes.split(" ")).stream().distinct().count() > 1, classes);
  }

  @Test
  void pythonsOnnxChecksAndInfersShapes() throws Exception {
    Path python = Path.of("/usr/bin/python3");
    assumeTrue(runs(python.toString(), "-c", "import onnx"), "no python3-onnx");
    Map<String, Path> files = forms.files(".onnx");
    List<String> command = command(python, READERS.resolve("onnx-check.py"));
    Map<String, String> found = outcomes(command, files);
    Map<String, Boolean> seen = new LinkedHashMap<>();
    found.forEach((form, outcome) -> seen.put(form, outcome.equals("ok")));
    ReadersTable.assertSays("python3-onnx", seen);
  }

  @Test
  void onnxRuntimeWebGivesTheSameClasses() throws Exception {
    assumeTrue(Files.isDirectory(MODULES.resolve("onnxruntime-web")), "no onnxruntime-web");
    assumeTrue(runs("node", "--version"), "no node");
    List<String> command =
        command(
            "node",
            READERS.resolve("onnxruntime-web.mjs"),
            folder.resolve("first"),
            forms.count() + ",3,24,24");
    assertSameClasses("ONNX Runtime Web", outcomes(command, forms.files(".onnx")));
  }

  @Test
  void tflite2Point6GivesTheSameClasses() throws Exception {
    assumeTrue(runs("/usr/bin/python3", "--version"), "no python3");
    Path library = folder.resolve("tflite-2.6.so");
    try (InputStream in =
        ClassLoader.getSystemResourceAsStream("native/lib/libtensorflowlite_jni.so")) {
      assumeTrue(in != null, "no TFLite 2.6.2 for this machine");
      Files.copy(in, library);
    }
    Map<String, String> found = new LinkedHashMap<>();
    for (Map.Entry<String, Path> form : forms.files(".tflite").entrySet()) {
      List<String> command =
          command(
              "/usr/bin/python3",
              READERS.resolve("tflite-old.py"),
              library,
              folder.resolve("last"),
              forms.count());
      found.putAll(outcomes(command, Map.of(form.getKey(), form.getValue())));
    }
    assertSameClasses("TFLite 2.6.2", found);
  }

  @Test
  void liteRtInABrowserGivesTheSameClasses() throws Exception {
    assumeTrue(Files.isDirectory(MODULES.resolve("@litertjs/core")), "no @litertjs/core");
    assumeTrue(runs("chromium", "--version"), "no chromium");
    Map<String, Path> files = forms.files(".tflite");
    try (LiteRtPage page =
        new LiteRtPage(READERS, files, forms.channelsLast(), forms.count(), ExportedForms.IMAGE)) {
      Process browser =
          new ProcessBuilder(
                  "chromium",
                  "--headless=new",
                  "--no-sandbox",
                  "--disable-gpu",
                  "--disable-background-networking",
                  "--disable-component-update",
                  "--no-first-run",
                  "--remote-debugging-port=0",
                  "--user-data-dir=" + folder.resolve("profile"),
                  page.address())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        assertSameClasses("LiteRT.js", byForm(page.lines(MOST_SECONDS), files));
      } finally {
        browser.descendants().forEach(ProcessHandle::destroyForcibly);
        browser.destroyForcibly().waitFor();
      }
    }
  }

  private static void assertSameClasses(String reader, Map<String, String> found) throws Exception {
    Map<String, Boolean> seen = new LinkedHashMap<>();
    for (Map.Entry<String, String> outcome : found.entrySet()) {
      boolean runs = !outcome.getValue().startsWith("refused");
      if (runs) {
        String name = outcome.getKey();
        Path file = forms.files(name).get(name);
        assertEquals(forms.classes(file), outcome.getValue(), reader + " on " + name);
      }
      seen.put(outcome.getKey(), runs);
    }
    ReadersTable.assertSays(reader, seen);
  }

  private static List<String> command(Object... words) {
    List<String> command = new ArrayList<>();
    for (Object word : words) {
      command.add(word.toString());
    }
    return command;
  }

  /** What is said of each file, by its form; «refused» where the process ends before it. */
  private static Map<String, String> outcomes(List<String> command, Map<String, Path> files)
      throws Exception {
    files.values().forEach(file -> command.add(file.toString()));
    Path out = Files.createTempFile(folder, "reader", ".txt");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertTrue(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS), command + " does not end");
    } finally {
      process.destroyForcibly();
    }
    return byForm(Files.readAllLines(out), files);
  }

  private static Map<String, String> byForm(List<String> lines, Map<String, Path> files) {
    Map<String, String> outcomes = new LinkedHashMap<>();
    files.forEach(
        (form, file) ->
            outcomes.put(
                form,
                lines.stream()
                    .filter(line -> line.startsWith(file + " "))
                    .map(line -> line.substring(file.toString().length() + 1))
                    .findFirst()
                    .orElse("refused: the process ended")));
    return outcomes;
  }

  private static boolean runs(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (java.io.IOException e) {
      return false;
    }
  }
}
