package shallows.train;

import java.util.List;
import java.util.Random;
import shallows.data.LabelledImages;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.model.network.SurvivalSchedule;

/** Small images that are easy to tell apart, and a small network for them. */
public final class TestImages {
  public static final int SIDE = 12;
  private static final List<String> CLASSES = List.of("left", "right", "top");

  private TestImages() {}

  /** Grey noise with one bright half, a third of the images of each class. */
  public static LabelledImages of(int count, long seed) {
    Random random = new Random(seed);
    byte[] pixels = new byte[count * SIDE * SIDE];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = i % CLASSES.size();
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          boolean bright =
              switch (labels[i]) {
                case 0 -> x < SIDE / 2;
                case 1 -> x >= SIDE / 2;
                default -> y < SIDE / 2;
              };
          pixels[(i * SIDE + y) * SIDE + x] = (byte) (random.nextInt(128) + (bright ? 100 : 0));
        }
      }
    }
    return new LabelledImages("test images", CLASSES, 1, SIDE, SIDE, pixels, labels);
  }

  /** Six blocks with survival probabilities down to a half. */
  public static Graph network(long seed) {
    Task task = new Task(CLASSES, List.of(0.4f), List.of(0.25f));
    Graph graph = Networks.create("resnet-14-s2", Shape.of(1, SIDE, SIDE), task, seed);
    return SurvivalSchedule.parse("linear:0.5").applyTo(graph);
  }
}
