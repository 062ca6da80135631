package shallows.spark;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.model.onnx.write.OnnxWriter;

/** Networks that nobody has trained, and pictures of noise for them, grey and of 8 x 8 pixels. */
record SmallFiles(Path folder) {
  private static final Task TASK = new Task(List.of("cat", "dog"), List.of(0.3f), List.of(0.4f));

  Path onnx(String name, String network) {
    Path file = folder.resolve(name);
    OnnxWriter.write(Networks.create(network, Shape.of(1, 8, 8), TASK, 1), file);
    return file;
  }

  /**
   * @param part for example {@code "pictures/test"}
   * @param each how many of each class
   */
  void pictures(String part, int each) throws IOException {
    Random random = new Random(part.hashCode());
    for (String name : TASK.labels()) {
      Path of = Files.createDirectories(folder.resolve(part).resolve(name));
      for (int i = 0; i < each; i++) {
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
        byte[] grey = new byte[64];
        random.nextBytes(grey);
        image.getRaster().setDataElements(0, 0, 8, 8, grey);
        ImageIO.write(image, "png", of.resolve(i + ".png").toFile());
      }
    }
  }
}
