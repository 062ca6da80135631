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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.export.pass.ExportPasses;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.images.DataOptions;
import shallows.model.images.DataSet;
import shallows.model.images.DataSets;
import shallows.model.onnx.OnnxReader;
import shallows.model.onnx.OnnxWriter;
import shallows.model.progress.Progress;

/** A network that somebody else trained, from its file to checked smaller files. */
class ShrinkTest {
  @TempDir private static Path temporary;

  /** Batch norm folded, classes and normalization forgotten, as exporters leave a network. */
  private static Path theirs;

  /** Forty pictures of each class. */
  private static Path pictures;

  private static List<String> classes;

  @BeforeAll
  static void trainElsewhere() throws IOException {
    Path run = temporary.resolve("elsewhere");
    CommandLineSession training =
        CommandLineSession.of(
            "train",
            "--network",
            "resnet-14-s2",
            "--epochs",
            3,
            "--train-images",
            3000,
            "--survival",
            "linear:0.8",
            "--out",
            run,
            "--quiet");
    assertEquals(0, training.status(), training.toString());
    Graph trained = ExportPasses.all(OnnxReader.read(run.resolve("train/model.onnx")));
    classes = TestPictures.folderNames(trained.task().labels());
    theirs = temporary.resolve("theirs.onnx");
    OnnxWriter.write(trained.withTask(Task.unnamed(10, 1)), theirs);
    forgetTask(theirs);
    DataSet data =
        DataSets.open(DataSets.FASHION_MNIST_MINI, DataOptions.ofSeed(1), Progress.SILENT);
    pictures = TestPictures.writeFolder(temporary.resolve("pictures"), 40, data.train());
  }

  /** Other people's files have no task of ours; the blocks stay. */
  private static void forgetTask(Path file) throws IOException {
    var model = ai.onnx.proto.OnnxMl.ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    for (int i = model.getMetadataPropsCount() - 1; i >= 0; i--) {
      if (model.getMetadataProps(i).getKey().equals("shallows.task")) {
        model.removeMetadataProps(i);
      }
    }
    Files.write(file, model.build().toByteArray());
  }

  @Test
  void aFileBecomesACheckedRunThatEveryCommandKnows() throws IOException {
    Path run = temporary.resolve("run");
    CommandLineSession shrunk =
        CommandLineSession.of(
            "shrink", theirs, "--data", pictures, "--max-drop", 10, "--out", run, "--quiet");

    assertTrue(shrunk.status() < 2, shrunk.toString());
    assertTrue(
        shrunk.err().get(0).contains("normalization data, by the accuracy on"), shrunk.toString());
    Graph full = OnnxReader.read(run.resolve("train/model.onnx"));
    assertEquals(classes, full.task().labels());
    assertTrue(full.nodes().stream().anyMatch(n -> n.operation() instanceof Operation.BatchNorm));
    for (Block block : full.blocks()) {
      assertEquals(1f, full.survival(block));
    }
    for (String file :
        List.of("report.html", "train/survival.json", "prune/plan.json", "export/verify.json")) {
      assertTrue(Files.exists(run.resolve(file)), file);
    }
    JsonObject report = json(run.resolve("report.json"));
    assertTrue(report.getAsJsonObject("full").get("accuracy").getAsDouble() > 0.5);
    assertTrue(
        report.getAsJsonObject("pruned").get("macs").getAsLong()
            < report.getAsJsonObject("full").get("macs").getAsLong());
    JsonObject first =
        json(run.resolve("train/survival.json")).getAsJsonArray("blocks").get(0).getAsJsonObject();
    assertFalse(first.get("leaveOneOut").isJsonNull());

    CommandLineSession again =
        CommandLineSession.of(
            "shrink", theirs, "--data", pictures, "--max-drop", 10, "--out", run, "--quiet");
    assertEquals(shrunk.status(), again.status());
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

    assertTrue(shrunk.status() < 2, shrunk.toString());
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
    JsonObject verification = json(run.resolve("export/verify.json"));
    double asItCame = verification.get("originalAccuracy").getAsDouble();
    assertEquals(asItCame, json(run.resolve("report.json")).get("original").getAsDouble());
    for (JsonElement export : verification.getAsJsonArray("exports")) {
      JsonObject file = export.getAsJsonObject();
      // All of them match their graphs, so accuracy alone decides.
      assertEquals(
          file.get("accuracy").getAsDouble() >= asItCame - 0.1 - 1e-9,
          file.get("passed").getAsBoolean(),
          file.toString());
    }
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
            10,
            "--precision",
            "fp32",
            "--format",
            "onnx",
            "--out",
            run,
            "--quiet");

    assertTrue(shrunk.status() < 2, shrunk.toString());
    Graph full = OnnxReader.read(run.resolve("train/model.onnx"));
    assertTrue(full.node(full.output()).operation() instanceof Operation.Linear);
    assertTrue(
        json(run.resolve("report.json")).getAsJsonObject("full").get("accuracy").getAsDouble()
            > 0.5);
  }

  private static Object[] with(Object[] line, Object... more) {
    return Stream.concat(Arrays.stream(line), Arrays.stream(more)).toArray();
  }

  @Test
  void greyImagesDoForANetworkOfColours() throws IOException {
    Path colour = temporary.resolve("colour.onnx");
    Graph grey = OnnxReader.read(theirs);
    Node first = grey.nodes().get(0);
    String weight = first.inputs().get(1);
    float[] values = grey.parameter(weight).values();
    Shape shape = grey.parameter(weight).shape();
    int kernel = shape.dimension(2) * shape.dimension(3);
    float[] thirds = new float[3 * values.length];
    for (int i = 0; i < thirds.length; i++) {
      thirds[i] = values[i / (3 * kernel) * kernel + i % kernel] / 3;
    }
    Map<String, Tensor> parameters = new LinkedHashMap<>(grey.parameters());
    parameters.put(
        weight,
        new Tensor(
            Shape.of(shape.dimension(0), 3, shape.dimension(2), shape.dimension(3)), thirds));
    Shape image = grey.input().shape();
    OnnxWriter.write(
        new Graph(
            "colour",
            new Graph.Input(
                grey.input().name(), Shape.of(3, image.dimension(1), image.dimension(2))),
            grey.nodes(),
            grey.output(),
            parameters,
            grey.blocks(),
            Task.unnamed(10, 3),
            Map.of()),
        colour);
    forgetTask(colour);
    Path run = temporary.resolve("colour-run");
    CommandLineSession shrunk =
        CommandLineSession.of(
            "shrink",
            colour,
            "--data",
            pictures,
            "--max-drop",
            10,
            "--precision",
            "fp32",
            "--format",
            "onnx",
            "--out",
            run,
            "--quiet");

    assertTrue(shrunk.status() < 2, shrunk.toString());
    assertTrue(
        shrunk.err().stream().anyMatch(each -> each.contains("grey images for a network of 3")),
        shrunk.toString());
    assertTrue(
        json(run.resolve("report.json")).getAsJsonObject("full").get("accuracy").getAsDouble()
            > 0.5);
  }

  @Test
  void aFolderOfSomeClassesNeedsTheNamesOfAllOutputs() throws IOException {
    Path some = temporary.resolve("some");
    DataSet data =
        DataSets.open(DataSets.FASHION_MNIST_MINI, DataOptions.ofSeed(1), Progress.SILENT);
    TestPictures.writeFolder(some, 30, data.train());
    for (String name : classes.subList(3, 10)) {
      TestPictures.delete(some.resolve(name));
    }
    Path run = temporary.resolve("some-run");

    String line = CommandLineSession.refusal("shrink", theirs, "--data", some, "--out", run);
    assertTrue(line.contains("each of the 10 outputs"), line);
    assertTrue(line.contains("found 3 classes"), line);
    assertTrue(line.contains("--labels"), line);

    Path labels = Files.writeString(temporary.resolve("labels.txt"), String.join("\n", classes));
    CommandLineSession session =
        CommandLineSession.of(
            "shrink",
            theirs,
            "--data",
            some,
            "--labels",
            labels,
            "--max-drop",
            20,
            "--precision",
            "fp32",
            "--format",
            "onnx",
            "--out",
            run,
            "--quiet");
    assertTrue(session.status() < 2, session.toString());
    assertEquals(classes, OnnxReader.read(run.resolve("train/model.onnx")).task().labels());
    assertTrue(
        json(run.resolve("report.json")).getAsJsonObject("full").get("accuracy").getAsDouble()
            > 0.5);
  }

  @Test
  void aWrongNormalizationIsToldFirstWithTheBetterOne() {
    CommandLineSession session =
        CommandLineSession.of(
            "shrink",
            theirs,
            "--data",
            pictures,
            "--normalization",
            "bytes",
            "--precision",
            "fp32",
            "--format",
            "onnx",
            "--out",
            temporary.resolve("bytes"),
            "--quiet");

    assertTrue(
        session.err().get(0).contains("probably the network wants --normalization data"),
        session.toString());
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

    assertTrue(session.status() < 2, session.toString());
    assertTrue(
        session.err().stream().anyMatch(line -> line.contains("no residual blocks found")),
        session.toString());
    assertTrue(Files.exists(run.resolve("export/plain-run-int8.onnx")), session.toString());
    String line =
        CommandLineSession.refusal(
            "shrink", plain, "--data", pictures, "--max-macs", "50%", "--out", run + "2");
    assertTrue(line.contains("found none"), line);
  }

  private static Path labelsFile() {
    try {
      return Files.writeString(temporary.resolve("all.txt"), String.join("\n", classes));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void whatDoesNotFitIsRefusedInOneLine() throws IOException {
    Path none = temporary.resolve("none.onnx");
    Path text = Files.writeString(temporary.resolve("text.onnx"), "no model");
    Path colours = TestPictures.writeFolder(temporary.resolve("colours"), 6, "cat", "dog");
    Path few = temporary.resolve("few");
    DataSet data =
        DataSets.open(DataSets.FASHION_MNIST_MINI, DataOptions.ofSeed(1), Progress.SILENT);
    TestPictures.writeFolder(few, 3, data.train());
    Path short9 =
        Files.writeString(temporary.resolve("nine.txt"), String.join("\n", classes.subList(0, 9)));
    Map<String, Object[]> refused =
        Map.of(
            "none.onnx: expected an ONNX file, found none",
            new Object[] {none, "--data", pictures},
            "text.onnx: expected an ONNX model",
            new Object[] {text, "--data", pictures},
            "expected images of 1 channel (grey)",
            new Object[] {theirs, "--data", colours},
            "no such folder",
            new Object[] {theirs, "--data", temporary.resolve("nowhere")},
            "expected at least 20 images to decide on",
            new Object[] {theirs, "--data", few},
            "expected a line for each of the 10 outputs, found 9",
            new Object[] {theirs, "--data", pictures, "--labels", short9},
            "--normalization 'caffe': expected auto",
            new Object[] {theirs, "--data", pictures, "--normalization", "caffe"},
            "--std: expected a number for each of the 1 channels, found none",
            new Object[] {theirs, "--data", pictures, "--mean", "0.5"},
            "--normalization imagenet: expected a network for images of 3 channels",
            new Object[] {theirs, "--data", pictures, "--normalization", "imagenet"},
            "expected it or --mean and --std, found both",
            new Object[] {
              theirs, "--data", pictures, "--normalization", "none", "--mean", "0", "--std", "1"
            });
    int i = 0;
    for (Map.Entry<String, Object[]> each : refused.entrySet()) {
      Object[] line = new Object[each.getValue().length + 3];
      line[0] = "shrink";
      System.arraycopy(each.getValue(), 0, line, 1, each.getValue().length);
      line[line.length - 2] = "--out";
      line[line.length - 1] = temporary.resolve("refused" + i++);
      String found = quietly(line);
      assertTrue(found.contains(each.getKey()), found);
    }
  }

  /** Progress of images that are read stands before the refusal; the refusal is the last line. */
  private static String quietly(Object[] line) {
    CommandLineSession session = CommandLineSession.of(line);
    assertEquals(2, session.status(), session.toString());
    assertEquals(List.of(), session.out());
    return session.err().get(session.err().size() - 1);
  }

  private static JsonObject json(Path file) throws IOException {
    return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }
}
