package shallows.export.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class VerifierOptionsTest {
  private static final VerifierOptions STANDARD = VerifierOptions.defaults(1);

  @Test
  void aSmallNetworkIsMeasuredAsOftenAsEver() {
    assertEquals(STANDARD, STANDARD.forNetworkOf(100_000_000));
    assertEquals(STANDARD, STANDARD.forNetworkOf(0));
  }

  @Test
  void aLargeOneTakesNoMinutesToTimeAndToCompute() {
    VerifierOptions resnet50 = STANDARD.forNetworkOf(4_100_000_000L);
    assertEquals(50, resnet50.runs());
    assertEquals(5, resnet50.warmUps());
    assertEquals(9, resnet50.oracleImages());
    VerifierOptions resnet18 = STANDARD.forNetworkOf(1_800_000_000L);
    assertEquals(111, resnet18.runs());
    assertEquals(11, resnet18.warmUps());
    VerifierOptions huge = STANDARD.forNetworkOf(100_000_000_000L);
    assertEquals(50, huge.runs());
    assertEquals(8, huge.oracleImages());
  }
}
