package shallows.pipeline.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.export.ExportSettings;
import shallows.export.quantize.WeightScales;
import shallows.export.quantize.calibrate.Calibrated;
import shallows.export.quantize.calibrate.Calibrator;
import shallows.export.quantize.calibrate.WeightRounding;
import shallows.pipeline.event.Event;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.PruneSettings;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.TrainSettings;
import shallows.train.options.Compute;

class Int8AdviceTest {
  @TempDir private Path folder;

  @Test
  void moreThanHalfAPointIsTold() {
    assertEquals(List.of(new Event.Int8Costs("trial", 0.8, 500)), advice(0.8));
  }

  @Test
  void halfAPointOrAGainIsNotWorthAWord() {
    assertEquals(List.of(), advice(0.5));
    assertEquals(List.of(), advice(-1));
  }

  private List<Event> advice(double pointsLost) {
    List<Event> told = new ArrayList<>();
    Calibrated calibrated =
        new Calibrated(
            null,
            new Calibrated.Ranges(Calibrator.MIN_MAX, 256, 500, Map.of()),
            new Calibrated.BiasesCorrected(0, false, Map.of()),
            new WeightRounding(WeightScales.PER_CHANNEL, false, false, 0, null),
            0,
            pointsLost,
            List.of());
    RunRecord fresh =
        RunRecord.begin(
            "trial",
            "train",
            TrainSettings.STANDARD,
            PruneSettings.STANDARD,
            ExportSettings.STANDARD);
    try (OpenRun run = OpenRun.of(new RunFolder(folder), fresh)) {
      Work work = new Work(run, Compute.cpu(1), told::add);
      assertEquals(Optional.empty(), new Int8Advice(work).tune("trial", null, calibrated, folder));
    }
    return told;
  }
}
