package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Operation;
import shallows.model.graph.Rewrites;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;

/** A network that somebody else trained, from its file to checked smaller files. */
@Tag("trains")
class ShrinkTest {
  @TempDir private static Path temporary;

  private static Path theirs;
  private static Path pictures;
  private static List<String> classes;

  @BeforeAll
  static void trainElsewhere() throws IOException {
    TrainedElsewhere trained = TrainedElsewhere.in(temporary);
    theirs = trained.network();
    pictures = trained.pictures();
    classes = trained.classes();
  }

  @Test
  void aFileBecomesACheckedRunThatEveryCommandKnows() throws IOException {
    Path run = temporary.resolve("run");
    // To a size, at whatever accuracy that has: so every file passes.
    Object[] line = {
      "shrink",
      theirs,
      "--data",
      pictures,
      "--max-macs",
      "70%",
      "--max-drop",
      100,
      "--out",
      run,
      "--quiet"
    };
    CommandLineSession shrunk = CommandLineSession.of(line);

    assertEquals(0, shrunk.status(), shrunk.toString());
    assertTrue(
        shrunk.err().get(0).contains("normalization data, by the accuracy on"), shrunk.toString());
    Graph full = OnnxReader.read(run.resolve("train/model.onnx"));
    assertEquals(classes, full.task().labels());
    assertTrue(full.nodes().stream().anyMatch(n -> n.operation() instanceof Operation.BatchNorm));
    for (Block block : full.blocks()) {
      assertEquals(1f, full.survival(block));
    }
    for (String file :
        List.of("report.html", "train/survival.json", "prune/plan.json", "verify/verify.json")) {
      assertTrue(Files.exists(run.resolve(file)), file);
    }
    JsonObject report = json(run.resolve("report.json"));
    assertTrained(report);
    assertTrue(
        report.getAsJsonObject("pruned").get("macs").getAsLong()
            <= 0.7 * report.getAsJsonObject("full").get("macs").getAsLong());
    for (JsonElement file : report.getAsJsonObject("verification").getAsJsonArray("files")) {
      assertTrue(file.getAsJsonObject().get("passed").getAsBoolean(), file.toString());
    }
    JsonObject first =
        json(run.resolve("train/survival.json")).getAsJsonArray("blocks").get(0).getAsJsonObject();
    assertFalse(first.get("leaveOneOut").isJsonNull());

    CommandLineSession again = CommandLineSession.of(line);
    assertEquals(0, again.status());
    assertTrue(again.err().get(0).contains("finished"), again.toString());
    assertEquals(
        0, CommandLineSession.of("prune", run, "--fine-tune-epochs", 0, "--quiet").status());
    assertEquals(
        0,
        CommandLineSession.of(
                "export", run, "--precision", "fp32,int8", "--format", "onnx", "--quiet")
            .status());
  }

  @Test
  void trainedOnItIsStillComparedWithTheNetworkThatCame() throws IOException {
    Path run = temporary.resolve("trained-on");
    Object[] line = {
      "shrink",
      theirs,
      "--data",
      pictures,
      "--epochs",
      1,
      "--fine-tune-epochs",
      1,
      "--batch",
      32,
      "--max-drop",
      10,
      "--precision",
      "fp32,int8",
      "--format",
      "onnx",
      "--out",
      run,
      "--quiet"
    };
    CommandLineSession shrunk = CommandLineSession.of(line);

    assertTrue(
        shrunk.err().stream().anyMatch(each -> each.contains("--max-drop counts from how it came")),
        shrunk.toString());
    Graph original = OnnxReader.read(run.resolve("train/original.onnx"));
    Graph trained = OnnxReader.read(run.resolve("train/model.onnx"));
    assertEquals(classes, original.task().labels());
    assertEquals(original.blocks().size(), trained.blocks().size());
    assertTrue(trained.blocks().stream().anyMatch(block -> trained.survival(block) < 1));
    JsonObject survival = json(run.resolve("train/survival.json"));
    assertTrue(survival.get("steps").getAsInt() > 0);
    JsonObject verification = json(run.resolve("verify/verify.json"));
    double asItCame = verification.get("originalAccuracy").getAsDouble();
    assertEquals(verification, json(run.resolve("report.json")).get("verification"));
    boolean allPassed = true;
    for (JsonElement export : verification.getAsJsonArray("files")) {
      JsonObject file = export.getAsJsonObject();
      allPassed &= file.get("passed").getAsBoolean();
      // All of them match their graphs, so accuracy alone decides, in favour of the file where the
      // 80 images leave it to chance: by less than three standard errors of 0.05.
      double lost = asItCame - file.get("accuracy").getAsDouble();
      boolean passed = file.get("passed").getAsBoolean();
      assertTrue(passed || lost > 0.1 - 1e-9, file.toString());
      assertTrue(!passed || lost < 0.1 + 0.15, file.toString());
    }
    assertTrue(shrunk.status() == 0 || !allPassed, shrunk.toString());
    JsonObject plan = json(run.resolve("prune/plan.json")).getAsJsonObject("summary");
    assertTrue(plan.get("fineTuning").getAsString().contains("50 % of the targets"), "" + plan);

    CommandLineSession others = CommandLineSession.of(with(line, "--distill", 0));
    assertEquals(2, others.status(), others.toString());
    assertTrue(others.err().get(others.err().size() - 1).contains("--distill"), others.toString());
  }

  @Test
  void aSoftmaxAtTheEndIsLeftOut() throws IOException {
    Path file = temporary.resolve("probabilities.onnx");
    var model = ai.onnx.proto.OnnxMl.ModelProto.parseFrom(Files.readAllBytes(theirs)).toBuilder();
    var output = model.getGraphBuilder().getOutputBuilder(0);
    model
        .getGraphBuilder()
        .addNode(
            ai.onnx.proto.OnnxMl.NodeProto.newBuilder()
                .setOpType("Softmax")
                .addInput(output.getName())
                .addOutput("probabilities"));
    output.setName("probabilities");
    Files.write(file, model.build().toByteArray());
    Path run = temporary.resolve("probabilities");
    CommandLineSession shrunk =
        CommandLineSession.of(
            "shrink",
            file,
            "--data",
            pictures,
            "--max-drop",
            100,
            "--precision",
            "fp32",
            "--format",
            "onnx",
            "--out",
            run,
            "--quiet");

    assertEquals(0, shrunk.status(), shrunk.toString());
    Graph full = OnnxReader.read(run.resolve("train/model.onnx"));
    assertTrue(full.node(full.output()).operation() instanceof Operation.Linear);
    assertTrained(json(run.resolve("report.json")));
  }

  private static Object[] with(Object[] line, Object... more) {
    return Stream.concat(Arrays.stream(line), Arrays.stream(more)).toArray();
  }

  @Test
  void aNetworkWithoutBlocksIsToldSoAndExported() {
    Graph graph = OnnxReader.read(theirs);
    Path plain = temporary.resolve("plain.onnx");
    OnnxWriter.write(
        Rewrites.drop(
            graph, java.util.Set.copyOf(graph.blocks().stream().map(Block::name).toList())),
        plain);
    Path run = temporary.resolve("plain-run");
    CommandLineSession session =
        CommandLineSession.of(
            "shrink",
            plain,
            "--data",
            pictures,
            "--labels",
            labelsFile(),
            "--normalization",
            "data",
            "--max-drop",
            100,
            "--precision",
            "int8",
            "--format",
            "onnx",
            "--out",
            run,
            "--quiet");

    assertEquals(0, session.status(), session.toString());
    assertTrue(
        session.err().stream().anyMatch(line -> line.contains("no residual blocks found")),
        session.toString());
    assertTrue(Files.exists(run.resolve("export/plain-run-int8.onnx")), session.toString());
    String line =
        CommandLineSession.refusal(
            "shrink", plain, "--data", pictures, "--max-macs", "50%", "--out", run + "2");
    assertTrue(line.contains("found none"), line);
  }

  /** Read right it is two thirds accurate, read wrong it guesses: 10 %. */
  private static void assertTrained(JsonObject report) {
    double accuracy =
        report.getAsJsonObject("verification").get("expectationAccuracy").getAsDouble();
    assertTrue(accuracy > 0.5, "accuracy " + accuracy);
  }

  private static Path labelsFile() {
    try {
      return Files.writeString(temporary.resolve("all.txt"), String.join("\n", classes));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static JsonObject json(Path file) throws IOException {
    return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }
}
