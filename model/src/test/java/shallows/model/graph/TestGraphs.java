package shallows.model.graph;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Networks for tests, with weights and statistics that a folding error would show in. */
public final class TestGraphs {
  private TestGraphs() {}

  /** Two post-activation blocks of two channels on an image of (2, 5, 5), and a classifier of 3. */
  public static Graph twoBlocks() {
    GraphBuilder builder = new GraphBuilder("two blocks", Shape.of(2, 5, 5), Task.unnamed(3, 2), 1);
    String x = builder.image();
    for (String name : new String[] {"block1", "block2"}) {
      String branch = builder.conv(name + "/conv", x, 2, 3, Operation.Conv2d.of(1, 1));
      branch = builder.batchNorm(name + "/norm", branch);
      x = builder.add(name + "/relu", new Operation.Relu(), builder.residual(name, x, branch));
    }
    x = builder.add("pool", new Operation.GlobalAveragePool(), x);
    x = builder.add("flatten", new Operation.Flatten(), x);
    return shaken(builder.build(builder.linear("classifier", x, 3)), 3);
  }

  /** The same graph with batch-norm parameters and statistics, and biases, drawn at random. */
  public static Graph shaken(Graph graph, long seed) {
    Random random = new Random(seed);
    Map<String, Tensor> shaken = new LinkedHashMap<>();
    graph
        .parameters()
        .forEach(
            (name, tensor) -> {
              if (tensor.shape().rank() == 1) {
                boolean positive = name.endsWith("/variance");
                float[] values = new float[tensor.size()];
                for (int i = 0; i < values.length; i++) {
                  values[i] =
                      positive ? 0.2f + random.nextFloat() : (float) random.nextGaussian() * 0.5f;
                }
                shaken.put(name, new Tensor(tensor.shape(), values));
              }
            });
    return graph.withParameters(shaken);
  }

  /** Seeded noise for the input of {@code graph}. */
  public static Tensor input(Graph graph, int batch) {
    return OperationCases.input(graph, batch);
  }
}
