package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What ./shallows sets for the native libraries whatever it is given, whoever starts Java without
 * it sets too, to the same values.
 */
class NativeSettingsTest {
  /** In the launcher, with a value that a variable of the caller goes before, or without. */
  private static final String EXPORT = "(?m)^export ([A-Z_]+)=\"?(?:\\$\\{\\1-)?([^\"}\n]+)";

  private static final String ELEMENT = "<([A-Z_]+)>([^<]+)</\\1>";
  private static final String ENTRY = "\"([A-Z_]+)\", \"([^\"]+)\"";

  private static Map<String, String> launcher() throws IOException {
    Map<String, String> settings = settings("../shallows", EXPORT);
    assertEquals("PASSIVE", settings.get("OMP_WAIT_POLICY"));
    assertEquals("1", settings.get("ORT_DISABLE_TELEMETRY"));
    return settings;
  }

  @Test
  void imagesForContainersHaveThem() throws IOException {
    Map<String, String> image = settings("pom.xml", ELEMENT);
    // The launcher asks the system for the language of its caller.
    assertEquals("C.UTF-8", image.remove("LC_ALL"));
    assertEquals(launcher(), image);
  }

  @Test
  void executorsOfSparkHaveThem() throws IOException {
    Map<String, String> executors =
        settings("../spark/src/main/java/shallows/spark/SparkSettings.java", ENTRY);
    assertEquals("true", executors.remove("OPT_OUT_TRACKING"));
    assertEquals(launcher(), executors);
  }

  @Test
  void testsHaveNoOthers() throws IOException {
    Map<String, String> tests = settings("../pom.xml", ELEMENT);
    tests.keySet().removeIf(name -> !name.matches("(MALLOC|OMP|TORCH|ORT)_.*"));
    assertTrue(tests.containsKey("MALLOC_ARENA_MAX"));
    assertTrue(launcher().entrySet().containsAll(tests.entrySet()), tests.toString());
  }

  private static Map<String, String> settings(String file, String pattern) throws IOException {
    Map<String, String> found = new TreeMap<>();
    Pattern.compile(pattern)
        .matcher(Files.readString(Path.of(file)))
        .results()
        .forEach(match -> found.put(match.group(1), match.group(2)));
    return found;
  }
}
