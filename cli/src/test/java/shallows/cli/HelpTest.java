package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import shallows.pipeline.folder.TrainSettings;
import shallows.train.options.TrainingOptions;

class HelpTest {
  static List<String> commands() {
    return List.of(
        "run",
        "shrink",
        "train",
        "prune",
        "export",
        "verify",
        "report",
        "apk",
        "web",
        "inspect",
        "convert",
        "classify",
        "sweep");
  }

  @Test
  void helpNamesEveryCommandAndTheExitStatuses() {
    CommandLineSession help = CommandLineSession.of("--help");
    String text = String.join("\n", help.out());

    assertEquals(0, help.status());
    for (String command : commands()) {
      assertTrue(text.contains("\n  " + command + " "), command);
    }
    assertTrue(text.contains("Exit status: 0"), text);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpOfACommandSaysWhatItReadsAndWritesWithAnExample(String command) {
    CommandLineSession help = CommandLineSession.of(command, "--help");
    String text = String.join("\n", help.out());

    assertEquals(0, help.status());
    assertTrue(text.contains("Reads  "), text);
    assertTrue(text.contains("Writes "), text);
    assertTrue(text.contains("  ./shallows " + command + " "), text);
    assertTrue(help.out().stream().allMatch(line -> line.length() <= 98), text);
    assertFalse(text.contains("......"), text);
  }

  @Test
  void theDefaultsOfTrainingAreThoseOfTheTrainer() {
    TrainingOptions standard = TrainingOptions.standard(TrainSettings.SEED);

    assertEquals(standard.epochs(), TrainSettings.EPOCHS);
    assertEquals(standard.batching().batch(), TrainSettings.BATCH);
    assertEquals(standard.schedule().learningRate(), TrainSettings.LEARNING_RATE);
  }

  @Test
  void theVersionIsThatOfTheBuild() {
    CommandLineSession version = CommandLineSession.of("--version");

    assertTrue(version.out().get(0).matches("shallows \\d+\\.\\d+\\.\\d+.*"), version.toString());
  }
}
