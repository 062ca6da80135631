package shallows.data.sets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static shallows.data.BadInput.assertRefused;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.DataSet;
import shallows.data.LabelledImages;
import shallows.data.SampleImages;
import shallows.data.download.Checksum;
import shallows.data.download.DownloadFolder;
import shallows.data.download.FileServer;
import shallows.data.download.RemoteFile;
import shallows.data.format.IdxFormat;
import shallows.data.format.IdxWriting;
import shallows.model.progress.Progress;

class PublishedDataSetTest {
  private static final List<String> FILES =
      List.of(
          "train-images-idx3-ubyte.gz",
          "train-labels-idx1-ubyte.gz",
          "t10k-images-idx3-ubyte.gz",
          "t10k-labels-idx1-ubyte.gz");

  @TempDir Path folder;
  private FileServer server;

  @BeforeEach
  void serve() throws Exception {
    LabelledImages digits = SampleImages.random(20, 10, 1, 6, 6);
    IdxWriting.writeSet(folder.resolve("served"), "train", ".gz", digits);
    IdxWriting.writeSet(folder.resolve("served"), "t10k", ".gz", digits.subset(0, 10));
    server = new FileServer();
    for (String name : FILES) {
      server.put("there/" + name, Files.readAllBytes(folder.resolve("served").resolve(name)));
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void isDownloadedOnceAndThenFound() throws Exception {
    DataSet data = digits("there/").open(cache(), Progress.SILENT);
    assertEquals("Digits", data.name());
    assertEquals("digits", data.spec());
    assertEquals(20, data.train().size());
    digits("there/").open(cache(), Progress.SILENT);
    assertEquals(4, server.requests().size());
  }

  @Test
  void anotherSourceServesWhereTheFirstDoesNot() throws Exception {
    DataSet data = digits("gone/", "there/").open(cache(), Progress.SILENT);
    assertEquals(10, data.test().size());
  }

  @Test
  void isReadWhereAPackageHasPutIt() throws Exception {
    PublishedDataSet installed =
        new PublishedDataSet(
            "digits",
            "Digits",
            "us",
            format(),
            List.of(folder.resolve("served")),
            List.of(List.of()));
    assertEquals(20, installed.open(cache(), Progress.SILENT).train().size());
    assertTrue(server.requests().isEmpty());
  }

  @Test
  void goesOnAfterADownloadOfSomeFiles() throws Exception {
    Path digits = Files.createDirectories(cache().resolve("digits"));
    Files.copy(folder.resolve("served").resolve(FILES.get(0)), digits.resolve(FILES.get(0)));
    digits("there/").open(cache(), Progress.SILENT);
    assertEquals(3, server.requests().size());
  }

  @Test
  void filesThatAPersonPutThereNeedNoNetwork() throws Exception {
    IdxWriting.writeSet(
        cache().resolve("digits"), "train", "", SampleImages.random(20, 10, 1, 6, 6));
    IdxWriting.writeSet(
        cache().resolve("digits"), "t10k", "", SampleImages.random(10, 10, 1, 6, 6));
    assertEquals(20, digits("gone/").open(cache(), Progress.SILENT).train().size());
    assertTrue(server.requests().isEmpty());
  }

  @Test
  void withoutANetworkTheErrorSaysWhichFileToPutWhere() throws Exception {
    PublishedDataSet digits = digits("gone/");
    Path place = cache().resolve("digits");
    assertRefused(
        () -> digits.open(cache(), Progress.SILENT),
        "digits: expected " + String.join(", ", FILES) + " in " + place + ", found none",
        "HTTP status 404",
        "get them from " + server.folder() + "gone/" + FILES.get(0),
        "put them there",
        "data FOLDER");
  }

  @Test
  void downloadsLieInTheUsersCacheOrWhereTheyAreWanted() {
    Path home = Path.of("/home/someone");
    assertEquals(home.resolve(".cache/shallows"), DownloadFolder.of(Map.of(), home));
    assertEquals(
        Path.of("/cache/shallows"), DownloadFolder.of(Map.of("XDG_CACHE_HOME", "/cache"), home));
    assertEquals(
        home.resolve(".cache/shallows"),
        DownloadFolder.of(Map.of("XDG_CACHE_HOME", "cache"), home));
    assertEquals(Path.of("/data"), DownloadFolder.of(Map.of("SHALLOWS_DATA", "/data"), home));
  }

  private PublishedDataSet digits(String... sources) throws Exception {
    List<List<RemoteFile>> all = new ArrayList<>();
    for (String source : sources) {
      List<RemoteFile> files = new ArrayList<>();
      for (String name : FILES) {
        byte[] content = Files.readAllBytes(folder.resolve("served").resolve(name));
        byte[] digest = MessageDigest.getInstance("MD5").digest(content);
        Checksum checksum = Checksum.md5(HexFormat.of().formatHex(digest));
        files.add(RemoteFile.in(server.folder() + source, name, checksum));
      }
      all.add(files);
    }
    return new PublishedDataSet("digits", "Digits", "us", format(), List.of(), all);
  }

  private static IdxFormat format() {
    return new IdxFormat(Optional.empty());
  }

  private Path cache() {
    return folder.resolve("cache");
  }
}
