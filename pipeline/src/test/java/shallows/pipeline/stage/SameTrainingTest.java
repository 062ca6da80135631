package shallows.pipeline.stage;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.export.ExportSettings;
import shallows.model.BadInputException;
import shallows.pipeline.folder.ImportSettings;
import shallows.pipeline.folder.PruneSettings;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.TrainSettings;

class SameTrainingTest {
  @TempDir private Path temporary;

  @Test
  void theSameFileMayLieElsewhere() {
    RunRecord begun = imported("/a/theirs.onnx", "c0ffee", 0.5f);
    assertDoesNotThrow(() -> require(begun, imported("/b/theirs.onnx", "c0ffee", 0.5f)));
    assertTrue(
        refusal(begun, imported("/b/theirs.onnx", "decaf", 0.5f))
            .contains("begun with the file /a/theirs.onnx, found another, /b/theirs.onnx"));
  }

  @Test
  void whatDiffersIsInTheMessage() {
    String line =
        refusal(
            imported("/a/theirs.onnx", "c0ffee", 0.5f), imported("/a/theirs.onnx", "c0ffee", 0.4f));
    assertTrue(line.contains("[0.5] [1.0]") && line.contains("[0.4] [1.0]"), line);
  }

  private String refusal(RunRecord begun, RunRecord asked) {
    return assertThrows(BadInputException.class, () -> require(begun, asked)).getMessage();
  }

  private void require(RunRecord begun, RunRecord asked) {
    SameTraining.require(begun, asked, new RunFolder(temporary.resolve("run")));
  }

  private static RunRecord imported(String file, String sha256, float mean) {
    return RunRecord.begin(
            "run",
            "shrink",
            TrainSettings.STANDARD,
            PruneSettings.STANDARD,
            ExportSettings.STANDARD)
        .withImport(
            new ImportSettings(
                file,
                sha256,
                null,
                1,
                28,
                28,
                10,
                null,
                ImportSettings.GIVEN,
                List.of(mean),
                List.of(1f),
                0.5,
                null,
                null,
                null));
  }
}
