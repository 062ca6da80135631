package shallows.export.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LatencyTest {
  @Test
  void medianAndNinetiethPercentileOfTenRuns() {
    double[] times = IntStream.of(10, 1, 9, 2, 8, 3, 7, 4, 6, 5).asDoubleStream().toArray();
    assertEquals(new Latency(5.5, 9), Latency.ofTimes(times));
  }

  @Test
  void ofOneRunBothAreThatRun() {
    assertEquals(new Latency(3, 3), Latency.ofTimes(new double[] {3}));
  }
}
