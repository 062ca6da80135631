package shallows.export.verify;

import java.util.Arrays;
import java.util.Optional;
import shallows.export.ExportFormat;
import shallows.export.onnx.QdqOnnxWriter;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.WeightScales;
import shallows.export.quantize.simulate.IntegerArithmetic;
import shallows.export.quantize.simulate.OnnxRuntimeArithmetic;
import shallows.export.quantize.simulate.SimulatedQuantization;
import shallows.export.quantize.simulate.TfliteArithmetic;
import shallows.export.quantize.simulate.XnnpackArithmetic;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.export.runtime.RuntimeClassifier;
import shallows.export.runtime.TfliteClassifier;
import shallows.export.tflite.PackedFilters;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;

/**
 * The arithmetic of the runtimes of this process, where it is known. Runtimes choose their kernels
 * by processor: with or without multiplication and addition at once, with vectors of bytes that
 * saturate or do not, with other rounding of halves. So nothing is taken from the name of the
 * processor: a small network with one operation of each kind is run first, and only where it gives
 * the very integers of the simulation is the arithmetic taken as known.
 */
public final class RuntimeArithmetic {
  private RuntimeArithmetic() {}

  /**
   * The simulation that gives a file's outputs to the last integer; empty where this processor's
   * arithmetic is another one, or where the graph has an operation of which it is not known.
   *
   * @param packed whether the file holds binary weights as bits
   */
  public static Optional<SimulatedQuantization> simulation(
      ExportFormat format, boolean packed, QuantizedGraph quantized) {
    Graph graph = quantized.graph();
    return graph.nodes().stream()
                // Sums of floats differ in their last bits, and rounding behind them by a step.
                .allMatch(node -> !quantized.isFloat(node) && knows(format, packed, graph, node))
            && isOfThisProcessor(format, packed, quantized.weightScales())
        ? Optional.of(simulated(format, packed, quantized))
        : Optional.empty();
  }

  private static boolean knows(ExportFormat format, boolean packed, Graph graph, Node node) {
    return arithmetic(format, packed, graph, node)
        .knows(node.operation(), graph.shape(node.inputs().get(0)));
  }

  private static SimulatedQuantization simulated(
      ExportFormat format, boolean packed, QuantizedGraph quantized) {
    return new SimulatedQuantization(
        quantized, arithmetic(format), node -> arithmetic(format, packed, quantized.graph(), node));
  }

  private static IntegerArithmetic arithmetic(ExportFormat format) {
    return switch (format) {
      case ONNX -> new OnnxRuntimeArithmetic();
      case TFLITE -> new XnnpackArithmetic();
    };
  }

  /** XNNPACK takes no convolution whose filter is computed; ONNX Runtime computes it beforehand. */
  private static IntegerArithmetic arithmetic(
      ExportFormat format, boolean packed, Graph graph, Node node) {
    return format == ExportFormat.TFLITE && packed && PackedFilters.holds(graph, node)
        ? new TfliteArithmetic()
        : arithmetic(format);
  }

  private static boolean isOfThisProcessor(
      ExportFormat format, boolean packed, WeightScales scales) {
    QuantizedGraph probe = ProbeNetwork.create(scales);
    float[] images = ProbeNetwork.images();
    try (RuntimeClassifier runtime = open(format, packed, probe);
        SimulatedQuantization simulation = simulated(format, packed, probe)) {
      return Arrays.deepEquals(
          runtime.logits(images, ProbeNetwork.IMAGES),
          simulation.logits(images, ProbeNetwork.IMAGES));
    } catch (BadInputException e) {
      // A runtime that cannot run this at all runs nothing else that it would be needed for.
      return false;
    }
  }

  private static RuntimeClassifier open(ExportFormat format, boolean packed, QuantizedGraph probe) {
    TfliteOptions options = packed ? TfliteOptions.PACKED : TfliteOptions.STANDARD;
    return switch (format) {
      case ONNX -> OnnxRuntimeClassifier.open(QdqOnnxWriter.bytes(probe), "the probe", 1);
      case TFLITE -> TfliteClassifier.open(TfliteWriter.bytes(probe, options), "the probe", 1);
    };
  }
}
