package shallows.export.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.data.decode.ImageDecoder;
import shallows.export.bundle.Bundle;
import shallows.export.bundle.BundleFiles;

/** The snippets of a bundle's README give the logits of its samples, as they stand there. */
class BundleReadmeTest {
  private static final int MOST_SECONDS = 240;

  /** Another runtime on the same processor adds the same products in another order. */
  private static final float SAME = 1e-3f;

  private static final Path READERS = Path.of("src/test/readers").toAbsolutePath();

  @TempDir static Path folder;

  @BeforeAll
  static void bundles() {
    TestPage.bundle(folder.resolve("1"), 1);
    TestPage.bundle(folder.resolve("3"), 3);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void theSnippetInJavaGivesTheLogits(int channels) throws Exception {
    Path source = folder.resolve("java" + channels).resolve("Classifier.java");
    Files.createDirectories(source.getParent());
    Files.writeString(source, snippet(channels, "java"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    boolean compiled =
        compiler
            .getTask(
                said,
                null,
                null,
                List.of(
                    "-proc:none",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "-d",
                    source.getParent().toString()),
                null,
                compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
            .call();
    assertTrue(compiled, said.toString());
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {source.getParent().toUri().toURL()})) {
      var logits = loader.loadClass("Classifier").getMethod("logits", String.class, byte[].class);
      String model = bundle(channels).resolve(file(channels)).toString();
      for (Bundle.Sample sample : description(channels).samples()) {
        byte[] pixels = ImageDecoder.decode(bundle(channels).resolve(sample.file())).bytes();
        assertLogits(channels, sample, (float[]) logits.invoke(null, model, pixels));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void theSnippetInJavaScriptGivesTheLogits(int channels) throws Exception {
    Path module = READERS.resolve("target-readme-" + channels + ".mjs");
    assumeTrue(
        Files.isDirectory(READERS.resolve("node_modules/onnxruntime-web")), "no onnxruntime-web");
    StringBuilder script = new StringBuilder(snippet(channels, "javascript"));
    script.append("import { readFileSync } from 'node:fs';\n");
    for (Bundle.Sample sample : description(channels).samples()) {
      byte[] pixels = ImageDecoder.decode(bundle(channels).resolve(sample.file())).bytes();
      Path raw = Files.write(folder.resolve(channels + sample.file() + ".raw"), pixels);
      script.append(
          String.format(
              "console.log(JSON.stringify(Array.from(await logits(readFileSync(%s), readFileSync(%s)))));%n",
              new Gson().toJson(bundle(channels).resolve(file(channels)).toString()),
              new Gson().toJson(raw.toString())));
    }
    // Beside the modules, where an import finds them.
    Files.writeString(module, script);
    try {
      assertOutput(channels, bundle(channels), "node", module.toString());
    } finally {
      Files.delete(module);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void theSnippetInPythonGivesTheLogits(int channels) throws Exception {
    Path packages = READERS.resolve("python");
    assumeTrue(Files.isDirectory(packages.resolve("onnxruntime")), "no onnxruntime of Python");
    String program =
        snippet(channels, "python")
            + "import json\nfor file in sys.argv[1:]:\n"
            + "    print(json.dumps(logits(file).tolist()))\n";
    List<String> command = new ArrayList<>(List.of("/usr/bin/python3", "-c", program));
    description(channels).samples().forEach(sample -> command.add(sample.file()));
    List<String> lines = output(bundle(channels), command.toArray(String[]::new));
    int samples = description(channels).samples().size();
    // First what the snippet itself prints.
    for (int i = 0; i < samples; i++) {
      Bundle.Sample sample = description(channels).samples().get(i);
      String label = description(channels).labels().get(best(expected(channels, sample)));
      assertEquals(sample.file() + " " + label, lines.get(i));
      assertLogits(channels, sample, new Gson().fromJson(lines.get(samples + i), float[].class));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void nothingIsLeftOpenAndNoNameIsMarkup(int channels) throws IOException {
    String readme = Files.readString(bundle(channels).resolve("README.md"));
    assertFalse(readme.contains("{{"), readme);
    assertTrue(readme.startsWith("# small & \\<b\\>bold\\</b\\>: images of 10 classes\n"), readme);
    assertTrue(readme.contains("(1, " + channels + ", 28, 28)"), readme);
    for (Bundle.Model model : description(channels).models()) {
      assertTrue(readme.contains("| `" + model.file() + "` |"), model.file());
    }
  }

  private static Path bundle(int channels) {
    return folder.resolve(String.valueOf(channels));
  }

  private static Bundle description(int channels) {
    return BundleFiles.read(bundle(channels)).description();
  }

  private static String snippet(int channels, String language) throws IOException {
    String readme = Files.readString(bundle(channels).resolve("README.md"));
    Matcher matcher =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(readme);
    assertTrue(matcher.find(), language);
    return matcher.group(1);
  }

  /** The file that snippets name. */
  private static String file(int channels) throws IOException {
    Matcher matcher =
        Pattern.compile("InferenceSession\\(\"(.*?)\"\\)").matcher(snippet(channels, "python"));
    assertTrue(matcher.find());
    return matcher.group(1);
  }

  private static float[] expected(int channels, Bundle.Sample sample) throws IOException {
    List<Float> logits = sample.logits().get(file(channels));
    float[] values = new float[logits.size()];
    for (int c = 0; c < values.length; c++) {
      values[c] = logits.get(c);
    }
    return values;
  }

  private static int best(float[] logits) {
    int best = 0;
    for (int c = 1; c < logits.length; c++) {
      best = logits[c] > logits[best] ? c : best;
    }
    return best;
  }

  private static void assertLogits(int channels, Bundle.Sample sample, float[] found)
      throws IOException {
    float[] expected = expected(channels, sample);
    float largest = 1;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertArrayEquals(expected, found, SAME * largest, sample.file() + Arrays.toString(found));
  }

  private static void assertOutput(int channels, Path work, String... command) throws Exception {
    List<String> lines = output(work, command);
    List<Bundle.Sample> samples = description(channels).samples();
    assertEquals(samples.size(), lines.size(), lines.toString());
    for (int i = 0; i < lines.size(); i++) {
      assertLogits(channels, samples.get(i), new Gson().fromJson(lines.get(i), float[].class));
    }
  }

  private static List<String> output(Path work, String... command) throws Exception {
    Path out = Files.createTempFile(folder, "said", ".txt");
    Path errors = Files.createTempFile(folder, "errors", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(work.toFile())
            .redirectOutput(out.toFile())
            .redirectError(errors.toFile());
    builder.environment().put("PYTHONPATH", READERS.resolve("python").toString());
    builder.environment().put("ORT_DISABLE_TELEMETRY", "1");
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS), "it does not end");
    } finally {
      process.destroyForcibly();
    }
    assertEquals(0, process.exitValue(), Files.readString(errors));
    return Files.readAllLines(out).stream()
        .filter(line -> !line.isBlank())
        .collect(Collectors.toList());
  }
}
