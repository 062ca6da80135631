package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadArgumentsTest {
  @TempDir private Path temporary;

  @Test
  void noCommandPointsToTheHelp() {
    assertEquals(
        "shallows: expected a command, found none; try: ./shallows --help",
        CommandLineSession.refusal());
  }

  @Test
  void aMisspeltCommandIsGuessed() {
    assertTrue(CommandLineSession.refusal("trian").contains("did you mean train?"));
  }

  @ParameterizedTest
  @CsvSource({
    "run, --lr, did you mean --learning-rate?",
    "run, --batch-size, did you mean --batch?",
    "run, --learn, did you mean --learning-rate?",
    "run, --epcohs, did you mean --epochs?",
    "run, --max_drop, did you mean --max-drop?",
    "run, --resume, the same command goes on by itself where it was stopped",
    "shrink a.onnx --data b, --resume, the same command goes on by itself where it was stopped",
    "train, --force, nothing is ever overwritten; choose another --out",
    "sweep, --model, did you mean --networks?",
    "export a, --quantize, did you mean --precision?",
    "classify a b, -k, did you mean --top?"
  })
  void anOptionUnderAnotherNameIsGuessed(String command, String option, String suggestion) {
    String line = CommandLineSession.refusal((Object[]) (command + " " + option + " 1").split(" "));

    assertTrue(line.contains(", " + suggestion + "; try: "), line);
  }

  @ParameterizedTest
  @CsvSource({"predict, classify", "evaluate, verify", "compress, shrink", "help, --help"})
  void aCommandUnderAnotherNameIsGuessed(String word, String command) {
    String line = CommandLineSession.refusal(word);

    assertTrue(line.contains("did you mean " + command + "?"), line);
  }

  @Test
  void aFileIsNoRun() throws Exception {
    Path file = Files.createFile(temporary.resolve("a.onnx"));

    String line = CommandLineSession.refusal("prune", file);

    assertTrue(line.contains(file + ": expected the folder of a run, found a file; "), line);
  }

  @Test
  void imagesWithoutTheirOptionAreGuessed() {
    String line = CommandLineSession.refusal("run", "my-photos");

    assertTrue(line.contains("did you mean --data my-photos?"), line);
  }

  @Test
  void anOptionThatIsLikeNoneIsNotGuessed() {
    String line = CommandLineSession.refusal("run", "--xyzzy", "3");

    assertFalse(line.contains("did you mean"), line);
  }

  @Test
  void aMisspeltOptionPointsToTheHelpOfItsCommand() {
    String line = CommandLineSession.refusal("train", "--epcohs", "3");

    assertTrue(line.endsWith("try: ./shallows train --help"), line);
  }

  @ParameterizedTest
  @CsvSource({
    "--epochs, 0",
    "--batch, -1",
    "--learning-rate, NaN",
    "--size, 4",
    "--train-images, 3",
    "--threads, -2",
    "--threads, 100000",
    "--device, tpu",
    "--device, 'cuda:0,cuda:0'",
    "--checkpoint-minutes, -1",
    "--checkpoint-minutes, NaN",
    "--on-divergence, hope",
    "--on, hadoop",
    "--time-limit, 0",
    "--time-limit, NaN",
    "--patience, -1",
    "--patience, 15",
    "--balance, classes",
    "--mixed-precision, fp16",
    "--resized-crop, 1",
    "--trivial-augment, often",
    "--color-jitter, 1.5",
    "--random-erasing, -0.1",
    "--network, resnet-31",
    "--survival, linear:1.5",
    "--max-bytes, 100QB",
    "--max-bytes, -5",
    "--max-macs, 120%",
    "--max-drop, -1",
    "--max-drop, 101",
    "--fine-tune-epochs, -1",
    "--fine-tune-rate, 0",
    "--fine-tune-rate, NaN",
    "--precision, int3",
    "--format, caffe",
    "--seed, one"
  })
  void aValueThatDoesNotFitIsNamedAndLeavesNoFolder(String option, String value) {
    Path out = temporary.resolve("run");

    String line = CommandLineSession.refusal("run", "--out", out, option, value);

    assertTrue(line.contains(option.substring(2)), line);
    assertFalse(Files.exists(out), line);
  }

  @Test
  void wordsAreListedAsTheyAreWritten() {
    String line = CommandLineSession.refusal("export", "run", "--precision", "int3");

    assertTrue(
        line.contains(
            "expected one of fp32, fp16, int8-weights, int4-weights, int8, binary, binary-fast, mixed,"
                + " found int3"),
        line);

    line = CommandLineSession.refusal("export", "run", "--format", "caffe");

    assertTrue(line.contains("expected one of onnx, tflite, found caffe"), line);
  }

  @ParameterizedTest
  @CsvSource({"--seed, a whole number", "--epochs, a whole number", "--max-drop, a number"})
  void aWordIsNoNumber(String option, String expected) {
    String line = CommandLineSession.refusal("run", option, "one");

    assertTrue(line.contains("expected " + expected + ", found one"), line);
  }

  @Test
  void moreThreadsThanAMachineBearsAreRefusedBeforeAnythingIsOpened() {
    String line =
        CommandLineSession.refusal("verify", temporary.resolve("run"), "--threads", 100_000);

    assertTrue(line.contains("--threads: expected at most"), line);
    assertTrue(line.contains("found 100000"), line);
  }

  @ParameterizedTest
  @CsvSource({"crops:1", "crops:10", "draws:1", "draws:101", "draws:x", "flips"})
  void copiesThatThereAreNotAreNamed(String word) {
    String line = CommandLineSession.refusal("verify", temporary.resolve("run"), "--tta", word);

    assertTrue(line.contains("or draws:N with N from 2 to 100, found " + word), line);
  }

  @ParameterizedTest
  @CsvSource({"run, --out", "train, --out", "run, --data"})
  void anEmptyPathIsNamed(String command, String option) {
    String line = CommandLineSession.refusal(command, option, "");

    assertTrue(line.contains(option), line);
  }

  @ParameterizedTest
  @CsvSource({"prune", "export", "verify", "report", "inspect"})
  void aRunThatIsNotThereIsNamed(String command) {
    Path missing = temporary.resolve("no such run");

    String line = CommandLineSession.refusal(command, missing);

    assertTrue(line.contains(missing.toString()), line);
    assertFalse(Files.exists(missing));
  }

  @ParameterizedTest
  @CsvSource({"prune", "export", "verify", "report", "inspect"})
  void aFolderThatIsNoRunIsNamed(String command) {
    String line = CommandLineSession.refusal(command, temporary);

    assertTrue(line.contains("found no run.json in it"), line);
    assertEquals(0, temporary.toFile().list().length);
  }
}
