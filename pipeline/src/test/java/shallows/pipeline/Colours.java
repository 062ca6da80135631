package shallows.pipeline;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;

/** Pictures whose classes are colours, and a network whose features are just those. */
final class Colours {
  static final int SIDE = 8;

  private Colours() {}

  /** On the means of three colours and of their opposites, behind a block. */
  static Graph network(Task task) {
    return network(task, SIDE, 1);
  }

  /** For images of any width, and behind any number of blocks. */
  static Graph network(Task task, int width, int blocks) {
    float[] weight = new float[18];
    for (int c = 0; c < 3; c++) {
      weight[3 * c + c] = 1;
      weight[3 * (c + 3) + c] = -1;
    }
    return network(task, width, blocks, new Tensor(Shape.of(6, 3, 1, 1), weight));
  }

  /** On six other features of each pixel, {@code (6, C, 1, 1)}. */
  static Graph network(Task task, int width, int blocks, Tensor features) {
    Shape image = Shape.of(features.shape().dimension(1), SIDE, width);
    GraphBuilder builder = new GraphBuilder("colours", image, task, 1);
    String x =
        builder.add(
            "colours",
            Operation.Conv2d.of(1, 0),
            builder.image(),
            builder.parameter("colours/weight", features));
    for (int b = 0; b < blocks; b++) {
      String own = b == 0 ? "" : String.valueOf(b);
      String branch =
          builder.batchNorm(
              "norm" + own, builder.conv("conv" + own, x, 6, 3, Operation.Conv2d.of(1, 1)));
      branch = builder.add("tenth" + own, new Operation.Scale(0.1f), branch);
      x = builder.residual("block" + own, x, branch);
    }
    x = builder.add("mean", new Operation.GlobalAveragePool(), x);
    x = builder.add("vector", new Operation.Flatten(), x);
    return builder.build(builder.linear("classes", x, task.labels().size()));
  }

  /** Noise in which the colour of the class is brighter. */
  static Path pictures(Path folder, List<String> classes) throws IOException {
    return pictures(folder, classes, 60);
  }

  /**
   * Likewise.
   *
   * @param each how many of each class
   */
  static Path pictures(Path folder, List<String> classes, int each) throws IOException {
    Random random = new Random(1);
    for (int label = 0; label < classes.size(); label++) {
      Path of = Files.createDirectories(folder.resolve(classes.get(label)));
      for (int i = 0; i < each; i++) {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        for (int p = 0; p < SIDE * SIDE; p++) {
          int colour = 0;
          for (int c = 0; c < 3; c++) {
            colour |= (random.nextInt(128) + (c == label ? 100 : 0)) << 8 * c;
          }
          image.setRGB(p % SIDE, p / SIDE, colour);
        }
        ImageIO.write(image, "png", of.resolve(i + ".png").toFile());
      }
    }
    return folder;
  }
}
