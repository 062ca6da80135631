package shallows.train.inference;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Tensor;

/**
 * A batch norm behind a convolution that changes nothing but the stretch ({@link FoldedBatchNorm}
 * has the formulas).
 *
 * @param stretch s
 * @param mean μ, before it is stretched
 * @param variance σ², likewise
 */
record RestoredNorm(String name, double[] stretch, float[] mean, float[] variance) {
  /** ε in units of the mean variance of the convolution's channels: PyTorch's 1e-5 for σ² of 1. */
  private static final double RELATIVE_EPSILON = 1e-5;

  /** Where every channel is constant, ε must still be positive. */
  private static final double SMALLEST_EPSILON = 1e-12;

  private static final String SCALE = "/scale";
  private static final String BIAS = "/bias";
  private static final String MEAN = "/mean";
  private static final String VARIANCE = "/variance";

  /** One whose statistics have yet to be measured. */
  static RestoredNorm unmeasured(String convolution, int channels) {
    float[] ones = new float[channels];
    Arrays.fill(ones, 1f);
    double[] asItIs = new double[channels];
    Arrays.fill(asItIs, 1);
    return new RestoredNorm(name(convolution), asItIs, new float[channels], ones);
  }

  /**
   * @param measured where the one that was unmeasured has statistics
   */
  static RestoredNorm measured(String convolution, double[] stretch, Graph measured) {
    String name = name(convolution);
    return new RestoredNorm(
        name,
        stretch,
        measured.parameter(name + MEAN).values(),
        measured.parameter(name + VARIANCE).values());
  }

  private static String name(String convolution) {
    return convolution + "/restored-norm";
  }

  private float epsilon() {
    double sum = 0;
    for (int c = 0; c < variance.length; c++) {
      sum += spread(c);
    }
    return (float) Math.max(RELATIVE_EPSILON * sum / variance.length, SMALLEST_EPSILON);
  }

  /** s²·σ². */
  private double spread(int channel) {
    return stretch[channel] * stretch[channel] * variance[channel];
  }

  Node node(String x) {
    return new Node(
        name,
        new Operation.BatchNorm(epsilon()),
        List.of(x, name + SCALE, name + BIAS, name + MEAN, name + VARIANCE));
  }

  Map<String, Tensor> parameters() {
    float[] scale = new float[variance.length];
    float[] storedMean = new float[variance.length];
    float[] storedVariance = new float[variance.length];
    double epsilon = epsilon();
    for (int c = 0; c < scale.length; c++) {
      scale[c] = (float) (Math.sqrt(spread(c) + epsilon) / stretch[c]);
      storedMean[c] = (float) (stretch[c] * mean[c]);
      storedVariance[c] = (float) spread(c);
    }
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    parameters.put(name + SCALE, Tensor.vector(scale));
    parameters.put(name + BIAS, Tensor.vector(mean.clone()));
    parameters.put(name + MEAN, Tensor.vector(storedMean));
    parameters.put(name + VARIANCE, Tensor.vector(storedVariance));
    return parameters;
  }
}
