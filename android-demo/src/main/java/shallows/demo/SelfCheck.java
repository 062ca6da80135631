package shallows.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import shallows.data.decode.ImagePixels;

/** Whether the models of a bundle give here what they gave when they were verified. */
final class SelfCheck {
  /**
   * How far logits of floats may lie from the recorded ones, as a part of the largest: another
   * processor adds the same products in another order. On two desktops it was at most 1e-6.
   */
  private static final double FLOATS = 1e-3;

  /** The same of models that compute with integers, which round otherwise here: a few steps. */
  private static final double STEPS = 0.05;

  /**
   * So often what 99 of 100 logits of a model may be off by ({@link ModelBundle.Model#rounding});
   * nine samples have logits enough for one that is further off.
   */
  private static final double ROUNDINGS = 2;

  private static final List<String> INTEGERS = List.of("int8", "mixed", "binary-fast");

  private SelfCheck() {}

  /**
   * What came of one model.
   *
   * @param same how many samples it gave the class that it gave them when it was verified
   * @param samples how many there are
   * @param difference the largest of a logit, as a part of the largest logit, or of 1 where that is
   *     less; of the sample that comes nearest to what is allowed
   * @param allowed the most that it may be for that sample
   * @param problem null when all is well
   */
  record Result(
      ModelBundle.Model model,
      int same,
      int samples,
      double difference,
      double allowed,
      String problem) {
    boolean passed() {
      return problem == null;
    }
  }

  /**
   * One result a model, in the order of the bundle.
   *
   * @throws DamagedBundle when a sample cannot be read
   */
  static List<Result> of(OpenBundle open) throws DamagedBundle {
    ModelBundle bundle = open.bundle();
    List<ImagePixels> pictures = new ArrayList<>();
    for (ModelBundle.Sample sample : bundle.samples()) {
      pictures.add(open.sample(sample));
    }
    List<Result> results = new ArrayList<>();
    for (int model = 0; model < bundle.models().size(); model++) {
      results.add(of(open, model, pictures));
    }
    return results;
  }

  private static Result of(OpenBundle open, int index, List<ImagePixels> pictures) {
    ModelBundle.Model model = open.bundle().models().get(index);
    // Nearer to what is allowed than any sample, so that the first takes its place.
    double worst = -1;
    double allowedOfWorst = allowed(model, 1);
    int same = 0;
    String problem = null;
    List<ModelBundle.Sample> samples = open.bundle().samples();
    for (int i = 0; i < samples.size(); i++) {
      ModelBundle.Sample sample = samples.get(i);
      float[] expected = sample.logits().get(model.file());
      if (expected == null) {
        problem = "no outputs of " + model.file() + " for " + sample.file();
        continue;
      }
      float[] found = open.logits(index, pictures.get(i));
      same += best(model, found) == best(model, expected) ? 1 : 0;
      double largest = largest(expected);
      double difference = difference(expected, found) / largest;
      double allowed = allowed(model, largest);
      // A NaN is shown, whatever comes behind it.
      if (Double.isNaN(difference) || difference / allowed > worst / allowedOfWorst) {
        worst = difference;
        allowedOfWorst = allowed;
      }
      // Written so that NaN fails.
      if (problem == null && !(difference <= allowed)) {
        problem =
            String.format(
                Locale.ROOT,
                "%s differs from what was verified by %.2g of the largest output for %s; at most"
                    + " %.2g is allowed",
                model.file(),
                difference,
                sample.file(),
                allowed);
      }
    }
    return new Result(model, same, samples.size(), Math.max(0, worst), allowedOfWorst, problem);
  }

  private static double allowed(ModelBundle.Model model, double largest) {
    return INTEGERS.contains(model.precision())
        ? Math.max(STEPS, ROUNDINGS * model.rounding() / largest)
        : FLOATS;
  }

  private static double largest(float[] logits) {
    double largest = 1;
    for (float value : logits) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static int best(ModelBundle.Model model, float[] logits) {
    return Answer.of(model, logits, 0).best();
  }

  private static double difference(float[] expected, float[] found) {
    double worst = 0;
    for (int c = 0; c < expected.length; c++) {
      // Math.max hands on a NaN.
      worst = Math.max(worst, Math.abs(expected[c] - found[c]));
    }
    return worst;
  }
}
