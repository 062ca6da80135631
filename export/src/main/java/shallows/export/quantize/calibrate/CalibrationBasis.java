package shallows.export.quantize.calibrate;

import java.util.Map;
import java.util.Set;
import shallows.data.evaluation.Predictions;
import shallows.export.onnx.QdqOnnxWriter;
import shallows.export.quantize.Int8Form;
import shallows.export.quantize.Quantization;
import shallows.export.quantize.QuantizedGraph;
import shallows.model.graph.Graph;

/**
 * What a calibration has before it has any scales.
 *
 * @param asked the images that decide
 * @param exact what the network of floats answers to them
 */
record CalibrationBasis(
    CalibrationImages images, Int8Form form, HeldOutAnswers asked, Predictions exact) {
  QuantizedGraph quantized(
      Graph network,
      Map<String, Quantization> values,
      Map<String, float[]> biases,
      Set<String> floats) {
    return QuantizedGraph.of(network, values, biases, floats).with(form.weightScales());
  }

  Predictions answers(QuantizedGraph graph) {
    return asked.of(QdqOnnxWriter.bytes(graph));
  }
}
