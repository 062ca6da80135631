package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.DataOptions;
import shallows.data.DataSet;
import shallows.data.sets.DataSets;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;
import shallows.model.progress.Progress;

/** What goes into shrinking: images and options that fit somebody else's network, or do not. */
@Tag("trains")
class ShrinkInputsTest {
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
    TrainedElsewhere.forgetTask(colour);
    Path run = temporary.resolve("colour-run");
    CommandLineSession shrunk =
        CommandLineSession.of(
            "shrink",
            colour,
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
    assertTrue(
        shrunk.err().stream().anyMatch(each -> each.contains("grey images for a network of 3")),
        shrunk.toString());
    assertTrue(
        json(run.resolve("report.json"))
                .getAsJsonObject("verification")
                .get("expectationAccuracy")
                .getAsDouble()
            > 0.5);
  }

  @Test
  void whatTheFileLeavesOpenIsSaidOnTheCommandLine() throws IOException {
    Path open = temporary.resolve("open.onnx");
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(theirs)).toBuilder();
    String logits = model.getGraph().getOutput(0).getName();
    var shape =
        model
            .getGraphBuilder()
            .getInputBuilder(0)
            .getTypeBuilder()
            .getTensorTypeBuilder()
            .getShapeBuilder();
    shape.getDimBuilder(2).setDimParam("height");
    shape.getDimBuilder(3).setDimParam("width");
    model.getGraphBuilder().addNodeBuilder().setOpType("Relu").addInput(logits).addOutput("aux");
    model.getGraphBuilder().addOutput(ValueInfoProto.newBuilder().setName("aux"));
    Files.write(open, model.build().toByteArray());
    Path run = temporary.resolve("open-run");

    String line = CommandLineSession.refusal("shrink", open, "--data", pictures, "--out", run);
    assertTrue(line.contains("--size 224"), line);

    CommandLineSession shrunk =
        CommandLineSession.of(
            "shrink",
            open,
            "--output",
            logits,
            "--size",
            28,
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
    assertEquals(
        logits,
        json(run.resolve("run.json")).getAsJsonObject("imported").get("output").getAsString());
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
            100,
            "--precision",
            "fp32",
            "--format",
            "onnx",
            "--out",
            run,
            "--quiet");
    assertEquals(0, session.status(), session.toString());
    assertEquals(classes, OnnxReader.read(run.resolve("train/model.onnx")).task().labels());
    assertTrue(
        json(run.resolve("report.json"))
                .getAsJsonObject("verification")
                .get("expectationAccuracy")
                .getAsDouble()
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
