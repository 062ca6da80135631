package shallows.pipeline.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.data.HeldOutSplit;
import shallows.data.LabelledImages;
import shallows.model.json.JsonFormat;
import shallows.train.options.Optimizer;
import shallows.train.options.Schedule;
import shallows.train.options.Selection;
import shallows.train.options.TrainingOptions;

class TrainSettingsTest {
  @Test
  void theSettingsOfARecipeAreTheTrainersOwn() {
    TrainSettings standard = TrainSettings.STANDARD;
    assertEquals(TrainingOptions.standard(standard.seed()), standard.training());
    assertEquals(TrainingOptions.paper(standard.seed()), standard.withRecipe("paper").training());
    assertEquals(standard, standard.withRecipe("paper").withRecipe("standard"));
  }

  @Test
  void thePapersRecipeIsTheOneInThePaper() {
    TrainingOptions paper = TrainSettings.STANDARD.withRecipe("paper").training();
    assertEquals(128, paper.batching().batch());
    assertEquals(1, paper.batching().parts(128), "batch norm sees the whole batch");
    assertEquals(0.9, paper.optimizer().momentum());
    assertEquals(1e-4, paper.optimizer().weightDecay());
    assertEquals(Optimizer.OffBlocks.COAST, paper.optimizer().offBlocks());
    assertEquals(Schedule.halfAndThreeQuarters(0.1), paper.schedule());
    assertEquals(4, paper.augmentation().shift());
    assertTrue(paper.augmentation().flip());
    assertEquals(Selection.Keep.BEST, paper.selection().keep());
  }

  @Test
  void aTenthHeldOutOfCifarsTrainingImagesLeaves45000() {
    int[] labels = new int[50_000];
    Arrays.setAll(labels, i -> i % 10);
    List<String> classes = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j");
    HeldOutSplit split =
        new LabelledImages("cifar", classes, 1, 1, 1, new byte[labels.length], labels)
            .split(0.1, 1);
    assertEquals(45_000, split.train().size());
    assertEquals(5_000, split.heldOut().size());
  }

  @Test
  void everySettingOfTheRecordComesBack() {
    JsonFormat<TrainSettings> format =
        new JsonFormat<>(TrainSettings.class, "settings", "train again");
    TrainSettings paper = TrainSettings.STANDARD.withRecipe("paper");
    assertEquals(paper, format.parse(format.text(paper), "FILE"));
  }

  @Test
  void aStepScheduleCutsWhereItIsTold() {
    assertEquals(List.of(0.25, 0.9), schedule("step:0.25,0.9").cuts());
    assertEquals(List.of(0.5, 0.75), schedule("step").cuts());
    assertEquals(Schedule.Kind.CONSTANT, schedule("constant").kind());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "steps", "step:", "step:0.9,0.2", "step:1.5", "COSINE", "step:.5,"})
  void refusesWhatIsNoSchedule(String text) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> schedule(text));
    assertTrue(e.getMessage().startsWith("schedule: expected cosine, "), e.getMessage());
  }

  private static Schedule schedule(String text) {
    Schedule changed = TrainSettings.STANDARD.training().schedule().withShape(text);
    assertEquals(changed, changed.withShape(changed.shape()));
    return changed;
  }
}
