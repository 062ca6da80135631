package shallows.bench;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import shallows.data.DataCheck;
import shallows.data.DataOptions;
import shallows.data.DataSet;
import shallows.data.sets.DataSets;
import shallows.model.progress.Progress;

/**
 * What many photos take: how much memory is resident at most and how long it takes while a folder
 * of them is opened, which decodes each once, and how long the check before a training takes then.
 * Most of them are hard links to a few that are made for it.
 */
public final class ManyPhotos {
  private static final int DIFFERENT = 8;
  private static final int SHAPES = 200;

  /** As networks for photos take them. */
  private static final int SIZE = 64;

  private ManyPhotos() {}

  /**
   * @param arguments width and height of the photos in pixels, then how many in each folder
   */
  public static void main(String[] arguments) throws IOException {
    int width = Arguments.number(arguments, 0, 4000);
    int height = Arguments.number(arguments, 1, 3000);
    for (int i = 2; i < arguments.length; i++) {
      Path folder = Files.createTempDirectory("many-photos");
      try {
        measure(folder, width, height, Integer.parseInt(arguments[i]));
      } finally {
        delete(folder);
      }
    }
  }

  private static void measure(Path folder, int width, int height, int count) throws IOException {
    long bytes = make(folder, width, height, count);
    DataOptions options = new DataOptions(OptionalInt.of(SIZE), false, 1);
    StepCost.Measured<DataSet> opened =
        StepCost.of("", () -> DataSets.open(folder.toString(), options, Progress.SILENT));
    StepCost.Measured<DataCheck> checked =
        StepCost.of("", () -> DataCheck.of(opened.result(), Optional.of(DataCheck.SizedBy.ASKED)));
    System.out.printf(
        Locale.ROOT,
        "%d photos of %dx%d, %.1f MB each: opened in %.0f s (%.0f s of processors), at most %.0f MB"
            + " resident; checked in %.3f s of processors%n",
        checked.result().images(),
        width,
        height,
        bytes / 1e6,
        opened.cost().seconds(),
        opened.cost().processorSeconds(),
        opened.cost().peakMegabytes(),
        checked.cost().processorSeconds());
  }

  /** Returns the size of a photo, in bytes. */
  private static long make(Path folder, int width, int height, int count) throws IOException {
    List<Path> classes = List.of(folder.resolve("first"), folder.resolve("second"));
    for (Path of : classes) {
      Files.createDirectory(of);
    }
    for (int i = 0; i < count; i++) {
      Path file = classes.get(i % 2).resolve(i + ".jpg");
      if (i < DIFFERENT) {
        ImageIO.write(photo(width, height, i), "jpg", file.toFile());
      } else {
        int made = i % DIFFERENT;
        Files.createLink(file, classes.get(made % 2).resolve(made + ".jpg"));
      }
    }
    return Files.size(classes.get(0).resolve("0.jpg"));
  }

  private static BufferedImage photo(int width, int height, long seed) {
    Random random = new Random(seed);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    for (int i = 0; i < SHAPES; i++) {
      graphics.setColor(new Color(random.nextInt(1 << 24)));
      graphics.fillOval(
          random.nextInt(width),
          random.nextInt(height),
          1 + random.nextInt(width / 2),
          1 + random.nextInt(height / 2));
    }
    graphics.dispose();
    return image;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
