package shallows.prune.form;

import java.util.Arrays;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.ResidualBlocks;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.graph.TestGraphs;

/** Networks of two blocks of one kind each, of 16 channels on 7x7 pixels. */
enum BlockKinds {
  BASIC {
    @Override
    String branch(GraphBuilder net, String name, String x) {
      String branch = convolved(net, name + "/1", x, 16, 3, 1);
      branch = net.add(name + "/relu", new Operation.Relu(), branch);
      return convolved(net, name + "/2", branch, 16, 3, 1);
    }
  },
  BOTTLENECK {
    @Override
    String branch(GraphBuilder net, String name, String x) {
      String branch = convolved(net, name + "/1", x, 8, 1, 1);
      branch = net.add(name + "/relu1", new Operation.Relu(), branch);
      branch = convolved(net, name + "/2", branch, 8, 3, 1);
      branch = net.add(name + "/relu2", new Operation.Relu(), branch);
      return convolved(net, name + "/3", branch, 16, 1, 1);
    }
  },
  RESNEXT {
    @Override
    String branch(GraphBuilder net, String name, String x) {
      String branch = convolved(net, name + "/1", x, 16, 1, 1);
      branch = net.add(name + "/relu1", new Operation.Relu(), branch);
      branch = convolved(net, name + "/2", branch, 16, 3, 4);
      branch = net.add(name + "/relu2", new Operation.Relu(), branch);
      return convolved(net, name + "/3", branch, 16, 1, 1);
    }
  },
  INVERTED_WITH_SQUEEZE {
    @Override
    String branch(GraphBuilder net, String name, String x) {
      String branch = convolved(net, name + "/expand", x, 32, 1, 1);
      branch = net.add(name + "/clip1", Operation.Clip.RELU6, branch);
      branch = convolved(net, name + "/depthwise", branch, 32, 3, 32);
      branch = net.add(name + "/clip2", Operation.Clip.RELU6, branch);
      String gate = net.add(name + "/pool", new Operation.GlobalAveragePool(), branch);
      gate = net.conv(name + "/squeeze", gate, 4, 1, Operation.Conv2d.of(1, 0));
      gate = net.add(name + "/relu", new Operation.Relu(), gate);
      gate = net.conv(name + "/excite", gate, 32, 1, Operation.Conv2d.of(1, 0));
      gate = net.add(name + "/gate", new Operation.Activation(Operation.Curve.SIGMOID), gate);
      branch = net.add(name + "/weighed", new Operation.Multiply(), branch, gate);
      return convolved(net, name + "/project", branch, 16, 1, 1);
    }
  },
  PREACTIVATION {
    @Override
    String branch(GraphBuilder net, String name, String x) {
      String branch = net.batchNorm(name + "/norm1", x);
      branch = net.add(name + "/relu1", new Operation.Relu(), branch);
      branch = convolved(net, name + "/1", branch, 16, 3, 1);
      branch = net.add(name + "/relu2", new Operation.Relu(), branch);
      return net.conv(name + "/2", branch, 16, 3, Operation.Conv2d.of(1, 1));
    }
  },
  CONVNEXT {
    @Override
    String branch(GraphBuilder net, String name, String x) {
      String branch = net.conv(name + "/depthwise", x, 16, 7, of(7, 16));
      branch =
          net.add(
              name + "/norm",
              new Operation.ChannelNorm(1e-6f),
              branch,
              net.parameter(name + "/gamma", Tensor.vector(ones(16))),
              net.parameter(name + "/beta", Tensor.vector(new float[16])));
      branch = net.conv(name + "/wide", branch, 64, 1, Operation.Conv2d.of(1, 0));
      branch = net.add(name + "/gelu", new Operation.Activation(Operation.Curve.GELU), branch);
      branch = net.conv(name + "/narrow", branch, 16, 1, Operation.Conv2d.of(1, 0));
      return net.conv(name + "/layer-scale", branch, 16, 1, of(1, 16));
    }
  },
  DENSE {
    @Override
    String branch(GraphBuilder net, String name, String x) {
      String branch = net.batchNorm(name + "/norm1", x);
      branch = net.add(name + "/relu1", new Operation.Relu(), branch);
      branch = convolved(net, name + "/1", branch, 32, 1, 1);
      branch = net.add(name + "/relu2", new Operation.Relu(), branch);
      return net.conv(name + "/2", branch, 8, 3, Operation.Conv2d.of(1, 1));
    }

    @Override
    Operation joined() {
      return new Operation.Concat();
    }
  };

  abstract String branch(GraphBuilder net, String name, String x);

  Operation joined() {
    return new Operation.Add();
  }

  /** For grey images of 28x28 pixels and ten classes. */
  Graph network() {
    GraphBuilder net = new GraphBuilder(name(), Shape.of(1, 28, 28), Task.unnamed(10, 1), 3);
    String x = net.conv("stem", net.image(), 16, 5, Operation.Conv2d.of(4, 2));
    x = net.add("stem/relu", new Operation.Relu(), net.batchNorm("stem/norm", x));
    for (String name : new String[] {"block1", "block2"}) {
      x = net.add(name + "/sum", joined(), x, branch(net, name, x));
      if (this != PREACTIVATION && this != CONVNEXT && this != DENSE) {
        x = net.add(name + "/out", new Operation.Relu(), x);
      }
    }
    x = net.add("pool", new Operation.GlobalAveragePool(), x);
    x = net.add("flatten", new Operation.Flatten(), x);
    return TestGraphs.shaken(ResidualBlocks.found(net.build(net.linear("classifier", x, 10))), 11);
  }

  private static String convolved(
      GraphBuilder net, String name, String x, int outputs, int kernel, int groups) {
    return net.batchNorm(name + "/norm", net.conv(name, x, outputs, kernel, of(kernel, groups)));
  }

  private static Operation.Conv2d of(int kernel, int groups) {
    return new Operation.Conv2d(
        Extent.ONE, Extent.square(kernel / 2), Extent.ONE, groups, Precision.FLOAT);
  }

  private static float[] ones(int count) {
    float[] ones = new float[count];
    Arrays.fill(ones, 1);
    return ones;
  }
}
