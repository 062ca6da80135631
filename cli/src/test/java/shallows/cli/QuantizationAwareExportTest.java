package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.export.ExportedFile;
import shallows.export.NetworkForm;
import shallows.pipeline.report.Report;

/** {@code export --qat} of small runs. */
@Tag("trains")
class QuantizationAwareExportTest {
  @TempDir private static Path shared;
  private static Path data;
  private static Path run;

  @BeforeAll
  static void trainsAndPrunes() throws IOException {
    data = TestPictures.writeFolder(shared.resolve("pictures"), 40, "cat", "dog");
    run = shared.resolve("run");
    done(
        "train --network resnet-8-s2 --epochs 2 --batch 16 --quiet --data",
        data.toString(),
        "--out",
        run.toString());
    done("prune --fine-tune-epochs 0 --max-drop 100 --max-bytes 50% --quiet", run.toString());
  }

  /**
   * Whether so little training helps, rounding may decide; what follows from it either way, not.
   * That it helps where 8 bits are bad is for {@link QuantizationAwareTrainingTest}.
   */
  @Test
  void tunesForIntegersAloneAndSaysWhichFilesItTuned() throws IOException {
    Path trained = shared.resolve("trained");
    done(
        "train --data fashion-mnist-mini --train-images 1500 --network resnet-8-s2 --epochs 4"
            + " --quiet --out",
        trained.toString());
    done("prune --fine-tune-epochs 1 --max-bytes 90% --max-drop 100 --quiet", trained.toString());
    done("export --quiet", trained.toString());
    assertFalse(Files.exists(trained.resolve("export/qat")));
    byte[] floats = bytes(trained, "trained-fp32.tflite");
    byte[] integers = bytes(trained, "trained-int8.tflite");
    byte[] full = bytes(trained, "trained-full-int8.tflite");

    CommandLineSession session =
        CommandLineSession.of("export", trained, "--qat", "2", "--quiet", "--threads", "1");
    assertEquals(0, session.status(), session.toString());
    String remark = session.err().toString();
    assertTrue(remark.contains("after 2 epochs with simulated quantization"), remark);
    boolean helped = !remark.contains("no help");
    assertArrayEquals(floats, bytes(trained, "trained-fp32.tflite"));
    assertArrayEquals(full, bytes(trained, "trained-full-int8.tflite"));
    assertEquals(!helped, Arrays.equals(integers, bytes(trained, "trained-int8.tflite")));
    assertEquals(helped, Files.exists(trained.resolve("export/qat/trained/model.onnx")));
    assertEquals(3, Files.readAllLines(trained.resolve("export/qat/trained/history.csv")).size());

    done("verify --max-drop 100 --quiet", trained.toString());
    done("report", trained.toString());
    Report report = Report.FORMAT.read(trained.resolve("report.json"));
    for (ExportedFile file : report.export().files()) {
      boolean tuned =
          helped && file.network() == NetworkForm.PRUNED && file.precision().isInteger();
      assertEquals(tuned, file.tuned() != null, file.file());
    }
    assertEquals(helped, Files.readString(trained.resolve("report.html")).contains("int8, QAT"));

    done("export --quiet", trained.toString());
    assertFalse(Files.exists(trained.resolve("export/qat")), "what was tuned goes with its files");
    assertArrayEquals(integers, bytes(trained, "trained-int8.tflite"));
  }

  @Test
  void epochsThatAreNoneOrNoNumberAreRefused() {
    String none = CommandLineSession.refusal("export", run, "--qat", "0");
    assertTrue(none.contains("--qat: expected at least 1 epoch, found 0"), none);
    String few = CommandLineSession.refusal("export", run, "--qat", "-1");
    assertTrue(few.contains("--qat"), few);
    String word = CommandLineSession.refusal("export", run, "--qat", "few");
    assertTrue(word.contains("--qat"), word);
  }

  @Test
  void filesOfFloatsAloneHaveNothingToTuneFor() {
    for (String command : List.of("export", "run")) {
      String[] more = command.equals("run") ? new String[] {"--out"} : new String[0];
      Object[] words = {command, "--qat", "--precision", "fp32,binary"};
      Object[] all = new Object[words.length + more.length + 1];
      System.arraycopy(words, 0, all, 0, words.length);
      System.arraycopy(more, 0, all, words.length, more.length);
      all[all.length - 1] = command.equals("run") ? shared.resolve("other") : run;
      String line = CommandLineSession.refusal(all);
      assertTrue(
          line.contains(
              "--qat: expected int8, mixed or binary-fast among the precisions, found [fp32,"
                  + " binary]"),
          line);
    }
  }

  @Test
  void whereNothingIsTunedADeviceAndThreadsAreRefused() {
    String device = CommandLineSession.refusal("export", run, "--device", "cpu");
    assertTrue(device.contains("--device: expected --qat beside it"), device);
    String threads = CommandLineSession.refusal("export", run, "--threads", "1");
    assertTrue(threads.contains("--threads: expected --qat beside it"), threads);
  }

  @Test
  void withoutItsImagesARunIsNotTuned() throws IOException {
    Path away = shared.resolve("away");
    Files.move(data, away);
    try {
      String line = CommandLineSession.refusal("export", run, "--qat");
      assertTrue(line.contains("pictures"), line);
    } finally {
      Files.move(away, data);
    }
  }

  @Test
  void onOtherImagesThanThoseOfItsTrainingARunIsNotTuned() throws IOException {
    Path one;
    try (var files = Files.walk(data)) {
      one = files.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
    }
    Path away = shared.resolve("one");
    Files.move(one, away);
    try {
      String line = CommandLineSession.refusal("export", run, "--qat");
      assertTrue(line.contains("images of this run's training"), line);
    } finally {
      Files.move(away, one);
    }
  }

  private static byte[] bytes(Path of, String file) throws IOException {
    return Files.readAllBytes(of.resolve("export").resolve(file));
  }

  private static void done(String words, String... more) {
    Object[] all = new Object[words.split(" ").length + more.length];
    System.arraycopy(words.split(" "), 0, all, 0, all.length - more.length);
    System.arraycopy(more, 0, all, all.length - more.length, more.length);
    CommandLineSession session = CommandLineSession.of(all);
    assertEquals(0, session.status(), session.toString());
  }
}
