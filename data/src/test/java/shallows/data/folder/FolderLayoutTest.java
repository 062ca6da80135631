package shallows.data.folder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static shallows.data.BadInput.assertRefused;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.data.DataOptions;
import shallows.data.DataSet;
import shallows.data.LabelledImages;
import shallows.data.LeftOut;
import shallows.data.SampleImages;
import shallows.data.decode.PictureBytes;
import shallows.model.progress.Progress;

class FolderLayoutTest {
  @TempDir Path folder;

  @Test
  void picturesInDeeperFoldersAreOfTheClassAbove() {
    pictures("cat/2023/summer", 3);
    pictures("cat", 2);
    pictures("dog/a/b/c/d", 5);
    DataSet data = read();
    assertEquals(List.of("cat", "dog"), data.classes());
    assertEquals(10, data.train().size() + data.test().size());
    List<String> sources =
        IntStream.range(0, data.train().size()).mapToObj(data.train()::source).toList();
    assertTrue(sources.stream().anyMatch(s -> s.startsWith("dog/a/b/c/d/")), sources.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"val", "valid", "validation", "VAL"})
  void validationIsHeldOutAndATestSetIsSetApartWhereThereIsNone(String held) {
    for (String name : List.of("cat", "dog")) {
      pictures("train/" + name, 10);
      pictures(held + "/" + name, 3);
    }
    DataSet data = read();
    assertEquals(6, data.heldOut().orElseThrow().size());
    assertEquals(16, data.train().size());
    assertEquals(4, data.test().size());
    for (String name : List.of("cat", "dog")) {
      pictures("test/" + name, 2);
    }
    DataSet all = read();
    assertEquals(6, all.heldOut().orElseThrow().size());
    assertEquals(20, all.train().size());
    assertEquals(4, all.test().size());
  }

  @Test
  void trainAloneGivesAFifthToTestOn() {
    pictures("train/cat", 10);
    pictures("train/dog", 10);
    DataSet data = read();
    assertTrue(data.heldOut().isEmpty());
    assertEquals(16, data.train().size());
    assertEquals(4, data.test().size());
  }

  @Test
  void namesOfPartsMayBeThoseOfClasses() {
    pictures("valid", 5);
    pictures("invalid", 5);
    assertEquals(List.of("invalid", "valid"), read().classes());
  }

  @Test
  void refusesTestWithoutTrainAndTwoOfAKind() {
    pictures("test/cat", 2);
    pictures("test/dog", 2);
    assertRefused(this::read, folder.resolve("train"), "beside test");
    pictures("train/cat", 2);
    pictures("train/dog", 2);
    pictures("val/cat", 2);
    pictures("valid/cat", 2);
    assertRefused(this::read, folder, "one folder of held-out images", "val and valid");
  }

  @Test
  void whatIsNoPictureIsLeftOutAndCountedByKind() throws IOException {
    pictures("cat", 3);
    pictures("dog", 3);
    pictures("", 2);
    for (String file :
        List.of(
            "cat/Thumbs.db",
            "cat/.DS_Store",
            "dog/._0.png",
            "dog/clip.MOV",
            "dog/clip2.mp4",
            "cat/labels.json",
            "README.md",
            "cat/model.bin",
            "cat/all.zip")) {
      Files.writeString(folder.resolve(file), "no picture");
    }
    Files.createDirectories(folder.resolve("__MACOSX/cat"));
    Files.write(
        folder.resolve("cat/IMG_0001"), PictureBytes.written(SampleImages.grey(4, 4, 7), "png"));
    DataSet data = read();
    assertEquals(7, data.train().size() + data.test().size());
    assertEquals(
        Map.of(
            LeftOut.SYSTEM,
            4,
            LeftOut.VIDEO,
            2,
            LeftOut.TEXT,
            2,
            LeftOut.ARCHIVE,
            1,
            LeftOut.OTHER,
            1,
            LeftOut.NO_CLASS,
            2),
        data.reading().leftOut());
  }

  @Test
  void namesInUpperCaseAreThoseOfPictures() throws IOException {
    pictures("cat", 2);
    pictures("dog", 2);
    Files.move(folder.resolve("cat/0.png"), folder.resolve("cat/IMG.PNG"));
    assertEquals(4, read().train().size() + read().test().size());
  }

  @Test
  void linksAreFollowedAndBrokenOnesTold() throws IOException {
    pictures("cat", 3);
    // What is hidden is no class.
    pictures(".elsewhere", 4);
    Path outside = folder.resolve(".elsewhere");
    Files.createSymbolicLink(folder.resolve("dog"), outside);
    Files.createSymbolicLink(folder.resolve("cat/round"), folder.resolve("cat"));
    DataSet data = read();
    assertEquals(7, data.train().size() + data.test().size());
    assertEquals(1, data.reading().leftOut().get(LeftOut.CIRCLE));
    Files.createSymbolicLink(folder.resolve("cat/gone.jpg"), folder.resolve("nowhere.jpg"));
    assertRefused(this::read, folder.resolve("cat/gone.jpg"), "no such file");
  }

  @Test
  void aLinkToAFolderThatTheClassLiesInBringsNoPicturesOfOthers() throws IOException {
    pictures("cat", 3);
    pictures("dog", 3);
    Files.createSymbolicLink(folder.resolve("cat/all"), folder);
    DataSet data = read();
    assertEquals(6, data.train().size() + data.test().size());
    assertEquals(1, data.reading().leftOut().get(LeftOut.CIRCLE));
    Files.createSymbolicLink(folder.resolve("self"), folder);
    assertRefused(this::read, folder.resolve("self"), "no picture");
  }

  @Test
  void aPartOfWhichNothingDecodesIsNotTakenForNone() throws IOException {
    pictures("train/cat", 3);
    pictures("train/dog", 3);
    for (String each : List.of("test/cat", "test/dog")) {
      Files.writeString(Files.createDirectories(folder.resolve(each)).resolve("0.png"), "broken");
    }
    DataOptions skipping = new DataOptions(OptionalInt.empty(), true, 1);
    assertRefused(
        () -> new ImageFolderReader(skipping, Progress.SILENT).read(folder, "data", "spec"),
        folder,
        "found 2 of 8 that do not");
  }

  @Test
  void everyPictureThatIsNotReadIsTold() throws IOException {
    pictures("cat", 6);
    pictures("dog", 4);
    byte[] heic = PictureBytes.concat(new byte[4], PictureBytes.latin("ftypheic"), new byte[99]);
    for (int i = 0; i < 5; i++) {
      Files.write(folder.resolve("cat/IMG_" + i + ".HEIC"), heic);
    }
    Files.writeString(folder.resolve("dog/x.jpg"), "broken");
    assertRefused(
        this::read,
        folder,
        "found 6 of 16 that do not",
        "cat/IMG_0.HEIC, cat/IMG_1.HEIC, cat/IMG_2.HEIC and 2 more: HEIC, as iPhones write it",
        "dog/x.jpg: does not decode (unknown format)",
        "skipBroken");
    DataSet data =
        new ImageFolderReader(new DataOptions(OptionalInt.empty(), true, 1), Progress.SILENT)
            .read(folder, "data", "spec");
    assertEquals(6, data.reading().broken().size());
    assertEquals("cat/IMG_4.HEIC: HEIC, as iPhones write it", data.reading().broken().get(4));
  }

  @Test
  void aTableNamesFilesAndLabels() throws IOException {
    pictures("images", 6);
    Path table =
        Files.writeString(
            folder.resolve("labels.csv"),
            "file,label,part\nimages/0.png,cat,train\n\"images/1.png\",\"dog, wet\",train\n"
                + "images/2.png,cat,val\nimages/3.png,\"dog, wet\",val\n"
                + "images/4.png,cat,test\nimages/5.png,\"dog, wet\",test\n");
    DataSet data = read(table);
    assertEquals(List.of("cat", "dog, wet"), data.classes());
    assertArrayEquals(new int[] {0, 1}, levels(data.train()));
    assertArrayEquals(new int[] {2, 3}, levels(data.heldOut().orElseThrow()));
    assertArrayEquals(new int[] {4, 5}, levels(data.test()));
    assertArrayEquals(new int[] {0, 1}, data.test().labels());
    assertEquals("images/4.png", data.test().source(0));
  }

  @Test
  void aTableThatIsWrongIsRefusedByItsLine() throws IOException {
    pictures("", 4);
    Path table = folder.resolve("labels.csv");
    Files.writeString(table, "0.png,a\n1.png\n");
    assertRefused(() -> read(table), table + ", line 2", "FILE,LABEL", "1.png");
    Files.writeString(table, "0.png,a,train\n1.png,b,rest\n");
    assertRefused(() -> read(table), table + ", line 2", "train|val|test");
    Files.writeString(table, "");
    assertRefused(() -> read(table), table, "lines of FILE,LABEL");
    Files.writeString(table, "0.png,a\n1.png,a\n2.png,b\n3.png,b\nlost.png,b\n");
    assertRefused(() -> read(table), folder.resolve("lost.png"), "no such file");
    Files.writeString(table, "lost.png,b\n0.png,a\n1.png,a\n2.png,b\n3.png,b\n");
    assertRefused(() -> read(table), folder.resolve("lost.png"), "no such file");
    Files.writeString(table, "0.png,a,training\n1.png,b,train\n");
    assertRefused(() -> read(table), table + ", line 1", "train|val|test", "training");
    Files.write(table, "0.png,caf\u00e9\n1.png,b\n".getBytes(StandardCharsets.ISO_8859_1));
    assertRefused(() -> read(table), table, "a table in UTF-8", "no text in UTF-8");
  }

  @Test
  void aFolderThatIsCalledAsAColumnIsNoPicture() throws IOException {
    pictures("image", 4);
    Path table =
        Files.writeString(
            folder.resolve("labels.csv"),
            "image,label\nimage/0.png,a\nimage/1.png,a\nimage/2.png,b\nimage/3.png,b\n");
    assertEquals(List.of("a", "b"), read(table).classes());
  }

  private DataSet read() {
    return read(folder);
  }

  private static DataSet read(Path path) {
    return new ImageFolderReader(DataOptions.ofSeed(1), Progress.SILENT).read(path, "data", "spec");
  }

  /** 0.png and so on, each of its own grey. */
  private void pictures(String in, int count) {
    for (int i = 0; i < count; i++) {
      SampleImages.write(folder.resolve(in).resolve(i + ".png"), SampleImages.grey(4, 4, i));
    }
  }

  private static int[] levels(LabelledImages images) {
    return IntStream.range(0, images.size()).map(i -> images.image(i)[0] & 0xff).toArray();
  }
}
