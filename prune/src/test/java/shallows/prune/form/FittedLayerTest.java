package shallows.prune.form;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;

class FittedLayerTest {
  private static final String CONV = "conv";
  private static final String NORM = "norm";
  private static final String FACTOR = "factor";

  /** What a norm subtracts is of values that a factor before it has multiplied. */
  @Test
  void aFactorCountsBehindTheNormAlone() {
    assertEquals(List.of(CONV, 0.5), fitted(CONV, NORM, FACTOR));
    assertEquals(List.of(CONV, 0.5), fitted(CONV, FACTOR));
    assertEquals(List.of(), fitted(CONV, FACTOR, NORM));
  }

  /** The layer and the factor. */
  private static List<Object> fitted(String... branch) {
    Shape image = Shape.of(2, 5, 5);
    GraphBuilder builder = new GraphBuilder("branch", image, Task.unnamed(image.size(), 2), 1);
    String value = builder.image();
    for (String node : branch) {
      value =
          switch (node) {
            case CONV -> builder.conv(CONV, value, 2, 3, Operation.Conv2d.of(1, 1));
            case NORM -> builder.batchNorm(NORM, value);
            default -> builder.add(FACTOR, new Operation.Scale(0.5f), value);
          };
    }
    String sum = builder.residual("block", builder.image(), value);
    Graph graph = builder.build(builder.add("flatten", new Operation.Flatten(), sum));
    return FittedLayer.atEnd(graph, graph.blocks().get(0))
        .map(layer -> List.<Object>of(layer.layer(), layer.factor()))
        .orElse(List.of());
  }
}
