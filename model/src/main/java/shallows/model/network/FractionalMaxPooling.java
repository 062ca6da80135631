package shallows.model.network;

import java.util.Optional;
import java.util.regex.Pattern;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;
import shallows.model.graph.PoolingRegions;
import shallows.model.graph.Shape;

/**
 * Networks of fractional max-pooling: Graham 2014, "Fractional max-pooling", section 4. They have
 * no residual blocks. {@code fmp-8-32} has 8 convolutions, of 32·i channels in layer i: six times a
 * convolution of 2x2 without padding and a pool that divides the image by √2, then one of 2x2 and
 * one of 1x1 on what is a single pixel: the paper's (32nC2 − FMP√2)₆ − C2 − C1. From 10 layers on
 * pools divide by ∛2; {@code fmp-14-300} is its largest network, (300nC2 − 300nFMP∛2)₁₂ − C2 − C1.
 *
 * <p>Sizes are reckoned from the end, as in the paper's table: a pool that gives n rows reads
 * round(n·α), and the convolution before it one more. The image lies in the middle of the field
 * that comes of that (36x36 pixels for 8 layers, 94x94 for 14), zeros around.
 *
 * <p>Regions overlap and are pseudorandom, the paper's best on images that are augmented; {@code
 * -random} draws them in any order, {@code -disjoint} has them not overlap. {@code -d0.5} is its
 * dropout, which rises to this rate in the last layer. Convolutions have batch norm, which is
 * younger than the paper, before their leaky ReLU.
 */
final class FractionalMaxPooling implements Architecture {
  private static final Pattern NAME =
      Pattern.compile("fmp-(\\d{1,2})-(\\d{1,3})(-random)?(-disjoint)?(?:-d(0\\.\\d+))?");
  private static final int FEWEST = 3;
  private static final int MOST = 24;
  private static final int FIRST_OF_CUBE_ROOT = 10;

  /** "Very leaky": the paper's negative values count a third. */
  private static final float SLOPE = 1f / 3;

  private static final Extent TWO = Extent.square(2);

  @Override
  public String pattern() {
    return "fmp-8-32 (fractional max-pooling, 3 to 24 layers of any width; with -random and -disjoint"
        + " regions, -d0.5 dropout)";
  }

  @Override
  public Pattern names() {
    return NAME;
  }

  @Override
  public Optional<Graph> create(AskedNetwork asked) {
    int depth = asked.number(1);
    int width = asked.number(2);
    boolean overlaps = !asked.has(4);
    float dropout = asked.share(5);
    if (depth < FEWEST || depth > MOST || width < 1 || dropout == 1) {
      return Optional.empty();
    }
    int[] sizes = sizes(depth);
    PoolingRegions regions = !asked.has(3) ? PoolingRegions.PSEUDORANDOM : PoolingRegions.RANDOM;
    GraphBuilder builder = asked.builder();
    String x = centred(builder, asked, sizes[0]);
    for (int layer = 1; layer < depth; layer++) {
      x = layer(builder, layer, x, width * layer, 2, dropout * (layer - 1) / (depth - 1));
      if (layer < depth - 1) {
        x = pool(builder, "layer" + layer, x, sizes[layer], overlaps, regions, asked.seed());
      }
    }
    x = layer(builder, depth, x, width * depth, 1, dropout);
    return Optional.of(new Layers(builder).classifier(x, asked.classes()));
  }

  /** Sides of the field, and of what each pool gives. */
  private static int[] sizes(int depth) {
    double alpha = depth < FIRST_OF_CUBE_ROOT ? Math.sqrt(2) : Math.cbrt(2);
    int[] sizes = new int[depth - 1];
    sizes[depth - 2] = 2;
    for (int layer = depth - 2; layer > 0; layer--) {
      sizes[layer - 1] = (int) Math.round(sizes[layer] * alpha) + 1;
    }
    return sizes;
  }

  private static String centred(GraphBuilder builder, AskedNetwork asked, int field) {
    Shape image = asked.image();
    int height = field - image.dimension(1);
    int width = field - image.dimension(2);
    if (height < 0 || width < 0) {
      throw new BadInputException(
          Phrase.of("%s '%s'", Setting.NETWORK, asked.name().group()),
          "images of at most " + field + "x" + field + " pixels",
          image.dimension(1) + "x" + image.dimension(2),
          Phrase.of("make them smaller with %s %s, or take more layers", Setting.SIZE, field));
    }
    int top = height / 2;
    int left = width / 2;
    Operation around = new Operation.PadImage(top, left, height - top, width - left);
    return builder.add("field", around, builder.image());
  }

  private static String layer(
      GraphBuilder builder, int layer, String x, int channels, int kernel, float dropout) {
    String name = "layer" + layer;
    String y = builder.conv(name + "/conv", x, channels, kernel, Operation.Conv2d.of(1, 0));
    y = builder.batchNorm(name + "/norm", y);
    y = builder.add(name + "/leaky", new Operation.LeakyRelu(SLOPE), y);
    return dropout > 0 ? builder.add(name + "/dropout", new Operation.Dropout(dropout), y) : y;
  }

  /**
   * @param size of what comes out
   */
  private static String pool(
      GraphBuilder builder,
      String name,
      String x,
      int size,
      boolean overlaps,
      PoolingRegions regions,
      long seed) {
    String read = x;
    if (overlaps) {
      Operation both = new Operation.MaxPool(TWO, Extent.ONE, Extent.ZERO);
      read = builder.add(name + "/overlap", both, x);
    }
    Shape image = builder.shape(read);
    Operation chosen =
        new Operation.SelectPixels(
                regions.draw(image.dimension(1), size, seed),
                regions.draw(image.dimension(2), size, seed),
                regions)
            .redrawn(seed, name);
    String pixels = builder.add(name + "/regions", chosen, read);
    return builder.add(name + "/pool", new Operation.MaxPool(TWO, TWO, Extent.ZERO), pixels);
  }
}
