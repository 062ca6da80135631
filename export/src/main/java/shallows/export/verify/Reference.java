package shallows.export.verify;

import shallows.data.evaluation.Predictions;
import shallows.export.ExportedNetwork;
import shallows.model.graph.Graph;

/**
 * What a graph answers, before anything was done to it for export.
 *
 * @param all in ONNX Runtime, on all test images
 * @param oracle in the plain interpreter, on the first of them
 */
record Reference(ExportedNetwork network, Predictions all, Predictions oracle) {
  Graph graph() {
    return network.graph();
  }

  /** The largest difference of a file's outputs, on all test images, from both. */
  double difference(Predictions found) {
    Predictions first = found.first(oracle.size());
    return Math.max(found.maxAbsDifference(all), first.maxAbsDifference(oracle));
  }
}
