package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.DataSet;
import shallows.data.LabelledImages;
import shallows.export.verify.FileCheck;
import shallows.model.graph.Graph;
import shallows.model.onnx.read.OnnxReader;
import shallows.pipeline.event.Listener;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.PruneSettings;
import shallows.pipeline.report.Report;
import shallows.pipeline.stage.PruneStage;
import shallows.pipeline.stage.RunImages;
import shallows.pipeline.stage.Work;
import shallows.prune.plan.Family;
import shallows.train.options.Compute;

/** Prunes one small trained run in the ways that the command offers. */
@Tag("trains")
class PruningTest {
  @TempDir private static Path shared;
  private static Path run;

  @BeforeAll
  static void trains() throws IOException {
    Path data = TestPictures.writeFolder(shared.resolve("pictures"), 40, "cat", "dog");
    run = shared.resolve("run");
    CommandLineSession trained =
        CommandLineSession.of(
            "train",
            "--data",
            data,
            "--network",
            "resnet-14-s2",
            "--epochs",
            "1",
            "--out",
            run,
            "--quiet");
    assertEquals(0, trained.status(), trained.toString());
  }

  @Test
  void neverReadsATestImage() throws ReflectiveOperationException {
    try (OpenRun open = OpenRun.existing(run)) {
      RunImages images = RunImages.open(open.record().train(), Listener.SILENT);
      DataSet data = images.data();
      LabelledImages test = unreadable(data.test());
      assertThrows(NullPointerException.class, () -> test.label(0));
      assertThrows(NullPointerException.class, () -> test.image(0));
      RunImages guarded =
          new RunImages(new DataSet(data.name(), data.spec(), data.train(), test), images.split());
      Work work = new Work(open, Compute.cpu(1), Listener.SILENT).with(guarded);
      PruneStage.run(work, settings(100));
    }
    assertTrue(Files.exists(run.resolve("prune/plan.json")));
  }

  @Test
  void carriesOutAnEditedPlanAndRefusesAWrongOneByName() throws IOException {
    prune("--max-drop", "0", "--fine-tune-epochs", "0");
    String plan = Files.readString(run.resolve("prune/plan.json"));
    assertTrue(plan.contains("\"budget\""), plan);
    Path edited = shared.resolve("edited.json");
    Files.writeString(
        edited,
        plan.replaceAll(
            "(\"name\": \"stage2/block02\",\\s*\"decision\": )\"[a-z]+\"", "$1\"drop\""));
    prune("--plan", edited, "--fine-tune-epochs", "0");
    Graph cut = OnnxReader.read(run.resolve("prune/model.onnx"));
    assertTrue(cut.block("stage2/block02").isEmpty());
    byte[] once = Files.readAllBytes(run.resolve("prune/model.onnx"));
    prune("--plan", run.resolve("prune/plan.json"), "--fine-tune-epochs", "0");
    assertArrayEquals(once, Files.readAllBytes(run.resolve("prune/model.onnx")));

    Path wrong = shared.resolve("wrong.json");
    Files.writeString(wrong, plan.replace("stage2/block02", "stem"));
    String refusal = CommandLineSession.refusal("prune", run, "--plan", wrong, "--quiet");
    assertTrue(refusal.contains("'stem', layers outside of any block"), refusal);
    // The refused plan has changed nothing.
    assertArrayEquals(once, Files.readAllBytes(run.resolve("prune/model.onnx")));
  }

  @Test
  void aNarrowBlockOfOneBitGoesThroughEveryStage() throws IOException {
    Path plan = shared.resolve("both.json");
    Files.writeString(
        plan,
        """
        {"blocks": [
          {"name": "stage2/block02", "decision": "binarize", "width": 0.5},
          {"name": "stage3/block02", "decision": "narrow", "width": 0.25},
          {"name": "stage1/block02", "decision": "drop"}]}
        """);
    prune("--plan", plan, "--fine-tune-epochs", "0", "--max-drop", "100");
    assertEquals(
        0,
        CommandLineSession.of("export", run, "--precision", "fp32,int8,binary,mixed", "--quiet")
            .status());
    CommandLineSession verified =
        CommandLineSession.of("verify", run, "--max-drop", "100", "--quiet");
    assertEquals(0, verified.status(), verified.toString());
    assertEquals(0, CommandLineSession.of("report", run, "--quiet").status());
    Report report = Report.FORMAT.read(run.resolve("report.json"));
    assertTrue(report.plan().inWords().contains("1 binarized (narrowed too), 1 narrowed"));
    assertTrue(report.verification().files().stream().allMatch(FileCheck::passed));
    // Of one bit and half as wide, it is the smaller file for it.
    assertTrue(bytes("run-binary.tflite") < bytes("run-fp32.tflite"));
    String shown = String.join("\n", CommandLineSession.of("inspect", run).out());
    assertTrue(shown.contains("narrow to 0.50, binarize"), shown);
    assertTrue(shown.contains("narrow to 0.25"), shown);
    prune("--max-drop", "100", "--fine-tune-epochs", "0");
  }

  private static long bytes(String file) throws IOException {
    return Files.size(run.resolve("export").resolve(file));
  }

  @Test
  void aLimitOutOfReachIsNamedWithHowNearItCame() {
    String refusal =
        CommandLineSession.refusal(
            "prune", run, "--max-latency", "0.000001ms", "--max-drop", "100", "--quiet");
    assertTrue(refusal.contains("ms an image in the fastest TFLite file"), refusal);
    assertTrue(refusal.contains(" times that)"), refusal);
    refusal = CommandLineSession.refusal("prune", run, "--max-bytes", "50%", "--family", "nano");
    assertTrue(refusal.contains("--family"), refusal);
  }

  @Test
  void aFamilyIsNestedExportedVerifiedAndDrawn() {
    prune("--family", "base=80%,tiny=45%", "--max-drop", "100", "--fine-tune-epochs", "0");
    assertTrue(Files.exists(run.resolve("prune/family.json")));
    assertTrue(Files.exists(run.resolve("prune/base/model.onnx")));
    assertEquals(
        0, CommandLineSession.of("export", run, "--precision", "fp32,int8", "--quiet").status());
    // Everything is allowed, so the smallest stands for the run and the other has its own files.
    assertTrue(Files.exists(run.resolve("export/run-fp32.tflite")));
    assertTrue(Files.exists(run.resolve("export/run-base-fp32.tflite")));
    assertFalse(Files.exists(run.resolve("export/run-tiny-fp32.tflite")));
    assertEquals(0, CommandLineSession.of("verify", run, "--max-drop", "100", "--quiet").status());
    assertEquals(0, CommandLineSession.of("report", run, "--quiet").status());
    Report report = Report.FORMAT.read(run.resolve("report.json"));
    List<Family.Member> sizes = report.family().members();
    assertEquals(List.of("base", "tiny"), sizes.stream().map(Family.Member::name).toList());
    assertEquals("tiny", report.family().chosen());
    assertTrue(sizes.get(1).summary().bytes() < sizes.get(0).summary().bytes());
    assertEquals(
        4, report.export().files().stream().filter(f -> "base".equals(f.member())).count());
    assertTrue(Files.exists(run.resolve("bundle/run-base-int8.tflite")));
    prune("--max-drop", "100", "--fine-tune-epochs", "0");
    assertFalse(Files.exists(run.resolve("prune/family.json")));
  }

  private static void prune(Object... options) {
    Object[] words = new Object[options.length + 3];
    words[0] = "prune";
    words[1] = run;
    words[2] = "--quiet";
    System.arraycopy(options, 0, words, 3, options.length);
    CommandLineSession session = CommandLineSession.of(words);
    assertEquals(0, session.status(), session.toString());
  }

  private static PruneSettings settings(double maxDrop) {
    return PruneSettings.STANDARD.withMaxDrop(maxDrop).withFineTuneEpochs(1);
  }

  /** The same set, whose pixels and labels are gone: whoever reads one gets an exception. */
  private static LabelledImages unreadable(LabelledImages images)
      throws ReflectiveOperationException {
    LabelledImages copy = images.subset(0, images.size());
    for (String name : List.of("store", "labels")) {
      Field field = LabelledImages.class.getDeclaredField(name);
      field.setAccessible(true);
      field.set(copy, null);
    }
    return copy;
  }
}
