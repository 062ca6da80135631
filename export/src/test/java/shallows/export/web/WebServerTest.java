package shallows.export.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.BadInputException;
import shallows.model.file.Sha256;

/** The folder of a page, and the server that shows it. */
class WebServerTest {
  private static final Path SOURCES =
      Path.of("src/main/resources/shallows/export/web/page").toAbsolutePath();

  @TempDir static Path folder;
  private static Path bundle;

  @BeforeAll
  static void bundle() {
    bundle = folder.resolve("bundle");
    TestPage.bundle(bundle, 1);
  }

  @Test
  void thePageIsOnTheListAndTheListHoldsThePage() throws IOException {
    WebPage page = TestPage.ofModules(bundle, folder.resolve("whole"));
    assertEquals(files(page.folder()), new TreeSet<>(page.files()));
    for (String line : Files.readAllLines(page.folder().resolve("SHA256SUMS"))) {
      assertEquals(line.substring(0, 64), Sha256.of(page.folder().resolve(line.substring(66))));
    }
    for (String source : files(SOURCES)) {
      assertTrue(page.files().contains(source), source + " is left out");
    }
    for (String of : files(bundle)) {
      assertTrue(page.files().contains("bundle/" + of), of + " is left out");
    }
  }

  @Test
  void theSamePageIsTheSameBytesAndAnEarlierOneLeavesNothingBehind() throws IOException {
    WebPage first = TestPage.ofModules(bundle, folder.resolve("first"));
    Path other = folder.resolve("other");
    TestPage.bundle(other, 3);
    Path place = folder.resolve("second");
    TestPage.ofModules(other, place);
    Files.writeString(place.resolve("bundle/mine.txt"), "kept");
    WebPage second = TestPage.ofModules(bundle, place);
    for (String file : first.files()) {
      assertEquals(Sha256.of(first.folder().resolve(file)), Sha256.of(place.resolve(file)), file);
    }
    Set<String> expected = new TreeSet<>(second.files());
    expected.add("bundle/mine.txt");
    assertEquals(expected, files(place));
  }

  @Test
  void aFolderOfSomebodyElseIsLeftAlone() throws IOException {
    Path theirs = Files.createDirectories(folder.resolve("theirs"));
    Files.writeString(theirs.resolve("letter.txt"), "mine");
    String said =
        assertThrows(BadInputException.class, () -> TestPage.ofModules(bundle, theirs))
            .getMessage();
    assertTrue(said.contains("an empty folder, or one with an earlier page"), said);
    assertEquals(Set.of("letter.txt"), files(theirs));
  }

  @Test
  void aFolderThatIsALinkElsewhereIsNotWrittenThrough() throws IOException {
    Path place = folder.resolve("linked");
    TestPage.ofModules(bundle, place);
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    Files.move(place.resolve("js"), elsewhere.resolve("js"));
    Files.createSymbolicLink(place.resolve("js"), elsewhere.resolve("js"));
    Files.writeString(elsewhere.resolve("js/main.js"), "mine");
    String said =
        assertThrows(BadInputException.class, () -> TestPage.ofModules(bundle, place)).getMessage();
    assertTrue(said.contains("one elsewhere, by a link"), said);
    assertEquals("mine", Files.readString(elsewhere.resolve("js/main.js")));
  }

  @Test
  void aChangedFileOfTheBundleIsRefused() throws IOException {
    Path damaged = folder.resolve("damaged");
    TestPage.bundle(damaged, 1);
    Files.writeString(damaged.resolve("labels.txt"), "others\n");
    String said =
        assertThrows(
                BadInputException.class,
                () -> TestPage.ofModules(damaged, folder.resolve("of-damaged")))
            .getMessage();
    assertTrue(said.contains("labels.txt: expected the bytes that were verified"), said);
  }

  @Test
  void itServesThePageAndNothingElse() throws Exception {
    WebPage page = TestPage.ofModules(bundle, folder.resolve("served"));
    Files.writeString(page.folder().resolve("secret.txt"), "not of the page");
    try (WebServer server = WebServer.start(page, InetAddress.getLoopbackAddress(), 0)) {
      URI root = server.address();
      assertEquals("localhost", root.getHost());
      HttpResponse<String> index = get(root);
      assertEquals(200, index.statusCode());
      assertEquals("text/html; charset=utf-8", type(index));
      assertEquals("text/javascript; charset=utf-8", type(get(root.resolve("js/main.js"))));
      assertEquals("application/manifest+json", type(get(root.resolve("manifest.webmanifest"))));
      assertTrue(get(root.resolve("manifest.webmanifest")).body().contains("\"start_url\":\".\""));
      assertEquals(404, get(root.resolve("secret.txt")).statusCode());
      assertEquals(404, get(URI.create(root + "..%2fbundle%2fmodel.json")).statusCode());
      assertEquals(404, get(root.resolve("bundle/")).statusCode());
      HttpRequest post =
          HttpRequest.newBuilder(root).POST(BodyPublishers.ofString("anything")).build();
      assertEquals(
          405, HttpClient.newHttpClient().send(post, BodyHandlers.discarding()).statusCode());
      int taken = root.getPort();
      String said =
          assertThrows(
                  BadInputException.class,
                  () -> WebServer.start(page, InetAddress.getLoopbackAddress(), taken).close())
              .getMessage();
      assertTrue(said.startsWith("port: expected a free port of this machine"), said);
    }
  }

  @Test
  void whoNeverEndsTheirQuestionKeepsNobodyWaiting() throws Exception {
    WebPage page = TestPage.ofModules(bundle, folder.resolve("waited-for"));
    InetAddress here = InetAddress.getLoopbackAddress();
    try (WebServer server = WebServer.start(page, here, 0);
        Socket slow = new Socket(here, server.address().getPort())) {
      slow.getOutputStream().write("GET / HTT".getBytes(StandardCharsets.US_ASCII));
      HttpRequest quick =
          HttpRequest.newBuilder(server.address()).timeout(Duration.ofMinutes(1)).build();
      assertEquals(
          200, HttpClient.newHttpClient().send(quick, BodyHandlers.discarding()).statusCode());
    }
  }

  private static HttpResponse<String> get(URI address) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
  }

  private static String type(HttpResponse<String> answer) {
    assertFalse(answer.headers().firstValue("X-Content-Type-Options").isEmpty());
    return answer.headers().firstValue("Content-Type").orElse("none");
  }

  private static Set<String> files(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString().replace('\\', '/'))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
