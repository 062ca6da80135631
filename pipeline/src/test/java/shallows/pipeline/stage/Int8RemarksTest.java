package shallows.pipeline.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import shallows.export.NetworkForm;
import shallows.export.quantize.WeightScales;
import shallows.export.quantize.calibrate.Calibrated;
import shallows.export.quantize.calibrate.Calibrator;
import shallows.export.quantize.calibrate.WeightRounding;
import shallows.pipeline.event.Event;

class Int8RemarksTest {
  private static final WeightRounding PLAIN =
      new WeightRounding(WeightScales.PER_CHANNEL, false, false, 0, 0, null);
  private static final WeightRounding ONE_SCALE =
      new WeightRounding(WeightScales.PER_TENSOR, true, false, 0.5, 0.25, 0.125);

  @Test
  void moreThanHalfAPointOfANetworkThatCanBeTunedIsTold() {
    assertEquals(List.of(new Event.Int8Costs("trial", 0.8, 500)), said(true, PLAIN, 0.8, false));
    assertEquals(List.of(), said(false, PLAIN, 0.8, false));
    List<Event> full = new ArrayList<>();
    new Int8Remarks(true, full::add).hear("trial", NetworkForm.FULL, found(PLAIN, 0.8), false);
    assertEquals(List.of(), full);
  }

  @Test
  void halfAPointOrAGainIsNotWorthAWord() {
    assertEquals(List.of(), said(true, PLAIN, 0.5, false));
    assertEquals(List.of(), said(true, PLAIN, -1, false));
  }

  @Test
  void oneScaleIsToldAlsoWhereTheNetworkIsTunedThen() {
    for (boolean tuned : new boolean[] {false, true}) {
      assertEquals(
          List.of(new Event.WeightsRounded("trial", ONE_SCALE, 500, tuned)),
          said(false, ONE_SCALE, 0.8, tuned));
    }
  }

  private static List<Event> said(
      boolean advises, WeightRounding weights, double pointsLost, boolean tuned) {
    List<Event> told = new ArrayList<>();
    new Int8Remarks(advises, told::add)
        .hear("trial", NetworkForm.PRUNED, found(weights, pointsLost), tuned);
    return told;
  }

  private static Calibrated found(WeightRounding weights, double pointsLost) {
    return new Calibrated(
        null,
        new Calibrated.Ranges(Calibrator.MIN_MAX, 256, 500, Map.of()),
        new Calibrated.BiasesCorrected(0, false, Map.of()),
        weights,
        0,
        pointsLost,
        List.of());
  }
}
