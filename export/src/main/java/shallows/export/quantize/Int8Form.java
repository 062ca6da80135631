package shallows.export.quantize;

/**
 * What is left open of a file of integers.
 *
 * @param sums how it adds
 * @param weightScales how many scales a weight has
 */
public record Int8Form(Int8Sums sums, WeightScales weightScales) {
  public static final Int8Form STANDARD = new Int8Form(Int8Sums.ADD, WeightScales.PER_CHANNEL);
}
