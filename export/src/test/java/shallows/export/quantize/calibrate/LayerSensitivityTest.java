package shallows.export.quantize.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.export.ShakenNetworks;
import shallows.export.TestImages;
import shallows.export.onnx.QdqOnnxWriter;
import shallows.export.pass.ExportPasses;
import shallows.export.pass.ToConvolutions;
import shallows.export.quantize.Int8Form;
import shallows.export.quantize.QuantizedGraph;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Shape;
import shallows.model.onnx.write.OnnxWriter;

class LayerSensitivityTest {
  /** A number in the middle between two steps is rounded either way by a session of a part. */
  private static final double ROUNDINGS = 0.05;

  private static final int IMAGES = 20;

  @ParameterizedTest
  @ValueSource(strings = {"resnet-8-s2", "densenet-10-4"})
  void isThatOfTheWholeNetworkWithThisLayerAlone(String name) {
    Graph network =
        TestImages.centred(ExportPasses.all(ShakenNetworks.create(name, Shape.of(1, 28, 28))));
    LabelledImages images = TestImages.labelledBy(network, IMAGES);
    Calibration calibration =
        Calibration.run(network, CalibrationImages.of(0, images, images), Int8Form.STANDARD);
    QuantizedGraph plain = calibration.withFloats(Set.of(), Map.of());
    HeldOutAnswers asked = new HeldOutAnswers(network, images);
    Predictions right = asked.of(OnnxWriter.bytes(ToConvolutions.apply(network)));
    List<LayerCost> costs = calibration.layers();
    assertEquals(
        plain.operators().stream().map(Node::name).toList(),
        costs.stream().map(LayerCost::layer).toList());
    assertTrue(costs.stream().anyMatch(cost -> cost.divergence() > 0), costs.toString());
    double largest = costs.stream().mapToDouble(LayerCost::divergence).max().orElseThrow();
    Set<String> all = plain.operators().stream().map(Node::name).collect(Collectors.toSet());
    for (int i = 0; i < costs.size(); i += 3) {
      Set<String> others = new HashSet<>(all);
      others.remove(costs.get(i).layer());
      double whole = asked.of(QdqOnnxWriter.bytes(plain.withFloats(others))).klDivergence(right);
      assertEquals(whole, costs.get(i).divergence(), ROUNDINGS * largest, costs.get(i).layer());
    }
  }
}
