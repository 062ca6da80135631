package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The pages that people read: what they tell to type can be typed, and what they name is there. */
class DocumentsTest {
  private static final Path ROOT = Path.of("..");
  private static final Path CONTENTS = ROOT.resolve("docs/README.md");

  /** A command in a block, behind a prompt or not, or in the words of a sentence. */
  private static final Pattern COMMAND =
      Pattern.compile("(?m)(?:^(?:\\$ )?(?:[A-Z_]+=(?:'[^']*'|\\S+) )?|`)\\./shallows ([^`\n]*)");

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]*)(?:#([^)\\s]+))?\\)");
  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z0-9-]+");

  /** Of {@code bench/run Comparison} and of Docker, which stand in our pages too. */
  private static final Set<String> OF_OTHERS = Set.of("--removed", "--gpus");

  static List<Path> pages() throws IOException {
    List<Path> pages =
        new ArrayList<>(
            List.of(
                ROOT.resolve("README.md"),
                ROOT.resolve("CONTRIBUTING.md"),
                ROOT.resolve("android-demo/README.md")));
    try (Stream<Path> files = Files.list(CONTENTS.getParent())) {
      files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages;
  }

  @ParameterizedTest
  @MethodSource("pages")
  void theCommandUnderstandsEveryCommand(Path page) throws IOException {
    List<String> wrong = new ArrayList<>();
    for (MatchResult found : COMMAND.matcher(Files.readString(page)).results().toList()) {
      String line = found.group(1).replaceFirst("\\s+#.*", "").strip();
      // Synopses have numbers and parts that may be left out.
      String words = line.replaceAll("\\bN\\b", "1").replaceAll("\\s*…", "");
      CommandLine commands = Main.commandLine();
      if (words.equals("COMMAND --help") || commands.getSubcommands().containsKey(words)) {
        continue;
      }
      try {
        commands.parseArgs(words.split("\\s+"));
      } catch (ParameterException e) {
        wrong.add(line + ": " + e.getMessage());
      }
    }
    assertEquals(List.of(), wrong);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyOptionExists(Path page) throws IOException {
    Set<String> known = new HashSet<>(OF_OTHERS);
    CommandLine commands = Main.commandLine();
    commands
        .getSubcommands()
        .values()
        .forEach(command -> known.addAll(command.getCommandSpec().optionsMap().keySet()));
    known.addAll(commands.getCommandSpec().optionsMap().keySet());
    Set<String> missing = new TreeSet<>();
    // A line that ends so goes on in the next.
    for (String line : Files.readString(page).replace("\\\n", " ").split("\n")) {
      // Lines that begin other programs have options of theirs.
      if (!line.matches("(bench/\\S+|npm|docker|FROM|\\$SPARK_HOME/\\S+) .*")) {
        OPTION.matcher(line).results().map(MatchResult::group).forEach(missing::add);
      }
    }
    missing.removeAll(known);
    assertEquals(Set.of(), missing);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyLinkLeadsSomewhere(Path page) throws IOException {
    for (MatchResult link : LINK.matcher(Files.readString(page)).results().toList()) {
      if (link.group(1).contains("://")) {
        continue;
      }
      Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
      assertTrue(Files.exists(target), page + " has " + link.group());
      if (link.group(2) != null) {
        Set<String> anchors =
            Files.readString(target)
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(DocumentsTest::anchor)
                .collect(Collectors.toSet());
        assertTrue(anchors.contains(link.group(2)), page + " has " + link.group());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyProfileOfMavenExists(Path page) throws IOException {
    String pom = Files.readString(ROOT.resolve("pom.xml")) + Files.readString(Path.of("pom.xml"));
    for (MatchResult profiles :
        Pattern.compile("mvn[^\n`]* -P([a-z,]+)")
            .matcher(Files.readString(page))
            .results()
            .toList()) {
      for (String profile : profiles.group(1).split(",")) {
        assertTrue(pom.contains("<id>" + profile + "</id>"), page + " has -P" + profile);
      }
    }
  }

  @Test
  void theContentsNameEveryPage() throws IOException {
    String contents = Files.readString(CONTENTS);
    for (Path page : pages()) {
      if (page.getParent().equals(CONTENTS.getParent()) && !page.equals(CONTENTS)) {
        assertTrue(contents.contains("](" + page.getFileName() + ")"), page.toString());
      }
    }
  }

  @Test
  void jbangFindsTheCommandOfThisVersion() throws IOException {
    String catalog = Files.readString(ROOT.resolve("jbang-catalog.json"));
    String version =
        Arrays.stream(Files.readString(ROOT.resolve("pom.xml")).split("</?version>"))
            .skip(1)
            .findFirst()
            .orElseThrow();

    assertTrue(catalog.contains("\"shallows:shallows-cli:" + version + "\""), catalog);
    assertTrue(catalog.contains("\"" + Main.class.getName() + "\""), catalog);
  }

  /** As GitHub makes them of headings. */
  static String anchor(String heading) {
    String words = heading.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT);
    return words.replaceAll("[^\\w -]", "").replace(' ', '-');
  }
}
