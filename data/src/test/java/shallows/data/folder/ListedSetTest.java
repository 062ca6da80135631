package shallows.data.folder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static shallows.data.BadInput.assertRefused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.DataOptions;
import shallows.data.DataSet;
import shallows.data.LabelledImages;
import shallows.data.SampleImages;
import shallows.data.sets.DataSets;
import shallows.model.progress.Progress;

class ListedSetTest {
  private static final int SIZE = 6;

  @TempDir Path folder;

  @Test
  void partsThatAreDecodedElsewhereAreThoseOfTheWholeSet() throws IOException {
    pictures("train", 1);
    pictures("test", 5);
    DataSet whole =
        DataSets.open(
            folder.toString(), new DataOptions(OptionalInt.of(SIZE), false, 1), Progress.SILENT);
    ListedSet listed = DataSets.listed(folder.toString(), 3, SIZE).orElseThrow();

    assertEquals(whole.classes(), listed.train().classes());
    assertSame(whole.test(), listed.test().images());
    assertSame(whole.test().subset(3, 9), listed.test().subset(3, 9).images());
    assertSame(whole.test().evenly(4), listed.test().evenly(4).images());
    assertSame(whole.test(), ListedImages.of(whole.test(), folder).images());
  }

  private static void assertSame(LabelledImages expected, LabelledImages found) {
    assertEquals(expected.toString(), found.toString());
    assertArrayEquals(expected.labels(), found.labels());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.source(i), found.source(i));
      assertArrayEquals(expected.image(i), found.image(i));
    }
  }

  /** Where it stands for nothing but itself. */
  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void aBackslashInANameIsOne() throws IOException {
    pictures("train", 1);
    pictures("test", 1);
    Path test = folder.resolve("test/cat");
    Files.move(test.resolve("0.png"), test.resolve("a\\b.png"));
    LabelledImages listed =
        DataSets.listed(folder.toString(), 3, SIZE).orElseThrow().test().images();

    assertEquals("test/cat/a\\b.png", listed.source(0));
    assertSame(listed, ListedImages.of(listed, folder).images());
  }

  /** Which images those are depends on which decode. */
  @Test
  void isNoneWhereTestImagesAreYetToBeChosen() throws IOException {
    pictures("train", 4);
    assertEquals(Optional.empty(), DataSets.listed(folder.toString(), 3, SIZE));
    assertEquals(Optional.empty(), DataSets.listed(DataSets.FASHION_MNIST_MINI, 1, 28));
  }

  @Test
  void picturesOfColoursAreNoGreyOnes() throws IOException {
    pictures("train", 1);
    pictures("test", 2);
    LabelledImages grey = DataSets.listed(folder.toString(), 1, SIZE).orElseThrow().test().images();

    assertRefused(() -> grey.image(1), folder.resolve("test/cat/1.png"), "grey", "one of colours");
  }

  private void pictures(String part, int each) throws IOException {
    for (String name : List.of("cat", "dog")) {
      Path of = Files.createDirectories(folder.resolve(part).resolve(name));
      for (int i = 0; i < each; i++) {
        SampleImages.write(
            of.resolve(i + ".png"), SampleImages.colour(9 + i, 8, name.hashCode() + 999 * i));
      }
    }
  }
}
