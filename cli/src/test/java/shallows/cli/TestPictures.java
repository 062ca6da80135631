package shallows.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Small pictures that do not need a data set. */
final class TestPictures {
  private TestPictures() {}

  /** Writes a PNG of random colours and returns its path. */
  static Path write(Path file, int width, int height, long seed) throws IOException {
    Random random = new Random(seed);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, random.nextInt(1 << 24));
      }
    }
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  /** Writes {@code <class>/<n>.png} of 8 × 8 pixels for each class. */
  static Path writeFolder(Path folder, int ofEach, String... classes) throws IOException {
    for (String name : classes) {
      for (int i = 0; i < ofEach; i++) {
        write(folder.resolve(name).resolve(i + ".png"), 8, 8, name.hashCode() + i);
      }
    }
    return folder;
  }
}
