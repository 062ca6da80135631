package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** The pages of the unpacked distribution lead to nothing that only a checkout has. */
class DistributionPagesTest {
  private static final Path MODULE = Path.of("../release/distribution");
  private static final Pattern LINK =
      Pattern.compile("\\]\\(([^)#\\s]+)[^)]*\\)|(?:src|href)=\"([^\"#]+)");

  /** What lies in the zip that is no product of the build, by its place there. */
  private static final Map<Path, Path> CONTENT = new TreeMap<>();

  @BeforeAll
  static void readsWhatIsPacked() throws Exception {
    Element assembly =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(MODULE.resolve("src/main/assembly/zip.xml").toFile())
            .getDocumentElement();
    for (Element file : elements(assembly, "file")) {
      Path source = MODULE.resolve(text(file, "source"));
      CONTENT.put(Path.of(text(file, "outputDirectory")).resolve(source.getFileName()), source);
    }
    for (Element set : elements(assembly, "fileSet")) {
      Path folder = MODULE.resolve(text(set, "directory"));
      if (!Files.isDirectory(folder)) {
        continue;
      }
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          CONTENT.put(Path.of(text(set, "outputDirectory")).resolve(folder.relativize(file)), file);
        }
      }
    }
    assertTrue(CONTENT.containsKey(Path.of("docs/README.md")), CONTENT.toString());
  }

  @Test
  void everyLinkLeadsToWhatIsPacked() throws IOException {
    Set<String> lost = new TreeSet<>();
    int links = 0;
    for (Map.Entry<Path, Path> page : CONTENT.entrySet()) {
      if (!page.getKey().toString().endsWith(".md")) {
        continue;
      }
      for (MatchResult link : LINK.matcher(Files.readString(page.getValue())).results().toList()) {
        String target = link.group(1) == null ? link.group(2) : link.group(1);
        if (target.contains(":")) {
          continue;
        }
        links++;
        if (!CONTENT.containsKey(page.getKey().resolveSibling(target).normalize())) {
          lost.add(page.getKey() + " -> " + target);
        }
      }
    }
    assertEquals(Set.of(), lost);
    assertTrue(links > 100, links + " links");
  }

  private static Iterable<Element> elements(Element of, String name) {
    NodeList all = of.getElementsByTagName(name);
    return Stream.iterate(0, i -> i < all.getLength(), i -> i + 1)
        .map(i -> (Element) all.item(i))
        .toList();
  }

  private static String text(Element of, String name) {
    Node first = of.getElementsByTagName(name).item(0);
    return first == null ? "" : first.getTextContent();
  }
}
