package shallows.train.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import shallows.data.LabelledImages;
import shallows.model.BadInputException;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.network.Networks;
import shallows.model.progress.Progress;
import shallows.train.TestImages;
import shallows.train.inference.BatchNormStatistics;
import shallows.train.options.Compute;

class LeaveOneOutTest {
  @Test
  void aBlockWhoseBranchIsZeroIsWorthExactlyNothing() {
    Graph graph = TestImages.network(1);
    Block useless = graph.blocks().get(1);
    String norm = useless.name() + "/2/norm";
    int channels = graph.parameter(norm + "/scale").size();
    graph = graph.withParameters(Map.of(norm + "/scale", Tensor.vector(new float[channels])));
    Map<String, LeaveOneOut.Difference> differences =
        LeaveOneOut.measure(
            graph, TestImages.of(300, 1), TestImages.of(90, 2), Compute.cpu(2), Progress.SILENT);
    assertEquals(
        graph.blocks().stream().map(Block::name).toList(), List.copyOf(differences.keySet()));
    assertEquals(new LeaveOneOut.Difference(0, 0), differences.get(useless.name()));
    LeaveOneOut.Difference first = differences.get(graph.blocks().get(0).name());
    assertNotEquals(0.0, first.mean());
    assertTrue(first.standardError() > 0);
  }

  @Test
  void aLargeNetworkIsMeasuredOnFewerImages() {
    LabelledImages sample = TestImages.of(300, 1);
    Task task = new Task(List.of("a", "b", "c"), List.of(0.4f), List.of(0.25f));
    Graph large = Networks.create("bottleneck-50", Shape.of(1, 224, 224), task, 1);

    LabelledImages few = LeaveOneOut.affordable(large, sample);

    // In seven batches of ten, as many as there is memory for.
    assertEquals(70, few.size());
    assertEquals(70, BatchNormStatistics.images(large, few));
    assertEquals(sample.label(0), few.label(0));
    assertEquals(sample.label(69), few.label(69));
    assertSame(sample, LeaveOneOut.affordable(TestImages.network(1), sample));
    assertEquals(64, LeaveOneOut.images(4_100_000_000L, 151));
    assertEquals(50, LeaveOneOut.images(4_100_000_000L, 50));
    assertEquals(60_000, LeaveOneOut.images(250_000_000, 60_000));
    assertEquals(996, LeaveOneOut.images(251_000_000, 60_000));
  }

  @Test
  void aLossThatIsNoNumberIsOneLine() {
    Graph graph = TestImages.network(1);
    String block = graph.blocks().get(0).name();
    String norm = block + "/2/norm/scale";
    float[] broken = new float[graph.parameter(norm).size()];
    broken[0] = Float.NaN;
    Graph bad = graph.withParameters(Map.of(norm, Tensor.vector(broken)));

    String line =
        assertThrows(
                BadInputException.class,
                () ->
                    LeaveOneOut.measure(
                        bad,
                        TestImages.of(60, 1),
                        TestImages.of(30, 2),
                        Compute.cpu(1),
                        Progress.SILENT))
            .getMessage();

    assertTrue(line.startsWith("leave-one-out of block '" + block + "': expected"), line);
    assertTrue(line.contains("NaN"), line);
  }

  @Test
  void theErrorIsThatOfPairedDifferences() {
    // Differences 1, 2, 3: mean 2, deviation 1, over √3.
    LeaveOneOut.Difference difference =
        LeaveOneOut.Difference.of(new double[] {11, 22, 33}, new double[] {10, 20, 30});
    assertEquals(2, difference.mean(), 1e-12);
    assertEquals(1 / Math.sqrt(3), difference.standardError(), 1e-12);
  }
}
