package shallows.train.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shallows.data.LabelledImages;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.train.TestImages;
import shallows.train.options.Compute;

class DropoutShiftTest {
  private final LabelledImages images = TestImages.of(40, 1);
  private final Task task = new Task(images.classes(), List.of(0.4f), List.of(0.25f));
  private final Shape image = Shape.of(1, images.height(), images.width());

  @ParameterizedTest
  @CsvSource({
    "wrn-10-1, false",
    "wrn-10-1-d0.3, true",
    "fmp-6-2, false",
    "fmp-6-2-d0.5, true",
    "resnet-8, false",
    "densenet-10-4, false"
  })
  void isInNetworksWhoseDropoutIsReadByABatchNorm(String name, boolean expected) {
    Graph graph = Networks.create(name, image, task, 1);
    assertEquals(expected, DropoutShift.isIn(graph));
  }

  @ParameterizedTest
  @CsvSource({"0.5, true, true", "0.5, false, false", "0, true, false"})
  void isNotInOneWhoseDropoutComesLastOrLeavesEverything(
      float rate, boolean before, boolean expected) {
    assertEquals(expected, DropoutShift.isIn(network(rate, before)));
  }

  @Test
  void onlySuchANetworkIsMeasuredAnew() {
    Graph last = network(0.5f, false);
    Graph before = network(0.5f, true);
    assertSame(last, DropoutShift.removed(last, images, Compute.cpu(1)));
    assertNotSame(before, DropoutShift.removed(before, images, Compute.cpu(1)));
  }

  /** One norm, with a dropout and a Relu before or behind it. */
  private Graph network(float rate, boolean before) {
    GraphBuilder builder = new GraphBuilder("network", image, task, 1);
    String x = builder.conv("conv", builder.image(), 2, 3, Operation.Conv2d.of(1, 1));
    x = before ? dropped(builder, x, rate) : x;
    x = builder.batchNorm("norm", x);
    x = before ? x : dropped(builder, x, rate);
    x = builder.add("pool", new Operation.GlobalAveragePool(), x);
    x = builder.add("flatten", new Operation.Flatten(), x);
    return builder.build(builder.linear("classifier", x, task.labels().size()));
  }

  private static String dropped(GraphBuilder builder, String x, float rate) {
    String masked = builder.add("dropout", new Operation.Dropout(rate), x);
    return builder.add("relu", new Operation.Relu(), masked);
  }
}
