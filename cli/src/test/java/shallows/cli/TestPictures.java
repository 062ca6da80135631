package shallows.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import shallows.data.LabelledImages;

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

  /** A folder's name for a class: the folders' order is that of the classes. */
  static List<String> folderNames(List<String> classes) {
    return IntStream.range(0, classes.size())
        .mapToObj(label -> label + " " + classes.get(label).replace('/', ' '))
        .toList();
  }

  /** Writes the first {@code ofEach} images of each class into a folder of the class. */
  static Path writeFolder(Path folder, int ofEach, LabelledImages images) throws IOException {
    List<String> names = folderNames(images.classes());
    for (int label = 0; label < names.size(); label++) {
      Path of = Files.createDirectories(folder.resolve(names.get(label)));
      int[] members = images.indicesOf(label);
      for (int n = 0; n < ofEach; n++) {
        BufferedImage image =
            new BufferedImage(images.width(), images.height(), BufferedImage.TYPE_BYTE_GRAY);
        byte[] grey = images.image(members[n]);
        image.getRaster().setDataElements(0, 0, images.width(), images.height(), grey);
        ImageIO.write(image, "png", of.resolve(n + ".png").toFile());
      }
    }
    return folder;
  }

  /** Deletes a folder of pictures. */
  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
