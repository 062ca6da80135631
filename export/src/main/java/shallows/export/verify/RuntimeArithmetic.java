package shallows.export.verify;

import java.util.Arrays;
import java.util.Optional;
import shallows.export.ExportFormat;
import shallows.export.quantize.QdqOnnxWriter;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.export.runtime.RuntimeClassifier;
import shallows.export.runtime.TfliteClassifier;
import shallows.export.simulate.IntegerArithmetic;
import shallows.export.simulate.OnnxRuntimeArithmetic;
import shallows.export.simulate.SimulatedQuantization;
import shallows.export.simulate.TfliteArithmetic;
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
   * That in which a runtime computes a graph, to the last integer; empty where this processor's is
   * another one, or where the graph has an operation of which that is not known.
   *
   * @param graph of convolutions
   */
  public static Optional<IntegerArithmetic> of(ExportFormat format, Graph graph) {
    IntegerArithmetic arithmetic =
        switch (format) {
          case ONNX -> new OnnxRuntimeArithmetic();
          case TFLITE -> new TfliteArithmetic();
        };
    return graph.nodes().stream().allMatch(node -> knows(arithmetic, graph, node))
            && isOfThisProcessor(format, arithmetic)
        ? Optional.of(arithmetic)
        : Optional.empty();
  }

  private static boolean knows(IntegerArithmetic arithmetic, Graph graph, Node node) {
    return arithmetic.knows(node.operation(), graph.shape(node.inputs().get(0)));
  }

  private static boolean isOfThisProcessor(ExportFormat format, IntegerArithmetic arithmetic) {
    QuantizedGraph probe = ProbeNetwork.create();
    float[] images = ProbeNetwork.images();
    try (RuntimeClassifier runtime = open(format, probe);
        SimulatedQuantization simulation = new SimulatedQuantization(probe, arithmetic)) {
      return Arrays.deepEquals(
          runtime.logits(images, ProbeNetwork.IMAGES),
          simulation.logits(images, ProbeNetwork.IMAGES));
    } catch (BadInputException e) {
      // A runtime that cannot run this at all runs nothing else that it would be needed for.
      return false;
    }
  }

  private static RuntimeClassifier open(ExportFormat format, QuantizedGraph probe) {
    return switch (format) {
      case ONNX -> OnnxRuntimeClassifier.open(QdqOnnxWriter.bytes(probe), "the probe", 1);
      case TFLITE -> TfliteClassifier.open(TfliteWriter.bytes(probe), "the probe", 1);
    };
  }
}
