package shallows.train.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import shallows.train.options.Compute;
import shallows.train.options.Optimizer;

class NesterovSgdTest {
  /** After 20 steps of a few roundings of 6e-8 each on weights of about 1. */
  private static final double TOLERANCE = 1e-5;

  private static final int SIZE = 37;
  private static final StepRates RATES = new StepRates(0.1, Optimizer.of(0.9, 0.01));

  @Test
  void takesTheStepsOfPyTorchsFormula() {
    Random random = new Random(1);
    double[] w = random.doubles(SIZE, -1, 1).toArray();
    double[] v = new double[SIZE];
    try (NDManager manager = Torch.manager(Compute.cpu(1))) {
      NDArray weights = manager.create(floats(w));
      NesterovSgd optimizer =
          new NesterovSgd(List.of(weights), List.of(manager.zeros(weights.getShape())), 1);
      for (int step = 0; step < 20; step++) {
        double[] g = random.doubles(SIZE, -1, 1).toArray();
        for (int i = 0; i < SIZE; i++) {
          double d = g[i] + 0.01 * w[i];
          v[i] = 0.9 * v[i] + d;
          w[i] -= 0.1 * (d + 0.9 * v[i]);
        }
        update(optimizer, List.of(manager.create(floats(g))), new boolean[] {true}, RATES, manager);
      }
      float[] found = weights.toFloatArray();
      for (int i = 0; i < SIZE; i++) {
        assertEquals(w[i], found[i], TOLERANCE);
      }
    }
  }

  @Test
  void leavesAGroupThatWasOffAlone() {
    try (NDManager manager = Torch.manager(Compute.cpu(1))) {
      NDArray on = manager.create(new float[] {1, 2});
      NDArray off = manager.create(new float[] {3, 4});
      NDArray coasting = manager.create(new float[] {5, 6});
      NesterovSgd optimizer =
          new NesterovSgd(List.of(on, off), List.of(manager.zeros(on.getShape()), coasting), 1, 1);
      update(
          optimizer,
          List.of(manager.ones(on.getShape()), manager.ones(off.getShape())),
          new boolean[] {true, false},
          RATES,
          manager);
      assertArrayEquals(new float[] {3, 4}, off.toFloatArray());
      assertArrayEquals(new float[] {5, 6}, coasting.toFloatArray());
    }
  }

  @Test
  void aGroupThatCoastsDecaysAndGoesOnByItsVelocity() {
    Optimizer coasts = RATES.optimizer().withOffBlocks(Optimizer.OffBlocks.COAST);
    try (NDManager manager = Torch.manager(Compute.cpu(1))) {
      NDArray weight = manager.create(new float[] {3});
      NDArray velocity = manager.create(new float[] {5});
      update(
          new NesterovSgd(List.of(weight), List.of(velocity), 1),
          List.of(manager.zeros(weight.getShape())),
          new boolean[] {false},
          new StepRates(0.1, coasts),
          manager);
      // d = 0.01·3, v = 0.9·5 + d, w = 3 − 0.1·(d + 0.9·v).
      assertEquals(4.53, velocity.getFloat(), TOLERANCE);
      assertEquals(3 - 0.1 * (0.03 + 0.9 * 4.53), weight.getFloat(), TOLERANCE);
    }
  }

  @Test
  void aGroupLearnsAtItsOwnShareOfTheRate() {
    try (NDManager manager = Torch.manager(Compute.cpu(1))) {
      NDArray trunk = manager.create(new float[] {1});
      NDArray head = manager.create(new float[] {1});
      NesterovSgd optimizer =
          new NesterovSgd(
              List.of(trunk, head),
              List.of(manager.zeros(trunk.getShape()), manager.zeros(head.getShape())),
              0.25,
              1);
      update(
          optimizer,
          List.of(manager.ones(trunk.getShape()), manager.ones(head.getShape())),
          new boolean[] {true, true},
          RATES,
          manager);
      // d = 1.01, v = d, so each moves by its rate times 1.9·d.
      assertEquals(1 - 0.1 * 1.9 * 1.01, head.getFloat(), TOLERANCE);
      assertEquals(1 - 0.025 * 1.9 * 1.01, trunk.getFloat(), TOLERANCE);
    }
  }

  @Test
  void clipsAGradientThatIsTooLongAndNoOther() {
    try (NDManager manager = Torch.manager(Compute.cpu(1))) {
      NDArray gradient = manager.create(new float[] {3, -4});
      NesterovSgd.clip(gradient, 6, manager);
      assertArrayEquals(new float[] {3, -4}, gradient.toFloatArray());
      NesterovSgd.clip(gradient, 1, manager);
      assertArrayEquals(new float[] {0.6f, -0.8f}, gradient.toFloatArray(), (float) TOLERANCE);
      NDArray nothing = manager.zeros(gradient.getShape());
      NesterovSgd.clip(nothing, 1, manager);
      assertArrayEquals(new float[] {0, 0}, nothing.toFloatArray());
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** In two pieces. */
  private static void update(
      NesterovSgd optimizer,
      List<NDArray> gradients,
      boolean[] active,
      StepRates rates,
      NDManager manager) {
    optimizer.pieces(gradients, active, rates, manager, 2).forEach(Runnable::run);
  }
}
