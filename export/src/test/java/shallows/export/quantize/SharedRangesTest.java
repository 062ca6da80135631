package shallows.export.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;

class SharedRangesTest {
  private static final Graph GRAPH = graph();

  private static Graph graph() {
    GraphBuilder builder = new GraphBuilder("ranges", Shape.of(2, 4, 4), Task.unnamed(2, 2), 1);
    String conv = builder.conv("conv", builder.image(), 2, 3, Operation.Conv2d.of(1, 1));
    String relu = builder.add("relu", new Operation.Relu(), conv);
    Extent two = Extent.square(2);
    String pool = builder.add("pool", new Operation.MaxPool(two, two, Extent.ZERO), relu);
    String faint = builder.conv("faint", pool, 2, 3, Operation.Conv2d.of(1, 1));
    String sum = builder.add("sum", new Operation.Add(), pool, faint);
    return builder.build(builder.add("flat", new Operation.Flatten(), sum));
  }

  private static Map<String, Quantization> quantizations() {
    Map<String, Range> alone = new HashMap<>();
    for (String value : QuantizedGraph.rounded(GRAPH).keySet()) {
      alone.put(value, new Range(-1, 2));
    }
    alone.put("relu", new Range(0, 4));
    alone.put("pool", new Range(0, 3));
    alone.put("faint", new Range(-1e-6, 1e-6));
    return SharedRanges.quantizations(GRAPH, alone, Int8Sums.ADD);
  }

  @Test
  void theValueBeforeAFusedReluIsNotRounded() {
    assertFalse(quantizations().containsKey("conv"));
  }

  @Test
  void aPoolAndAFlattenKeepTheScale() {
    Map<String, Quantization> found = quantizations();
    assertEquals(found.get("relu"), found.get("pool"));
    assertEquals(found.get("sum"), found.get("flat"));
    assertEquals(4f / 255, found.get("relu").scale());
  }

  @Test
  void whatCannotBeNegativeStartsAtZero() {
    assertEquals(0, quantizations().get("relu").zeroPoint());
  }

  @Test
  void termsOfASumAreNotFarFinerThanTheSum() {
    Map<String, Quantization> found = quantizations();
    double ratio = found.get("faint").scale() / found.get("sum").scale();
    assertTrue(ratio > 1.0 / 1024, () -> "XNNPACK refuses a ratio of " + ratio);
  }
}
