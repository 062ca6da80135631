package shallows.export.quantize.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import shallows.data.LabelledImages;
import shallows.export.ShakenNetworks;
import shallows.export.TestImages;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.Int8Form;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;

class CalibrationTest {
  private static final Graph GRAPH =
      ExportPasses.all(
          TestImages.centred(ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28))));
  private static final LabelledImages IMAGES = TestImages.labelledBy(GRAPH, 60);

  @Test
  void theCalibratorThatChangesTheAnswersLeastIsTaken() {
    Calibrated calibrated =
        Calibration.of(GRAPH, CalibrationImages.of(0, IMAGES, IMAGES), Int8Form.STANDARD);
    assertEquals(Set.of(Calibrator.values()), calibrated.ranges().divergences().keySet());
    assertEquals(
        Collections.min(calibrated.ranges().divergences().values()),
        calibrated.ranges().divergences().get(calibrated.ranges().chosen()));
    assertTrue(calibrated.ranges().divergences().get(calibrated.ranges().chosen()) < 0.01);
  }

  @Test
  void theSameImagesGiveTheSameScales() {
    CalibrationImages images = CalibrationImages.of(0, IMAGES, IMAGES);
    assertEquals(
        Calibration.of(GRAPH, images, Int8Form.STANDARD).graph().quantizations(),
        Calibration.of(GRAPH, images, Int8Form.STANDARD).graph().quantizations());
  }

  @Test
  void aValueThatIsNoNumberIsNamed() {
    GraphBuilder builder = new GraphBuilder("log", Shape.of(1, 28, 28), GRAPH.task(), 1);
    String relu = builder.add("relu", new Operation.Relu(), builder.image());
    String log = builder.add("log", new Operation.Activation(Operation.Curve.LOG), relu);
    String flat = builder.add("flat", new Operation.Flatten(), log);
    Graph graph = builder.build(builder.linear("linear", flat, GRAPH.classes()));
    String refusal =
        assertThrows(BadInputException.class, () -> ValueHistograms.of(graph, IMAGES)).getMessage();
    assertTrue(refusal.startsWith("log: value 'log': expected numbers"), refusal);
  }

  @Test
  void noMoreImagesAreTakenThanNeededAndThoseFromEverywhere() {
    LabelledImages many = TestImages.labelledBy(GRAPH, 300);
    CalibrationImages images = CalibrationImages.of(0, many, IMAGES);
    assertEquals(256, images.ranges().size());
    assertEquals(60, images.choice().size());
    assertEquals(many.label(298), images.ranges().label(255));
  }

  @Test
  void ofLargeNetworksFewerImagesAreTaken() {
    LabelledImages many = TestImages.labelledBy(GRAPH, 600);
    CalibrationImages images = CalibrationImages.of(200_000_000, many, many);
    assertEquals(64, images.ranges().size());
    assertEquals(125, images.choice().size());
    CalibrationImages fewest = CalibrationImages.of(4_000_000_000L, many, many);
    assertEquals(48, fewest.ranges().size());
    assertEquals(100, fewest.choice().size());
  }

  @Test
  void theScalesDoNotDependOnTheProcessors() throws Exception {
    CalibrationImages images = CalibrationImages.of(0, IMAGES, IMAGES);
    Calibrated here = Calibration.of(GRAPH, images, Int8Form.STANDARD);
    for (int processors : new int[] {1, 5}) {
      ForkJoinPool pool = new ForkJoinPool(processors);
      try {
        Calibrated there =
            pool.submit(() -> Calibration.of(GRAPH, images, Int8Form.STANDARD)).get();
        assertEquals(here.graph().quantizations(), there.graph().quantizations());
        assertEquals(here.ranges().divergences(), there.ranges().divergences());
      } finally {
        pool.shutdown();
      }
    }
  }
}
