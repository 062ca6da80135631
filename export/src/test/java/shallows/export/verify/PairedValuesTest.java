package shallows.export.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.export.ShakenNetworks;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.QuantizedGraphs;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.write.OnnxWriter;

class PairedValuesTest {
  private static final Shape IMAGE = Shape.of(3, 15, 17);
  private static final Graph GRAPH = ShakenNetworks.create("resnet-8", IMAGE);
  private static final Graph FOLDED = ExportPasses.all(GRAPH);

  /** The second convolution of the second block. */
  private static final String CONVOLUTION = GRAPH.blocks().get(1).name() + "/2/conv";

  @TempDir private Path folder;

  @Test
  void valuesOfOtherNamesAreFoundByWhatTheyCompute() throws Exception {
    PairedValues found = PairedValues.of(theirs(GRAPH), ours(FOLDED, "ours.tflite"));
    assertEquals(Optional.empty(), found.parting());
    assertTrue(found.pairs().size() > 15, found.pairs().toString());
    assertTrue(
        found.pairs().stream().noneMatch(pair -> pair.value().equals(pair.other())),
        found.pairs().toString());
    assertTrue(
        found.pairs().stream().anyMatch(pair -> pair.other().equals(CONVOLUTION + "/relu"))
            || found.pairs().stream().anyMatch(pair -> pair.other().equals(CONVOLUTION)),
        found.pairs().toString());
  }

  @Test
  void theLayerOfOtherWeightsIsWhereTheyPart() throws Exception {
    FileInside changed = ours(changed(1.2f), "changed.tflite");
    FileInside theirs = theirs(GRAPH);
    PairedValues.Parting parting = PairedValues.of(theirs, changed).parting().orElseThrow();
    assertEquals("Conv", parting.operation(), parting.words());
    assertEquals(renamed(CONVOLUTION), parting.value(), parting.words());
    assertEquals(Optional.of("CONV_2D '" + CONVOLUTION + "'"), parting.other(), parting.words());
    assertTrue(parting.error() > 0.01 && parting.error() < 1, parting.words());
    // Either may be the reference, and both may be of TFLite.
    parting = PairedValues.of(changed, theirs).parting().orElseThrow();
    assertEquals(CONVOLUTION, parting.value(), parting.words());
    parting = PairedValues.of(changed, ours(FOLDED, "ours.tflite")).parting().orElseThrow();
    assertEquals(CONVOLUTION, parting.value(), parting.words());
  }

  @Test
  void whatRoundingAddsUpToIsNoParting() throws Exception {
    Tensor images = QuantizedGraphs.images(GRAPH, 8);
    FileInside theirs = theirs(GRAPH);
    byte[] integers =
        TfliteWriter.bytes(QuantizedGraphs.of(FOLDED, images), TfliteOptions.STANDARD);
    PairedValues found = PairedValues.of(inside(integers, "int8.tflite"), theirs);
    assertEquals(Optional.empty(), found.parting());
    assertFalse(found.pairs().isEmpty());
    byte[] other =
        TfliteWriter.bytes(QuantizedGraphs.of(changed(3), images), TfliteOptions.STANDARD);
    PairedValues.Parting parting =
        PairedValues.of(inside(other, "other.tflite"), theirs).parting().orElseThrow();
    assertEquals(CONVOLUTION, parting.value(), parting.words());
  }

  @Test
  void numbersThatAreNoneAgreeWithNothing() throws Exception {
    FileInside broken = ours(changed(Float.POSITIVE_INFINITY), "broken.tflite");
    PairedValues.Parting parting = PairedValues.of(theirs(GRAPH), broken).parting().orElseThrow();
    assertEquals(renamed(CONVOLUTION), parting.value(), parting.words());
    assertTrue(PairedValues.of(broken, broken).parting().isEmpty());
  }

  private static Graph changed(float factor) {
    String weight = FOLDED.node(CONVOLUTION).inputs().get(1);
    float[] values = FOLDED.parameter(weight).values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
    return FOLDED.withParameters(
        Map.of(weight, new Tensor(FOLDED.parameter(weight).shape(), values)));
  }

  private FileInside ours(Graph folded, String name) throws Exception {
    return inside(TfliteWriter.bytes(folded), name);
  }

  /** An ONNX file in which nothing is called as it is here. */
  private FileInside theirs(Graph graph) throws Exception {
    ModelProto.Builder model = ModelProto.parseFrom(OnnxWriter.bytes(graph)).toBuilder();
    Map<String, String> names = new HashMap<>();
    for (NodeProto node : model.getGraph().getNodeList()) {
      names.put(node.getOutput(0), renamed(node.getOutput(0)));
    }
    for (NodeProto.Builder node : model.getGraphBuilder().getNodeBuilderList()) {
      node.setOutput(0, names.get(node.getOutput(0)));
      for (int i = 0; i < node.getInputCount(); i++) {
        node.setInput(i, names.getOrDefault(node.getInput(i), node.getInput(i)));
      }
    }
    model.getGraphBuilder().clearValueInfo();
    var output = model.getGraphBuilder().getOutputBuilder(0);
    output.setName(names.get(output.getName()));
    return inside(model.build().toByteArray(), "theirs.onnx");
  }

  private static String renamed(String value) {
    return "theirs." + value.hashCode();
  }

  private FileInside inside(byte[] content, String name) throws Exception {
    Random random = new Random(5);
    float[] pixels = new float[IMAGE.size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return FileInside.of(Files.write(folder.resolve(name), content), IMAGE, pixels);
  }
}
