package shallows.train.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.train.options.Compute;

class SideBySideTest {
  /** Sums of some hundred floats of about 1, of what else would be equal. */
  private static final double ROUNDING = 2e-3;

  private static final int IMAGES = 7;

  /** A strided, padded, dilated convolution behind another one, and a classifier. */
  private static final Graph NETWORK = network();

  private static Graph network() {
    GraphBuilder builder = new GraphBuilder("windows", Shape.of(2, 9, 8), Task.unnamed(3, 2), 5);
    String x = builder.conv("first", builder.image(), 3, 3, Operation.Conv2d.of(1, 1));
    x = builder.add("relu", new Operation.Relu(), x);
    x =
        builder.conv(
            "second",
            x,
            4,
            3,
            new Operation.Conv2d(
                new Extent(2, 1), new Extent(2, 1), new Extent(1, 2), 1, Precision.FLOAT));
    x = builder.add("pool", new Operation.GlobalAveragePool(), x);
    x = builder.add("flatten", new Operation.Flatten(), x);
    return builder.build(builder.linear("classifier", x, 3));
  }

  /**
   * With zeros for its weights a layer lacks all that the reference gives, Wᵀz, so that Σ z·rᵀ is Σ
   * z·zᵀ·W.
   */
  @Test
  void sumsWhatALayerReadsAtEveryPosition() {
    assertSums("first");
    assertSums("second");
    assertSums("classifier");
  }

  private static double gram(LayerSums sums, int i, int j) {
    int row = Math.max(i, j);
    return sums.gram()[row * (row + 1) / 2 + Math.min(i, j)];
  }

  private static void assertSums(String layer) {
    String name = NETWORK.node(layer).inputs().get(1);
    Tensor weight = NETWORK.parameter(name);
    Map<String, Tensor> zeros = new HashMap<>();
    for (String each :
        NETWORK.node(layer).inputs().subList(1, NETWORK.node(layer).inputs().size())) {
      Tensor tensor = NETWORK.parameter(each);
      zeros.put(each, new Tensor(tensor.shape(), new float[tensor.size()]));
    }
    try (SideBySide run = run()) {
      LayerSums moments = run.sums(NETWORK.withParameters(zeros), layer, Optional.of(layer));
      int last = moments.size() - 1;
      Shape output = NETWORK.shape(layer);
      assertEquals(IMAGES * output.size() / output.dimension(0), gram(moments, last, last));
      double[] expected = new double[moments.cross().length];
      for (int i = 0; i < moments.size(); i++) {
        for (int j = 0; j < moments.size(); j++) {
          for (int o = 0; o < moments.outputs(); o++) {
            double w = j == last ? bias(layer, o) : weight(weight, moments, j, o);
            expected[i * moments.outputs() + o] += gram(moments, i, j) * w;
          }
        }
      }
      assertArrayEquals(expected, moments.cross(), ROUNDING * IMAGES);
    }
  }

  private static double bias(String layer, int o) {
    return NETWORK.node(layer).inputs().size() > 2
        ? NETWORK.parameter(NETWORK.node(layer).inputs().get(2)).values()[o]
        : 0;
  }

  private static double weight(Tensor weight, LayerSums moments, int j, int o) {
    int channel = j % moments.channels();
    int position = j / moments.channels();
    return weight.values()[(o * moments.channels() + channel) * moments.positions() + position];
  }

  /** Nothing depends on how far the run was taken before. */
  @Test
  void sumsTheSameFromWhereItWasAdvancedTo() {
    Graph other = NETWORK.withParameters(Map.of("second/weight", halved("second/weight")));
    try (SideBySide run = run();
        SideBySide advanced = run()) {
      LayerSums expected = run.sums(other, "classifier", Optional.of("classifier"));
      advanced.advance(other, "relu");
      advanced.advance(other, "pool");
      LayerSums found = advanced.sums(other, "classifier", Optional.of("classifier"));
      assertArrayEquals(expected.gram(), found.gram());
      assertArrayEquals(expected.cross(), found.cross());
    }
  }

  private static Tensor halved(String name) {
    float[] values = NETWORK.parameter(name).values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] /= 2;
    }
    return new Tensor(NETWORK.parameter(name).shape(), values);
  }

  private static SideBySide run() {
    int image = NETWORK.input().shape().size();
    Random random = new Random(3);
    float[] pixels = new float[IMAGES * image];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return new SideBySide(
        NETWORK,
        (from, to) -> Arrays.copyOfRange(pixels, from * image, to * image),
        IMAGES,
        3,
        Compute.cpu(2));
  }
}
