package shallows.prune.form;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.graph.TestGraphs;
import shallows.model.interpreter.Interpreter;
import shallows.model.network.Networks;

class ChannelPruningTest {
  /** Sums of the same numbers, some zeros less among them. */
  private static final float ROUNDING = 1e-5f;

  private final Graph graph =
      TestGraphs.shaken(
          Networks.create("resnet-14-s2", Shape.of(1, 16, 16), Task.unnamed(3, 1), 1), 7);

  @Test
  void keepingEverythingChangesNothing() {
    assertEquals(graph.parameters().keySet(), ChannelPruning.keep(graph, 1).parameters().keySet());
    assertArrayEquals(run(graph), run(ChannelPruning.keep(graph, 1)));
  }

  @Test
  void takesWhatHasTheSmallestFiltersAndLeavesTheShortcutsAlone() {
    // Half of the filters of one block give zeros behind their norm: without them it is the same.
    String block = "stage2/block02";
    Map<String, Tensor> changed = new HashMap<>();
    for (String parameter : new String[] {"/1/conv/weight", "/1/norm/scale", "/1/norm/bias"}) {
      Tensor tensor = graph.parameter(block + parameter);
      float[] values = tensor.values().clone();
      int size = values.length / tensor.shape().dimension(0);
      for (int i = 0; i < values.length; i++) {
        values[i] = i / size % 2 == 0 ? values[i] : 0;
      }
      changed.put(block + parameter, new Tensor(tensor.shape(), values));
    }
    Graph halved = graph.withParameters(changed);
    Graph narrow = ChannelPruning.keep(halved, 0.5);
    Map<String, Tensor> others = new HashMap<>();
    narrow.parameters().keySet().stream()
        .filter(name -> name.startsWith(block))
        .forEach(name -> others.put(name, narrow.parameter(name)));
    assertEquals(16, narrow.parameter(block + "/1/conv/weight").shape().dimension(0));
    assertEquals(16, narrow.parameter(block + "/2/conv/weight").shape().dimension(1));
    assertEquals(
        graph.parameter(block + "/2/conv/weight").shape().dimension(0),
        narrow.parameter(block + "/2/conv/weight").shape().dimension(0));
    float[] kept = narrow.parameter(block + "/1/conv/weight").values();
    for (int i = 0; i < kept.length; i += kept.length / 16) {
      assertTrue(kept[i] != 0);
    }
  }

  @Test
  void withoutChannelsThatAreZeroTheOutputIsTheSame() {
    Map<String, Tensor> changed = new HashMap<>();
    graph
        .parameters()
        .forEach(
            (name, tensor) -> {
              if (name.matches(".*/1/(conv/weight|norm/scale|norm/bias)")) {
                float[] values = tensor.values().clone();
                int size = values.length / tensor.shape().dimension(0);
                for (int i = 0; i < values.length; i++) {
                  values[i] = i / size % 2 == 0 ? values[i] : 0;
                }
                changed.put(name, new Tensor(tensor.shape(), values));
              }
            });
    Graph halved = graph.withParameters(changed);
    assertArrayEquals(run(halved), run(ChannelPruning.keep(halved, 0.5)), ROUNDING);
  }

  @Test
  void reachesTheMacsThatWereAskedFor() {
    long full = Cost.of(graph).macs();
    for (double share : new double[] {0.75, 0.5, 0.35}) {
      long macs = Cost.of(ChannelPruning.toMacs(graph, (long) (share * full))).macs();
      assertTrue(macs <= share * full);
      // A channel of the widest block is worth a few percent of this small network.
      assertTrue(macs >= (share - 0.06) * full, macs + " of " + full);
    }
  }

  private float[] run(Graph network) {
    return Interpreter.run(network, TestGraphs.input(network, 2)).values();
  }
}
