package shallows.train.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RankCorrelationTest {
  private static final double[] RISING = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

  @Test
  void isOneForTheSameOrderAndMinusOneForTheOpposite() {
    double[] cubes = Arrays.stream(RISING).map(x -> x * x * x).toArray();
    double[] falling = Arrays.stream(RISING).map(x -> -x).toArray();
    assertEquals(1, RankCorrelation.of(RISING, cubes).orElseThrow(), 1e-12);
    assertEquals(-1, RankCorrelation.of(RISING, falling).orElseThrow(), 1e-12);
  }

  @Test
  void needsThreePointsThatAreNotAllAlike() {
    assertTrue(RankCorrelation.of(new double[2], new double[] {1, 2}).isEmpty());
    assertTrue(RankCorrelation.of(new double[5], new double[] {1, 2, 3, 4, 5}).isEmpty());
    assertTrue(RankCorrelation.attainable(new double[2], new double[2]).isEmpty());
  }

  @Test
  void withoutErrorsTheTruthCorrelatesPerfectly() {
    assertEquals(
        1, RankCorrelation.attainable(RISING, new double[RISING.length]).orElseThrow(), 1e-12);
  }

  @Test
  void nothingCorrelatesWithWhatIsAllNoise() {
    double[] errors = new double[RISING.length];
    Arrays.fill(errors, 10);
    assertEquals(0, RankCorrelation.attainable(RISING, errors).orElseThrow());
  }

  @Test
  void foretellsHowWellTheTruthCorrelatesWithMeasurementsOfIt() {
    int repetitions = 100;
    int blocks = 27;
    double error = 0.6;
    Random random = new Random(5);
    double[] errors = new double[blocks];
    Arrays.fill(errors, error);
    double found = 0;
    double foretold = 0;
    for (int repetition = 0; repetition < repetitions; repetition++) {
      double[] truth = random.doubles(blocks).map(u -> random.nextGaussian()).toArray();
      double[] measured =
          Arrays.stream(truth).map(x -> x + error * random.nextGaussian()).toArray();
      found += RankCorrelation.of(truth, measured).orElseThrow() / repetitions;
      foretold += RankCorrelation.attainable(measured, errors).orElseThrow() / repetitions;
    }
    // Either mean has a deviation of about 0.09 / √100 over the repetitions.
    assertEquals(found, foretold, 0.03);
  }
}
