package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What docs/architecture.md names is there, under that name. */
class ArchitectureDocumentTest {
  private static final Path ROOT = Path.of("..");
  private static final Path DOCUMENT = ROOT.resolve("docs/architecture.md");

  /** Modules whose packages the table names one by one. */
  private static final List<String> WITH_ROOMS =
      List.of("model", "data", "train", "prune", "export", "pipeline");

  private static final Pattern QUOTED = Pattern.compile("`([^`\n]+)`");
  private static final Pattern TYPE =
      Pattern.compile("(?<![\\w.$])(?:shallows\\.[a-z.]+\\.)?([A-Z][a-z0-9]\\w*)(?:\\.(\\w+))?");
  private static final Pattern FILE =
      Pattern.compile("\\b[a-z]\\w*\\.(?:json|csv|onnx|html|txt)\\b");

  private static String document;
  private static Map<String, String> sources;
  private static String everything;

  @BeforeAll
  static void read() throws IOException {
    document = Files.readString(DOCUMENT);
    sources = new HashMap<>();
    for (Path file : javaFiles(ROOT)) {
      String name = file.getFileName().toString();
      sources.merge(name.substring(0, name.indexOf('.')), Files.readString(file), String::concat);
    }
    everything = String.join("\n", sources.values());
  }

  @Test
  void everyTypeAndMemberExists() {
    Set<String> missing = new TreeSet<>();
    for (String quoted : quoted()) {
      for (MatchResult type : TYPE.matcher(quoted).results().toList()) {
        if (everything.contains("\"" + type.group(1) + "\"")) {
          // An operator of ONNX.
          continue;
        }
        String source = source(type.group(1));
        String member = type.group(2);
        if (source == null || member != null && !contains(source, "\\b" + member + "\\b")) {
          missing.add(type.group());
        }
      }
    }
    assertEquals(Set.of(), missing);
  }

  @Test
  void everyFileOptionAndPackageExists() {
    Set<String> missing = new TreeSet<>();
    for (MatchResult file : FILE.matcher(document).results().toList()) {
      if (!everything.contains(file.group() + "\"")) {
        missing.add(file.group());
      }
    }
    for (String quoted : quoted()) {
      if (quoted.startsWith("shallows.") && !TYPE.matcher(quoted).find()) {
        String name = quoted.replace(".*", ".");
        if (!everything.contains("\"" + name) && !everything.contains("package " + name + ";")) {
          missing.add(quoted);
        }
      }
      for (MatchResult option :
          Pattern.compile("--[a-z][a-z0-9-]+").matcher(quoted).results().toList()) {
        if (!everything.contains("\"" + option.group() + "\"")) {
          missing.add(option.group());
        }
      }
    }
    assertEquals(Set.of(), missing);
  }

  @Test
  void theTableOfModulesNamesTheirPackagesAndNoOthers() throws IOException {
    for (String module : WITH_ROOMS) {
      String row =
          document
              .lines()
              .filter(line -> line.startsWith("| `" + module + "`"))
              .findFirst()
              .orElseThrow();
      Path root = ROOT.resolve(module).resolve("src/main/java/shallows").resolve(module);
      try (Stream<Path> folders = Files.walk(root)) {
        Set<String> rooms =
            folders
                .filter(folder -> Files.isDirectory(folder) && !folder.equals(root))
                .map(folder -> folder.getFileName().toString())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> named =
            QUOTED
                .matcher(row.split("\\|")[2])
                .results()
                .map(quoted -> quoted.group(1))
                .filter(quoted -> quoted.matches("[a-z]+"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(rooms, named, module);
      }
    }
  }

  private static List<String> quoted() {
    String prose = document.replaceAll("(?s)```.*?```", "");
    return QUOTED.matcher(prose).results().map(quoted -> quoted.group(1)).toList();
  }

  /** Of the file that declares a type; null where there is none. */
  private static String source(String type) {
    if (sources.containsKey(type)) {
      return sources.get(type);
    }
    String declared = "\\b(?:class|record|interface|enum) " + type + "\\b";
    return sources.values().stream()
        .filter(source -> contains(source, declared))
        .findFirst()
        .orElse(null);
  }

  private static boolean contains(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).find();
  }

  private static List<Path> javaFiles(Path root) throws IOException {
    try (Stream<Path> modules = Files.list(root)) {
      List<Path> folders = modules.filter(Files::isDirectory).toList();
      List<Path> files = new ArrayList<>();
      for (Path folder : folders) {
        for (String sources : List.of("src", "packager/src", "distribution/src")) {
          if (Files.isDirectory(folder.resolve(sources))) {
            try (Stream<Path> all = Files.walk(folder.resolve(sources))) {
              all.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
            }
          }
        }
      }
      return files;
    }
  }
}
