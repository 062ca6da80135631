package shallows.export.verify;

import java.util.Arrays;
import java.util.stream.IntStream;
import shallows.data.PixelOrder;
import shallows.data.evaluation.Classifier;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.interpreter.Interpreter;

/** The reference interpreter as a classifier: one image after the other, on all processors. */
public final class InterpreterClassifier implements Classifier {
  private final Graph graph;

  public InterpreterClassifier(Graph graph) {
    this.graph = graph;
  }

  @Override
  public float[][] logits(float[] images, int count) {
    int size = images.length / count;
    Shape shape = graph.input().shape();
    float[] turned = PixelOrder.channelsFirst(images, count, shape.dimension(0));
    return IntStream.range(0, count)
        .parallel()
        .mapToObj(i -> Arrays.copyOfRange(turned, i * size, (i + 1) * size))
        .map(image -> new Tensor(shape.withBatch(1), image))
        .map(image -> Interpreter.run(graph, image).values())
        .toArray(float[][]::new);
  }

  @Override
  public void close() {
    // Holds nothing but memory of the JVM.
  }
}
