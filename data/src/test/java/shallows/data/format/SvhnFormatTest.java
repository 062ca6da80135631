package shallows.data.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static shallows.data.BadInput.assertRefused;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.DataOptions;
import shallows.data.DataSet;
import shallows.data.LabelledImages;
import shallows.data.SampleImages;
import shallows.data.sets.DataSets;
import shallows.model.progress.Progress;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.MatlabType;
import us.hebi.matlab.mat.types.Matrix;

class SvhnFormatTest {
  private static final LabelledImages SET = SampleImages.random(20, 10, 3, 5, 4);

  @TempDir Path folder;

  @Test
  void readsImagesAndLabels() {
    write("train_32x32.mat", SET);
    write("test_32x32.mat", SET.subset(3, 7));
    DataSet data = open();
    assertEquals("0", data.classes().get(0));
    assertEquals(20, data.train().size());
    for (int i = 0; i < 20; i++) {
      assertEquals(SET.label(i), data.train().label(i));
      assertArrayEquals(SET.image(i), data.train().image(i));
    }
    assertArrayEquals(SET.image(5), data.test().image(2));
  }

  @Test
  void namesTheFileThatIsMissing() {
    write("train_32x32.mat", SET);
    assertRefused(this::open, folder.resolve("test_32x32.mat"), "missing");
  }

  @Test
  void refusesWhatIsNoMatlabFileOrCut() throws IOException {
    Path file = write("train_32x32.mat", SET);
    write("test_32x32.mat", SET);
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length += 97) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertRefused(this::open, file, "a MATLAB file");
    }
    Files.write(file, "no MATLAB file at all".repeat(20).getBytes());
    assertRefused(this::open, file, "a MATLAB file");
  }

  @Test
  void refusesMatricesThatDoNotFit() {
    write("test_32x32.mat", SET);
    Matrix labels = labels(SET);
    Path file = write("train_32x32.mat", Mat5.newMatFile().addArray("X", images(SET)));
    assertRefused(this::open, file, "X and y");
    write("train_32x32.mat", Mat5.newMatFile().addArray("X", labels).addArray("y", labels));
    assertRefused(this::open, file, "(H, W, 3, N)");
    Matrix few = labels(SET.subset(0, 19));
    write("train_32x32.mat", Mat5.newMatFile().addArray("X", images(SET)).addArray("y", few));
    assertRefused(this::open, file, "20 labels", "found 19");
    labels.setInt(4, 11);
    write("train_32x32.mat", Mat5.newMatFile().addArray("X", images(SET)).addArray("y", labels));
    assertRefused(this::open, file, "labels from 1 to 10", "11 at image 4");
    write("train_32x32.mat", Mat5.newMatFile().addArray("X", Mat5.newString("text")));
    assertRefused(this::open, file, "X and y");
  }

  @Test
  void refusesTestImagesOfAnotherSize() {
    write("train_32x32.mat", SET);
    Path file = write("test_32x32.mat", SampleImages.random(20, 10, 3, 4, 4));
    assertRefused(this::open, file, "5x4x3", "4x4x3");
  }

  private DataSet open() {
    return DataSets.open(folder.toString(), DataOptions.ofSeed(1), Progress.SILENT);
  }

  private Path write(String name, LabelledImages set) {
    return write(name, Mat5.newMatFile().addArray("X", images(set)).addArray("y", labels(set)));
  }

  private Path write(String name, MatFile content) {
    try {
      return Mat5.writeToFile(content, folder.resolve(name).toFile()).toPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Matrix images(LabelledImages set) {
    Matrix matrix =
        Mat5.newMatrix(new int[] {set.height(), set.width(), 3, set.size()}, MatlabType.UInt8);
    for (int i = 0; i < set.size(); i++) {
      byte[] image = set.image(i);
      for (int p = 0; p < image.length; p++) {
        int[] place = {p / 3 / set.width(), p / 3 % set.width(), p % 3, i};
        matrix.setByte(place, image[p]);
      }
    }
    return matrix;
  }

  /** As MATLAB's default, numbers of double precision; 10 for the digit 0. */
  private static Matrix labels(LabelledImages set) {
    Matrix matrix = Mat5.newMatrix(set.size(), 1);
    for (int i = 0; i < set.size(); i++) {
      matrix.setDouble(i, set.label(i) == 0 ? 10 : set.label(i));
    }
    return matrix;
  }
}
