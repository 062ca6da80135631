package shallows.export.quantize.calibrate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import shallows.export.runtime.OnnxActivations;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * One convolution of a graph on many images, by ONNX Runtime.
 *
 * @param parameters its weight and, if it has one, its bias, in place of those in the graph
 */
record LayerRun(Graph graph, Node layer, List<Tensor> parameters) {
  /** On a session; the batches are what is shared among processors. */
  private static final int THREADS = 1;

  /** Numbers that a batch of a layer may have: 4 MB. */
  private static final int LARGEST_BATCH = 1 << 20;

  /** Few, so that there are batches for all processors. */
  private static final int BATCH = 8;

  /** What the layer reads. */
  interface Input {
    /** Image behind image. */
    float[] of(int from, int count);
  }

  /**
   * @return its outputs, image by image
   */
  float[][] on(int images, Input input) {
    int size = graph.shape(layer.name()).size();
    Shape read = shape(layer.inputs().get(0));
    int batch = Math.max(1, Math.min(BATCH, LARGEST_BATCH / (size + read.size())));
    float[][] outputs = new float[images][];
    try (OnnxActivations runtime = OnnxActivations.open(alone(), List.of(), THREADS)) {
      IntStream.range(0, (images + batch - 1) / batch)
          .parallel()
          .forEach(
              b -> {
                int from = b * batch;
                int count = Math.min(batch, images - from);
                float[] all = runtime.run(input.of(from, count), count).get(layer.name());
                for (int i = 0; i < count; i++) {
                  outputs[from + i] = Arrays.copyOfRange(all, i * size, (i + 1) * size);
                }
              });
    }
    return outputs;
  }

  private Shape shape(String value) {
    return value.equals(graph.input().name()) ? graph.input().shape() : graph.shape(value);
  }

  /** A network of one convolution. */
  private Graph alone() {
    String input = layer.inputs().get(0);
    List<String> inputs = new ArrayList<>(List.of(input));
    Map<String, Tensor> tensors = new HashMap<>();
    for (int i = 0; i < parameters.size(); i++) {
      inputs.add(layer.inputs().get(i + 1));
      tensors.put(layer.inputs().get(i + 1), parameters.get(i));
    }
    Operation.Conv2d conv = (Operation.Conv2d) layer.operation();
    return new Graph(
        graph.name(),
        new Graph.Input(input, shape(input)),
        List.of(new Node(layer.name(), conv.withPrecision(Precision.FLOAT), inputs)),
        layer.name(),
        tensors,
        List.of(),
        graph.task(),
        Map.of());
  }
}
