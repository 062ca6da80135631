import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** A folder of pictures in two classes, of the names that are given: the second is brighter. */
final class Photos {
  private static final int IMAGES = 200;
  private static final int SIDE = 24;

  private Photos() {}

  public static void main(String[] arguments) throws Exception {
    Random random = new Random(1);
    for (int label = 0; label < 2; label++) {
      Path folder = Files.createDirectories(Path.of(arguments[0], arguments[1 + label]));
      for (int i = 0; i < IMAGES; i++) {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < SIDE; y++) {
          for (int x = 0; x < SIDE; x++) {
            int level = random.nextInt(128) + label * 128;
            image.setRGB(x, y, level << 16 | level << 8 | level);
          }
        }
        ImageIO.write(image, "png", folder.resolve("photo" + i + ".png").toFile());
      }
    }
  }
}
