package shallows.data.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import shallows.data.DataSet;
import shallows.data.LabelledImages;
import shallows.data.decode.ImagePixels;
import shallows.model.BadInputException;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Source;
import us.hebi.matlab.mat.types.Sources;

/**
 * SVHN's MATLAB files: images {@code X} of {@code (H, W, 3, N)} and labels {@code y} of {@code (N,
 * 1)}, in which 10 stands for the digit 0. MATLAB counts the first axis fastest.
 *
 * @param train name of the file with the training images
 * @param test name of the file with the test images
 */
public record SvhnFormat(String train, String test) implements DataFormat {
  private static final List<String> DIGITS =
      IntStream.range(0, 10).mapToObj(Integer::toString).toList();
  private static final String IMAGES = "X";
  private static final String LABELS = "y";
  private static final int CHANNELS = 3;
  private static final String AGAIN = "copy or download it again";

  @Override
  public boolean isIn(Path folder) {
    return Files.exists(folder.resolve(train)) || Files.exists(folder.resolve(test));
  }

  @Override
  public DataSet read(Path folder, String name, String spec) {
    for (String file : List.of(train, test)) {
      if (!Files.exists(folder.resolve(file))) {
        throw DataFile.bad(
            folder.resolve(file),
            "the files " + train + " and " + test,
            "this one missing",
            "add it",
            null);
      }
    }
    LabelledImages training = read(folder.resolve(train), name + " train");
    LabelledImages testing = read(folder.resolve(test), name + " test");
    if (!training.shape().equals(testing.shape())) {
      throw DataFile.bad(
          folder.resolve(test),
          "images of the size of the training images, " + training.shape(),
          testing.shape(),
          "take both files from the same set",
          null);
    }
    return new DataSet(name, spec, training, testing);
  }

  private static LabelledImages read(Path file, String name) {
    try (Source source = Sources.openStreamingFile(file.toFile());
        MatFile content =
            Mat5.newReader(source)
                .disableSubsystemProcessing()
                .setEntryFilter(entry -> Set.of(IMAGES, LABELS).contains(entry.getName()))
                .readMat()) {
      Matrix images = content.getMatrix(IMAGES);
      return images(file, name, images, content.getMatrix(LABELS));
    } catch (BadInputException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The library throws almost anything at a file that is cut, damaged or none of MATLAB's.
      throw DataFile.bad(
          file,
          "a MATLAB file (version 5) with the matrices " + IMAGES + " and " + LABELS,
          "other content or a truncated file (" + e.getMessage() + ")",
          AGAIN,
          e);
    }
  }

  private static LabelledImages images(Path file, String name, Matrix images, Matrix labels) {
    int[] axes = images.getDimensions();
    if (axes.length != 4 || axes[2] != CHANNELS || Arrays.stream(axes).anyMatch(n -> n < 1)) {
      throw DataFile.bad(
          file, "images of the axes (H, W, 3, N)", Arrays.toString(axes), AGAIN, null);
    }
    int height = axes[0];
    int width = axes[1];
    int count = axes[3];
    if (labels.getNumElements() != count) {
      throw DataFile.bad(
          file,
          count + " labels, as many as images",
          Integer.toString(labels.getNumElements()),
          AGAIN,
          null);
    }
    int[] numbers = new int[count];
    for (int i = 0; i < count; i++) {
      int label = labels.getInt(i);
      if (label < 1 || label > DIGITS.size()) {
        throw DataFile.bad(
            file, "labels from 1 to " + DIGITS.size(), label + " at image " + i, AGAIN, null);
      }
      numbers[i] = label % DIGITS.size();
    }
    byte[] pixels = ImagePixels.room(file, count, CHANNELS, height, width);
    int in = 0;
    for (int i = 0; i < count; i++) {
      for (int c = 0; c < CHANNELS; c++) {
        for (int x = 0; x < width; x++) {
          for (int y = 0; y < height; y++) {
            pixels[((i * height + y) * width + x) * CHANNELS + c] = images.getByte(in++);
          }
        }
      }
    }
    return new LabelledImages(name, DIGITS, CHANNELS, height, width, pixels, numbers);
  }
}
