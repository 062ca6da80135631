package shallows.data.download;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.BadInputException;
import shallows.model.progress.Progress;

class DownloaderTest {
  private static final int SIZE = 200_000;

  @TempDir Path folder;
  private final byte[] content = new byte[SIZE];
  private FileServer server;

  @BeforeEach
  void serve() throws IOException {
    new Random(3).nextBytes(content);
    server = new FileServer();
    server.put("data.bin", content);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aFileComesWholeAndOnce() throws IOException {
    download(file());
    assertArrayEquals(content, Files.readAllBytes(target()));
    assertFalse(Files.exists(part()), "nothing is left beside it");
    download(file());
    assertEquals(List.of("data.bin"), server.requests());
  }

  @Test
  void everyKindOfChecksumIsKnown() throws IOException {
    for (String algorithm : List.of("MD5", "SHA-1", "SHA-256")) {
      download(new RemoteFile(algorithm, server.address("data.bin"), checksum(algorithm, content)));
      assertArrayEquals(content, Files.readAllBytes(folder.resolve(algorithm)));
    }
    assertThrows(IllegalArgumentException.class, () -> Checksum.md5("abc"));
    assertThrows(IllegalArgumentException.class, () -> new Checksum("CRC-9", "00"));
  }

  @Test
  void anInterruptedDownloadGoesOnWhereItStopped() throws IOException {
    Files.write(part(), Arrays.copyOf(content, 70_000));
    download(file());
    assertArrayEquals(content, Files.readAllBytes(target()));
    assertEquals(List.of("data.bin bytes=70000-"), server.requests());
  }

  @Test
  void aConnectionThatEndsEarlyIsFollowedByAnother() throws IOException {
    server.cutAfter("data.bin", 90_000);
    download(file());
    assertArrayEquals(content, Files.readAllBytes(target()));
    assertEquals(
        List.of("data.bin", "data.bin bytes=90000-", "data.bin bytes=180000-"), server.requests());
  }

  @Test
  void whatCameStaysWhenAConnectionBringsNothingMore() throws IOException {
    Files.write(part(), Arrays.copyOf(content, 70_000));
    server.cutAfter("data.bin", 0);
    assertFails(file(), "ended after 70000 of 200000 bytes");
    assertEquals(70_000, Files.size(part()));
    assertFalse(Files.exists(target()));
  }

  @Test
  void aServerWithoutRangesSendsTheWholeAgain() throws IOException {
    server.ignoreRanges();
    Files.write(part(), Arrays.copyOf(content, 70_000));
    download(file());
    assertArrayEquals(content, Files.readAllBytes(target()));
  }

  @Test
  void aPartThatIsWholeAlreadyIsMovedIntoPlace() throws IOException {
    Files.write(part(), content);
    download(file());
    assertArrayEquals(content, Files.readAllBytes(target()));
  }

  @Test
  void aPartOfAnotherEditionIsLoadedAnew() throws IOException {
    for (int length : new int[] {70_000, SIZE, SIZE + 5}) {
      Files.write(part(), new byte[length]);
      download(file());
      assertArrayEquals(content, Files.readAllBytes(target()), "a part of " + length);
      Files.delete(target());
    }
  }

  @Test
  void bytesOfAnotherChecksumAreRefused() throws IOException {
    RemoteFile wrong =
        new RemoteFile("data.bin", server.address("data.bin"), checksum("MD5", new byte[1]));
    assertFails(wrong, "expected md5 93b885adfe0da089cdf634904fd59f71, found md5 ");
    assertFalse(Files.exists(target()));
    assertEquals(0, Files.size(part()), "the next download begins anew");
  }

  @Test
  void saysWhyNothingCame() throws IOException {
    assertFails(
        file("gone.bin", server.address("gone.bin")), "HTTP status 404 from " + server.folder());
    assertFails(
        file("data.bin", URI.create("http://no-such-host.invalid/data.bin")),
        "no network, or no host no-such-host.invalid");
    assertFails(file("data.bin", URI.create("file:/etc/hosts")), "not http");
    server.close();
    assertFails(file(), "no answer from ");
  }

  @Test
  void redirectsAreFollowedButNotForEver() throws IOException {
    server.redirect("moved.bin", "/data.bin");
    download(file("data.bin", server.address("moved.bin")));
    assertArrayEquals(content, Files.readAllBytes(target()));
    server.redirect("loop.bin", "/loop.bin");
    assertFails(file("loop.bin", server.address("loop.bin")), "redirects");
    server.redirect("odd.bin", "no address at all");
    assertFails(file("odd.bin", server.address("odd.bin")), "makes no sense");
  }

  @Test
  void whoeverWantsItAtTheSameTimeGetsItFromTheFirst() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    Callable<Void> wanted =
        () -> {
          download(file());
          return null;
        };
    try {
      for (Future<Void> each : threads.invokeAll(Collections.nCopies(4, wanted))) {
        each.get();
      }
    } finally {
      threads.shutdown();
    }
    assertArrayEquals(content, Files.readAllBytes(target()));
    assertFalse(Files.exists(part()), "nothing is left beside it");
    assertEquals(List.of("data.bin"), server.requests());
  }

  @Test
  void aPartThatSomethingElseHasIsLeftAlone() throws IOException {
    try (FileChannel other =
        FileChannel.open(part(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      other.lock();
      BadInputException refused = assertThrows(BadInputException.class, () -> download(file()));
      assertTrue(refused.getMessage().contains("locked"), refused.getMessage());
    }
    download(file());
    assertArrayEquals(content, Files.readAllBytes(target()));
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws IOException {
    Path notAFolder = Files.writeString(folder.resolve("file"), "text");
    BadInputException refused =
        assertThrows(
            BadInputException.class,
            () -> new Downloader(Progress.SILENT).download(file(), notAFolder));
    assertTrue(refused.getMessage().startsWith(notAFolder.toString()), refused.getMessage());
    assertTrue(refused.getMessage().contains("cannot be written"), refused.getMessage());
  }

  @Test
  void progressHearsOfEveryByteOnce() throws IOException {
    Files.write(part(), Arrays.copyOf(content, 70_000));
    List<String> heard = new ArrayList<>();
    long[] sum = new long[1];
    Progress listener =
        new Progress() {
          @Override
          public void start(String task, long total) {
            heard.add(task + " " + total);
          }

          @Override
          public void advance(long amount, String note) {
            sum[0] += amount;
          }

          @Override
          public void report(Map<String, String> figures) {
            heard.add(figures.toString());
          }

          @Override
          public void remark(String note) {
            heard.add(note);
          }

          @Override
          public void finish() {
            heard.add("finish");
          }
        };
    new Downloader(listener).download(file(), folder);
    assertEquals(List.of("download data.bin 200000", "finish"), heard);
    assertEquals(SIZE, sum[0]);
  }

  private void download(RemoteFile file) throws DownloadException {
    new Downloader(Progress.SILENT).download(file, folder);
  }

  private void assertFails(RemoteFile file, String reason) {
    String message = assertThrows(DownloadException.class, () -> download(file)).getMessage();
    assertTrue(message.contains(reason), message);
    assertFalse(message.contains("\n"), message);
  }

  private RemoteFile file() {
    return file("data.bin", server.address("data.bin"));
  }

  private RemoteFile file(String name, URI address) {
    return new RemoteFile(name, address, checksum("SHA-256", content));
  }

  private Path target() {
    return folder.resolve("data.bin");
  }

  private Path part() {
    return folder.resolve(".data.bin.part");
  }

  private static Checksum checksum(String algorithm, byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance(algorithm).digest(bytes);
      return new Checksum(algorithm, HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
