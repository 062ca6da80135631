package shallows.train.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final double EXACT = 1e-12;

  @Test
  void climbsStraightThenFallsAlongACosine() {
    // 4 of 104 steps.
    Schedule schedule = Schedule.cosine(0.5, 4 / 104.0);
    assertEquals(0.1, schedule.at(0, 104), EXACT);
    assertEquals(0.4, schedule.at(3, 104), EXACT);
    assertEquals(0.5, schedule.at(4, 104), EXACT);
    assertEquals(0.25, schedule.at(54, 104), EXACT);
    assertTrue(schedule.at(103, 104) > 0 && schedule.at(103, 104) < 0.001);
  }

  @Test
  void cutsToATenthAtHalfAndAtThreeQuarters() {
    Schedule schedule = Schedule.halfAndThreeQuarters(0.1);
    assertEquals(0.1, schedule.at(0, 200), EXACT);
    assertEquals(0.1, schedule.at(99, 200), EXACT);
    assertEquals(0.01, schedule.at(100, 200), EXACT);
    assertEquals(0.01, schedule.at(149, 200), EXACT);
    assertEquals(0.001, schedule.at(150, 200), EXACT);
    assertEquals(0.001, schedule.at(199, 200), EXACT);
  }

  @Test
  void stepsWaitForTheWarmUp() {
    Schedule schedule = new Schedule(Schedule.Kind.STEP, 0.1, 0.1, List.of(0.5));
    assertEquals(0.1 / 11, schedule.at(0, 100), EXACT);
    assertEquals(0.1, schedule.at(10, 100), EXACT);
    assertEquals(0.01, schedule.at(50, 100), EXACT);
  }

  @Test
  void aConstantRateStays() {
    Schedule schedule = new Schedule(Schedule.Kind.CONSTANT, 0.1, 0, List.of());
    assertEquals(0.1, schedule.at(0, 100), EXACT);
    assertEquals(0.1, schedule.at(99, 100), EXACT);
  }

  @Test
  void aTrainingOfOneStepHasNoWarmUp() {
    assertEquals(0.3, Schedule.cosine(0.3, 0.5).at(0, 1), EXACT);
  }

  @Test
  void aShapeIsReadAsItIsWritten() {
    Schedule schedule = Schedule.cosine(0.1, 0);
    for (String shape : List.of("cosine", "constant", "step", "step:0.0001,0.9", "step:0.125")) {
      assertEquals(shape, schedule.withShape(shape).shape());
    }
  }

  @Test
  void refusesWhatIsNoSchedule() {
    assertThrows(IllegalArgumentException.class, () -> Schedule.cosine(0, 0));
    assertThrows(IllegalArgumentException.class, () -> Schedule.cosine(0.1, 1));
    for (List<Double> cuts : List.of(List.<Double>of(), List.of(0.75, 0.5), List.of(1.0))) {
      assertThrows(
          IllegalArgumentException.class, () -> new Schedule(Schedule.Kind.STEP, 0.1, 0, cuts));
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> new Schedule(Schedule.Kind.COSINE, 0.1, 0, List.of(0.5)));
  }
}
