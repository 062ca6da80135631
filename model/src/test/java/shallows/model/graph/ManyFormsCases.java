package shallows.model.graph;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * The cases of operations that take shapes of many kinds: two numbers at a position, means along
 * axes, borders, parts, sizes and orders of images, norms.
 */
final class ManyFormsCases {
  private static final Shape IMAGE = Shape.of(6, 4, 3);

  private ManyFormsCases() {}

  static void addTo(List<Graph> cases) {
    for (Operation.Function function : Operation.Function.values()) {
      Operation binary = new Operation.Binary(function);
      // Arithmetic with one number a channel is a convolution of 1x1 when it is read.
      boolean selects =
          Set.of(Operation.Function.MINIMUM, Operation.Function.MAXIMUM, Operation.Function.PRELU)
              .contains(function);
      if (selects) {
        cases.add(ofParameter(binary, IMAGE, Shape.of(6, 1, 1)));
      }
      if (function != Operation.Function.PRELU) {
        cases.add(ofParameter(binary, IMAGE, Shape.of(1, 4, 3)));
        cases.add(ofMeans(binary, Set.of(Operation.Axis.CHANNELS), Set.of()));
        cases.add(ofMeans(binary, Set.of(Operation.Axis.CHANNELS), Set.of(Operation.Axis.COLUMNS)));
      }
    }
    cases.add(ofParameter(new Operation.Binary(Operation.Function.ADD), IMAGE, IMAGE));
    cases.add(ofVectors());
    for (Operation.Statistic statistic : Operation.Statistic.values()) {
      for (Set<Operation.Axis> axes :
          List.of(
              Set.of(Operation.Axis.CHANNELS),
              Set.of(Operation.Axis.ROWS),
              EnumSet.allOf(Operation.Axis.class))) {
        Operation reduce = new Operation.Reduce(statistic, axes);
        cases.add(OperationCases.single(reduce.toString(), IMAGE, reduce));
      }
    }
    for (Operation operation :
        List.of(
            new Operation.PadImage(1, 0, 2, 2, Operation.Border.REFLECTION),
            new Operation.PadImage(1, 0, 2, 3, Operation.Border.EDGE),
            new Operation.CropImage(1, 0, new Extent(2, 3)),
            new Operation.CropImage(0, 1, new Extent(4, 1)),
            new Operation.SelectPixels(List.of(3, 0, 0), List.of(2, 0), PoolingRegions.FIXED),
            new Operation.SelectPixels(List.of(3, 1, 2, 0), List.of(2, 1), PoolingRegions.FIXED),
            new Operation.SelectPixels(List.of(2, 0), List.of(0, 1, 2), PoolingRegions.FIXED),
            // Fractional max-pooling without the maximum.
            new Operation.SelectPixels(
                List.of(0, 1, 2, 2, 3, 3), List.of(0, 0, 1, 2), PoolingRegions.RANDOM),
            new Operation.SelectPixels(
                List.of(0, 0, 1, 2, 3, 3), List.of(0, 1, 2, 2), PoolingRegions.PSEUDORANDOM),
            // The channels of each 2x1 pixels side by side, and back in other ways.
            rearrange(List.of(12, 2, 3), List.of(1, 0, 2), Shape.of(12, 2, 3)),
            rearrange(List.of(2, 12, 3), List.of(1, 0, 2), Shape.of(3, 8, 3)),
            rearrange(List.of(6, 12), List.of(1, 0), Shape.of(72)),
            rearrange(List.of(72), List.of(0), Shape.of(8, 3, 3)),
            rearrange(List.of(6, 4, 3), List.of(2, 1, 0), Shape.of(3, 4, 6)),
            new Operation.GroupNorm(1, 1e-2f),
            new Operation.GroupNorm(3, 1e-2f),
            new Operation.GroupNorm(6, 1e-2f),
            new Operation.LocalResponseNorm(5, 0.7f, 0.75f, 1.5f))) {
      cases.add(OperationCases.single(operation.toString(), IMAGE, operation));
    }
    attention(cases);
    for (Resampling mode : Resampling.values()) {
      for (Extent size : List.of(new Extent(8, 6), new Extent(7, 2))) {
        Operation resize = new Operation.Resize(size, mode);
        cases.add(OperationCases.single(resize.toString(), IMAGE, resize));
      }
    }
  }

  private static void attention(List<Graph> cases) {
    Shape image = Shape.of(10, 3, 5);
    cases.add(attention(image, new Operation.Attention(2, 0.7f, true)));
    cases.add(attention(image, new Operation.Attention(1, 1, true), Shape.of(1, 3, 5, 4)));
    cases.add(
        attention(
            image,
            new Operation.Attention(2, -1.3f, true),
            Shape.of(2, 1, 5, 4),
            Shape.of(1, 3, 5, 4)));
    cases.add(attention(image, new Operation.Attention(2, 0.2f, false)));
    cases.add(attention(Shape.of(10, 1, 5), new Operation.Attention(2, 1, true)));
    cases.add(
        attention(
            Shape.of(10, 1, 5), new Operation.Attention(2, 0.7f, true), Shape.of(2, 1, 5, 4)));
    GraphBuilder self = OperationCases.builder("Attention of one value", Shape.of(6, 2, 4));
    String x = self.image();
    cases.add(self.build(self.add("node", new Operation.Attention(3, 0.5f, true), x, x, x)));
  }

  /** Of fewer keys than queries, and values of more channels. */
  private static Graph attention(Shape image, Operation attention, Shape... parameters) {
    String name = attention + " of " + image + " and " + List.of(parameters);
    GraphBuilder builder = OperationCases.builder(name, image);
    String queries = builder.add("queries", new Operation.SliceChannels(0, 4), builder.image());
    Operation crop =
        new Operation.CropImage(0, 1, new Extent(image.dimension(1), image.dimension(2) - 1));
    String others = builder.add("others", crop, builder.image());
    String keys = builder.add("keys", new Operation.SliceChannels(2, 6), others);
    String values = builder.add("values", new Operation.SliceChannels(4, 10), others);
    List<String> inputs = new ArrayList<>(List.of(queries, keys, values));
    for (Shape parameter : parameters) {
      String bias = "bias" + inputs.size();
      builder.parameter(bias, OperationCases.random(parameter, new Random(inputs.size())));
      inputs.add(bias);
    }
    return builder.build(builder.add("node", attention, inputs.toArray(String[]::new)));
  }

  private static Operation rearrange(List<Integer> split, List<Integer> order, Shape result) {
    return new Operation.Rearrange(split, order, result);
  }

  /** Beside a parameter, which for a quotient is not near 0. */
  private static Graph ofParameter(Operation binary, Shape image, Shape parameter) {
    GraphBuilder builder = OperationCases.builder(binary.label() + " of " + parameter, image);
    float[] values = OperationCases.random(parameter, new Random(13)).values();
    for (int i = 0; i < values.length; i++) {
      values[i] += 1.5f;
    }
    builder.parameter("second", new Tensor(parameter, values));
    return builder.build(builder.add("node", binary, builder.image(), "second"));
  }

  /** Of two values each of which may be means of the image. */
  private static Graph ofMeans(
      Operation binary, Set<Operation.Axis> second, Set<Operation.Axis> first) {
    String name = binary.label() + " of means over " + first + " and " + second;
    GraphBuilder builder = OperationCases.builder(name, IMAGE);
    String x = builder.image();
    if (!first.isEmpty()) {
      x = builder.add("first", new Operation.Reduce(Operation.Statistic.MEAN, first), x);
    }
    Operation curve = new Operation.Activation(Operation.Curve.SOFTPLUS);
    String positive = builder.add("positive", curve, builder.image());
    Operation mean = new Operation.Reduce(Operation.Statistic.MEAN, second);
    return builder.build(builder.add("node", binary, x, builder.add("second", mean, positive)));
  }

  private static Graph ofVectors() {
    GraphBuilder builder = OperationCases.builder("Max of vectors", Shape.of(5, 1, 1));
    builder.parameter("second", Tensor.vector(0.1f, -0.2f, 0.3f, 0, 2));
    String flat = builder.add("flat", new Operation.Flatten(), builder.image());
    Operation maximum = new Operation.Binary(Operation.Function.MAXIMUM);
    return builder.build(builder.add("node", maximum, flat, "second"));
  }
}
