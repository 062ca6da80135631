package shallows.export.quantize.calibrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.LabelledImages;
import shallows.export.ShakenNetworks;
import shallows.export.TestImages;
import shallows.export.onnx.QdqOnnxWriter;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.Int8Form;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

class FloatLayersTest {
  /** How much larger than the others one channel inside a block is: it takes all levels. */
  private static final float OUTLIER = 3000;

  /** A network of random weights is unsure, so that rounding anything costs something. */
  private static final double BOUND = 15;

  private static final Graph NETWORK =
      TestImages.centred(
          ExportPasses.all(ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28))));

  private static final LabelledImages IMAGES = TestImages.labelledBy(NETWORK, 150);

  @TempDir private Path folder;

  @Test
  void thoseThatEightBitsAreBadForComputeInFloatsAgain() {
    Set<String> bad = new HashSet<>();
    Graph spoiled = withOutliers(NETWORK, bad);
    CalibrationImages images = CalibrationImages.of(0, IMAGES, IMAGES);
    Calibration calibration = Calibration.run(spoiled, images, Int8Form.STANDARD);
    Calibrated full = calibration.calibrated();
    assertTrue(full.pointsLost() > 2 * BOUND, full.pointsLost() + " lost");
    Calibrated within = FloatLayers.within(calibration, BOUND);
    assertTrue(within.pointsLost() <= BOUND, within.pointsLost() + " lost");
    assertTrue(within.floats().size() < within.layers().size() / 2, within.layers().toString());
    LayerCost worst =
        within.layers().stream()
            .max(Comparator.comparingDouble(LayerCost::divergence))
            .orElseThrow();
    assertTrue(bad.contains(worst.layer()), worst + " of " + bad);
    assertTrue(worst.inFloats());
    Path file = folder.resolve("scales.json");
    within.write(file);
    assertArrayEquals(
        QdqOnnxWriter.bytes(within.graph()), QdqOnnxWriter.bytes(Calibrated.read(file, spoiled)));
  }

  @Test
  void nothingIsGivenBackWhereTheBoundHolds() {
    CalibrationImages images = CalibrationImages.of(0, IMAGES, IMAGES);
    Calibration calibration = Calibration.run(NETWORK, images, Int8Form.STANDARD);
    Calibrated full = calibration.calibrated();
    assertSame(full, FloatLayers.within(calibration, 100));
    assertFalse(full.graph().operators().stream().anyMatch(full.graph()::isFloat));
  }

  /**
   * Answers as before: what one layer multiplies, the next takes back.
   *
   * @param bad gets the layers around such values
   */
  private static Graph withOutliers(Graph graph, Set<String> bad) {
    Map<String, Tensor> changed = new HashMap<>();
    for (Block block : graph.blocks()) {
      Node second = graph.node(block.branch());
      Node first = graph.node(graph.node(second.inputs().get(0)).inputs().get(0));
      bad.add(first.name());
      bad.add(second.name());
      for (String name : first.inputs().subList(1, 3)) {
        changed.put(name, scaled(graph.parameter(name), 0, OUTLIER));
      }
      String weight = second.inputs().get(1);
      changed.put(weight, scaled(graph.parameter(weight), 1, 1 / OUTLIER));
    }
    return graph.withParameters(changed);
  }

  /** All of the first index along an axis times a factor. */
  static Tensor scaled(Tensor tensor, int axis, float factor) {
    float[] values = tensor.values().clone();
    int outputs = tensor.shape().dimension(0);
    int perOutput = values.length / outputs;
    int perInput = axis == 0 ? perOutput : perOutput / tensor.shape().dimension(1);
    for (int o = 0; o < (axis == 0 ? 1 : outputs); o++) {
      for (int i = 0; i < perInput; i++) {
        values[o * perOutput + i] *= factor;
      }
    }
    return new Tensor(tensor.shape(), values);
  }
}
