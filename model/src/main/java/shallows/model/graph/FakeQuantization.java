package shallows.model.graph;

import java.util.Map;

/**
 * Where a network of 8-bit integers rounds, and to what, so that a graph of floats can be run, and
 * trained, as the integers will compute it (Jacob et al. 2018, "Quantization and Training of Neural
 * Networks for Efficient Integer-Arithmetic-Only Inference", section 3). What is rounded stays a
 * float: a multiple of its scale.
 *
 * @param values levels of the image and of the values of nodes, by name; others are not rounded
 * @param layers how the weights of convolutions and linear layers are rounded, by the node's name;
 *     those of others are not. Each layer has a bias
 */
public record FakeQuantization(Map<String, Levels> values, Map<String, Layer> layers) {
  /** Rounds nothing. */
  public static final FakeQuantization NONE = new FakeQuantization(Map.of(), Map.of());

  /** A bias beyond it would leave the sums of products too little room in 32 bits. */
  public static final int LARGEST_BIAS = 1 << 30;

  /**
   * The smallest scale of an output's weights as a share of the largest. Channels that training
   * switched off have weights near zero, and a scale that fits them leaves the range that runtimes
   * multiply in.
   */
  public static final float SMALLEST_SHARE = 1f / (1 << 16);

  public FakeQuantization {
    values = Map.copyOf(values);
    layers = Map.copyOf(layers);
  }

  /**
   * The levels that a value can have: x becomes scale · min(max(round(x / scale), lowest),
   * highest). Halves go to the even neighbour.
   *
   * @param scale positive
   * @param lowest at most 0, which is always a level
   * @param highest at least 0
   */
  public record Levels(float scale, int lowest, int highest) {
    public Levels {
      if (!(scale > 0) || !Float.isFinite(scale)) {
        throw new IllegalArgumentException("scale must be positive and finite, found " + scale);
      }
      if (lowest > 0 || highest < 0) {
        throw new IllegalArgumentException(
            "levels go from at most 0 to at least 0, found " + lowest + " to " + highest);
      }
    }
  }

  /**
   * How the weights of a layer are rounded. They have no scale of their own but follow from what
   * the weights are just now, so that the largest is always represented. With W_o the weights and
   * b_o the bias of output o:
   *
   * <pre>
   *   m_o = max|W_o| / largest
   *   s_o = max(m_o, 2⁻¹⁶ · max_p m_p, |b_o| / (inputScale · 2³⁰))
   *   W_o becomes s_o · round(W_o / s_o)
   *   b_o becomes s_o · inputScale · round(b_o / (s_o · inputScale))
   * </pre>
   *
   * @param inputScale of what the layer reads
   * @param perChannel whether each output has a scale s_o of its own; else all have the largest
   * @param largest integer of a weight, the smallest being its opposite: 127, or 1 for the two
   *     values of binary weights
   */
  public record Layer(float inputScale, boolean perChannel, int largest) {
    public Layer {
      if (!(inputScale > 0) || !Float.isFinite(inputScale)) {
        throw new IllegalArgumentException(
            "inputScale must be positive and finite, found " + inputScale);
      }
    }
  }
}
