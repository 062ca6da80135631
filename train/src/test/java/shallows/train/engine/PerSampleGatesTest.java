package shallows.train.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.network.SurvivalSchedule;
import shallows.train.options.Compute;
import shallows.train.options.Optimizer;

/** On networks without batch norm, whose images know nothing of each other. */
class PerSampleGatesTest {
  private static final int COUNT = 4;
  private static final StepRates RATES = new StepRates(0.1, Optimizer.of(0.9, 1e-2));

  /** A few sums of float products. */
  private static final float ROUNDING = 1e-5f;

  /** Image by image, the gates of two blocks. */
  private static final boolean[][] ROWS = {
    {true, true}, {true, false}, {false, true}, {false, false}
  };

  @Test
  void anImageIsComputedAsIfItsGatesWereThoseOfTheBatch() {
    Graph graph = network(2);
    float[] mixed = logits(graph, Gates.perSample(columns(ROWS)), 1);
    for (int i = 0; i < COUNT; i++) {
      float[] alone = logits(graph, Gates.perBatch(ROWS[i]), 1);
      assertArrayEquals(row(alone, i), row(mixed, i), ROUNDING);
    }
  }

  @Test
  void partsOfABatchTakeTheirImagesGates() {
    Graph graph = network(2);
    assertArrayEquals(
        logits(graph, Gates.perSample(columns(ROWS)), 1),
        logits(graph, Gates.perSample(columns(ROWS)), 2),
        ROUNDING);
  }

  @Test
  void theExportedFactorIsTheExpectationOverTheGates() {
    // One block before a linear layer: the mean over its gate is the branch times p, exactly.
    Graph graph = SurvivalSchedule.parse("per-sample:0.7").applyTo(network(1));
    float[] scaled = logits(graph, Gates.SCALED, 1);
    float[] on = logits(graph, Gates.perSample(new boolean[][] {{true, true, true, true}}), 1);
    float[] off = logits(graph, Gates.perSample(new boolean[][] {{false, false, false, false}}), 1);
    for (int k = 0; k < scaled.length; k++) {
      assertEquals(0.7f * on[k] + 0.3f * off[k], scaled[k], ROUNDING);
    }
  }

  @Test
  void anImageWithoutABranchGivesItNoGradient() {
    Graph graph = network(1);
    boolean[][] first = {{true, false, false, false}};
    Map<String, Tensor> found = gradient(graph, Gates.perSample(first), targets(graph));
    // Only the first image's loss counts for the branch: the others' targets can be anything.
    float[] others = targets(graph);
    Arrays.fill(others, graph.classes(), others.length, 0.3f);
    Map<String, Tensor> changed = gradient(graph, Gates.perSample(first), others);
    assertArrayEquals(
        found.get("block1/conv/weight").values(),
        changed.get("block1/conv/weight").values(),
        ROUNDING);
  }

  private static Map<String, Tensor> gradient(Graph graph, Gates gates, float[] targets) {
    try (TorchTraining training = new TorchTraining(graph, 1, Compute.cpu(2))) {
      return training.gradient(new StepInput(pixels(graph), targets, COUNT, gates, 0));
    }
  }

  private static float[] logits(Graph graph, Gates gates, int parts) {
    try (TorchTraining training = new TorchTraining(graph, parts, Compute.cpu(2))) {
      return training.step(new StepInput(pixels(graph), targets(graph), COUNT, gates, 0), RATES);
    }
  }

  private static float[] row(float[] logits, int image) {
    int classes = logits.length / COUNT;
    return Arrays.copyOfRange(logits, image * classes, (image + 1) * classes);
  }

  private static boolean[][] columns(boolean[][] rows) {
    boolean[][] columns = new boolean[rows[0].length][rows.length];
    for (int i = 0; i < rows.length; i++) {
      for (int b = 0; b < columns.length; b++) {
        columns[b][i] = rows[i][b];
      }
    }
    return columns;
  }

  private static float[] pixels(Graph graph) {
    return Batches.channelsLast(Batches.normal(graph, COUNT, 2));
  }

  private static float[] targets(Graph graph) {
    return Batches.targets(graph, COUNT, 3);
  }

  private static Graph network(int blocks) {
    GraphBuilder builder = new GraphBuilder("plain", Shape.of(2, 6, 6), Task.unnamed(3, 2), 4);
    String x = builder.image();
    for (int b = 1; b <= blocks; b++) {
      String branch = builder.conv("block" + b + "/conv", x, 2, 3, Operation.Conv2d.of(1, 1));
      x = builder.residual("block" + b, x, branch);
    }
    x = builder.add("flatten", new Operation.Flatten(), x);
    return builder.build(builder.linear("classifier", x, 3));
  }
}
