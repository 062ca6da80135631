package shallows.apk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** {@code build.gradle} cannot be run here, but it can be held to what the POM says. */
class GradleBuildTest {
  private static final Path GRADLE = Path.of("build.gradle");
  private static final Path POM = Path.of("pom.xml");

  @Test
  void hasTheLibrariesOfThePom() throws Exception {
    Document parent = xml(Path.of("..", "pom.xml"));
    Set<String> maven = new TreeSet<>();
    NodeList dependencies = xml(POM).getElementsByTagName("dependency");
    for (int i = 0; i < dependencies.getLength(); i++) {
      Element each = (Element) dependencies.item(i);
      if (text(each, "groupId").equals("org.bytedeco") && text(each, "scope").isEmpty()) {
        String version = text(each, "version").replaceAll("[${}]", "");
        String classifier = text(each, "classifier");
        maven.add(
            text(each, "groupId")
                + ":"
                + text(each, "artifactId")
                + ":"
                + text(parent.getDocumentElement(), version)
                + (classifier.isEmpty() ? "" : ":" + classifier));
      }
    }

    assertEquals(maven, found("(?:implementation|runtimeOnly) '([^']*)'"));
  }

  @Test
  void copiesTheSourcesAndTheAssetsThatThePomCopies() throws Exception {
    Set<String> maven = new TreeSet<>();
    NodeList includes = xml(POM).getElementsByTagName("include");
    for (int i = 0; i < includes.getLength(); i++) {
      String name = includes.item(i).getTextContent();
      if (name.startsWith("shallows/") || name.equals("LICENSE")) {
        maven.add(name);
      }
    }

    assertEquals(maven, found("include '([^']*)'"));
  }

  @Test
  void hasTheApiLevelsOfTheApk() throws IOException {
    assertEquals(Set.of("" + Resources.MIN_API), found("minSdk (\\d+)"));
    assertEquals(Set.of("" + Resources.TARGET_API), found("targetSdk (\\d+)"));
    assertEquals(Set.of("" + Resources.TARGET_API), found("compileSdk (\\d+)"));
  }

  @Test
  void hasPackageAndVersionOfTheManifest() throws Exception {
    Element manifest = xml(Path.of("src/main/AndroidManifest.xml")).getDocumentElement();

    assertEquals(Set.of(manifest.getAttribute("package")), found("namespace '([^']*)'"));
    assertEquals(Set.of(manifest.getAttribute("package")), found("applicationId '([^']*)'"));
    assertEquals(Set.of(manifest.getAttribute("android:versionCode")), found("versionCode (\\d+)"));
    assertEquals(
        Set.of(manifest.getAttribute("android:versionName")), found("versionName '([^']*)'"));
  }

  private static Set<String> found(String pattern) throws IOException {
    Set<String> all = new TreeSet<>();
    Pattern.compile(pattern)
        .matcher(Files.readString(GRADLE))
        .results()
        .map((MatchResult match) -> match.group(1))
        .forEach(all::add);
    return all;
  }

  private static Document xml(Path file) throws Exception {
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
  }

  private static String text(Element parent, String name) {
    NodeList all = parent.getElementsByTagName(name);
    return all.getLength() == 0 ? "" : all.item(0).getTextContent();
  }
}
