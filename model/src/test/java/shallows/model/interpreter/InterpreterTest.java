package shallows.model.interpreter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import shallows.model.graph.BinaryWeights;
import shallows.model.graph.Graph;
import shallows.model.graph.Operation;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.graph.TestGraphs;

/** The oracle itself, against the textbook's formulas written a second way: output by output. */
class InterpreterTest {
  /** Sums of up to a hundred products in another order than the interpreter's. */
  private static final float ROUNDING = 1e-5f;

  static Stream<Graph> convolutions() {
    return OperationCases.all().stream()
        .filter(graph -> graph.nodes().get(0).operation() instanceof Operation.Conv2d);
  }

  @ParameterizedTest
  @MethodSource("convolutions")
  void convolvesAsTheDefinitionSays(Graph graph) {
    Operation.Conv2d conv = (Operation.Conv2d) graph.nodes().get(0).operation();
    Tensor x = OperationCases.input(graph, 2);
    Tensor out = Interpreter.run(graph, x);
    Tensor weight = graph.parameter("weight");
    if (conv.precision() == Precision.BINARY) {
      weight = BinaryWeights.project(weight);
    }
    for (int i = 0; i < out.size(); i++) {
      assertEquals(convolution(graph, conv, weight, x, index(out, i)), out.values()[i], ROUNDING);
    }
  }

  private static double convolution(
      Graph graph, Operation.Conv2d conv, Tensor weight, Tensor x, int[] at) {
    int perGroup = weight.shape().dimension(1);
    int group = at[1] / (weight.shape().dimension(0) / conv.groups());
    double sum =
        graph.parameters().containsKey("bias") ? graph.parameter("bias").values()[at[1]] : 0;
    for (int i = 0; i < weight.size() / weight.shape().dimension(0); i++) {
      int[] w = index(weight, at[1] * (weight.size() / weight.shape().dimension(0)) + i);
      int row =
          at[2] * conv.stride().height()
              + w[2] * conv.dilation().height()
              - conv.padding().height();
      int column =
          at[3] * conv.stride().width() + w[3] * conv.dilation().width() - conv.padding().width();
      sum += (double) value(weight, w) * pixel(x, at[0], group * perGroup + w[1], row, column, 0);
    }
    return sum;
  }

  private static float pixel(Tensor x, int n, int c, int row, int column, float outside) {
    boolean inside =
        row >= 0 && row < x.shape().dimension(2) && column >= 0 && column < x.shape().dimension(3);
    return inside ? value(x, new int[] {n, c, row, column}) : outside;
  }

  private static float value(Tensor tensor, int[] at) {
    int flat = 0;
    for (int axis = 0; axis < at.length; axis++) {
      flat = flat * tensor.shape().dimension(axis) + at[axis];
    }
    return tensor.values()[flat];
  }

  private static int[] index(Tensor tensor, int flat) {
    int[] at = new int[tensor.shape().rank()];
    for (int axis = at.length - 1; axis >= 0; axis--) {
      at[axis] = flat % tensor.shape().dimension(axis);
      flat /= tensor.shape().dimension(axis);
    }
    return at;
  }

  @Test
  void takesTheLargestPixelAndCountsPaddingInTheMean() {
    Tensor x = new Tensor(Shape.of(1, 1, 2, 2), new float[] {-4, -3, -2, -1});
    assertArrayEquals(new float[] {-4, -3, -2, -1}, pool(x, true));
    assertArrayEquals(new float[] {-1, -0.75f, -0.5f, -0.25f}, pool(x, false));
  }

  /** A kernel of 2x2 at a stride of 2 with one pixel of padding sees one pixel at each corner. */
  private static float[] pool(Tensor x, boolean largest) {
    var two = shallows.model.graph.Extent.square(2);
    var one = shallows.model.graph.Extent.ONE;
    Operation pool =
        largest ? new Operation.MaxPool(two, two, one) : new Operation.AveragePool(two, two, one);
    return pool.accept(new OperationEvaluation(new Tensor[] {x}, Shape.of(1, 1, 2, 2))).values();
  }

  @Test
  void normalizesWithTheStoredStatistics() {
    Tensor[] inputs = {
      new Tensor(Shape.of(1, 2, 1, 1), new float[] {5, 1}),
      Tensor.vector(2, 1),
      Tensor.vector(0.5f, -1),
      Tensor.vector(1, 1),
      Tensor.vector(3, 7)
    };
    Tensor out =
        new Operation.BatchNorm(1).accept(new OperationEvaluation(inputs, Shape.of(1, 2, 1, 1)));
    // 2 · (5 − 1) / √(3 + 1) + 0.5, and 1 · 0 / … − 1
    assertArrayEquals(new float[] {4.5f, -1}, out.values());
  }

  @Test
  void refusesImagesOfAnotherShape() {
    Graph graph = TestGraphs.twoBlocks();
    Tensor image = new Tensor(Shape.of(1, 2, 5, 6), new float[60]);
    String message =
        assertThrows(IllegalArgumentException.class, () -> Interpreter.run(graph, image))
            .getMessage();
    assertEquals(
        "two blocks expects images (N, C, H, W) of (2, 5, 5), found (1, 2, 5, 6)", message);
  }
}
