package shallows.export.pass;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import shallows.export.ShakenNetworks;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.interpreter.Interpreter;

/** Small graphs to run passes on, and what must hold of every pass. */
final class PassGraphs {
  /** Folding rounds each weight once more; sums of these few terms then differ by some 1e-7. */
  private static final float ROUNDING = 2e-6f;

  static final Operation SCALE = new Operation.Scale(0.6f);

  private PassGraphs() {}

  static GraphBuilder builder() {
    return new GraphBuilder("small", Shape.of(3, 5, 4), Task.unnamed(2, 3), 1);
  }

  /** Builds with batch-norm statistics that are not trivial. */
  static Graph build(GraphBuilder builder, String output) {
    return ShakenNetworks.shaken(builder.build(output));
  }

  /** A convolution of 3x3 without bias, or with one of random values. */
  static String conv(GraphBuilder builder, String name, String from, boolean bias) {
    if (!bias) {
      return builder.conv(name, from, 4, 3, Operation.Conv2d.of(1, 1));
    }
    int channels = builder.shape(from).dimension(0);
    return builder.add(
        name,
        Operation.Conv2d.of(1, 1),
        from,
        builder.parameter(name + "/weight", random(Shape.of(4, channels, 3, 3))),
        builder.parameter(name + "/bias", random(Shape.of(4))));
  }

  static Tensor random(Shape shape) {
    Random random = new Random(shape.size());
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return new Tensor(shape, values);
  }

  static List<String> names(Graph graph) {
    return graph.nodes().stream().map(Node::name).toList();
  }

  static void assertSameOutputs(Graph before, Graph after) {
    Tensor images = random(before.input().shape().withBatch(2));
    Tensor expected = Interpreter.run(before, images);
    Tensor found = Interpreter.run(after, images);
    assertEquals(expected.shape(), found.shape());
    float most = 0;
    for (float value : expected.values()) {
      most = Math.max(most, Math.abs(value));
    }
    assertArrayEquals(expected.values(), found.values(), ROUNDING * most);
  }
}
