package shallows.export.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.export.ExportFormat;
import shallows.export.ShakenNetworks;
import shallows.export.pass.ExportPasses;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.onnx.OnnxOutline;
import shallows.model.onnx.read.ImportedNetwork;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.read.ReadOptions;
import shallows.model.onnx.write.OnnxWriter;

/** Weights that are read where they lie in a file, and written from there. */
class LargeWeightsTest {
  private static final int CHANNELS = 128;

  private static final Graph NETWORK = network(1);

  @TempDir Path folder;

  /** Convolutions with batch norm and a linear layer, each of more than an outline keeps. */
  private static Graph network(int layers) {
    GraphBuilder builder = new GraphBuilder("large", Shape.of(3, 8, 8), Task.unnamed(40, 3), 5);
    String value = builder.conv("first", builder.image(), CHANNELS, 1, Operation.Conv2d.of(1, 0));
    for (int i = 0; i < layers; i++) {
      String name = "layer" + i;
      String conv = builder.conv(name, value, CHANNELS, 7, Operation.Conv2d.of(1, 3));
      value = builder.batchNorm(name + "/norm", conv);
    }
    String flat = builder.add("flat", new Operation.Flatten(), value);
    return ShakenNetworks.shaken(builder.build(builder.linear("linear", flat, 40)));
  }

  private Path written() throws IOException {
    Path file = folder.resolve("large.onnx");
    OnnxWriter.write(NETWORK, file);
    return file;
  }

  @Test
  void anOutlineHasAllButTheLargeConstants() throws Exception {
    Path file = written();
    byte[] whole = Files.readAllBytes(file);
    assertTrue(whole.length > 2 * OnnxOutline.LEAST, "bytes: " + whole.length);
    OnnxOutline outline = OnnxOutline.of(file);
    assertTrue(outline.isParted());
    assertTrue(outline.content().length < 10_000, "bytes: " + outline.content().length);
    assertSame(OnnxReader.read(whole, "whole"), OnnxReader.read(file), false);
    assertSame(NETWORK, OnnxReader.importedInPlace(file, ReadOptions.OF_FILE).graph(), true);
  }

  private static void assertSame(Graph expected, Graph found, boolean sourced) {
    assertEquals(expected.nodes(), found.nodes());
    assertEquals(expected.parameters().keySet(), found.parameters().keySet());
    expected
        .parameters()
        .forEach(
            (name, tensor) -> {
              Tensor read = found.parameter(name);
              assertArrayEquals(tensor.values(), read.values(), name);
              boolean large = tensor.size() * Float.BYTES >= OnnxOutline.LEAST;
              assertEquals(sourced && large, read.isSourced(), name);
            });
  }

  @Test
  void whatIsWrittenIsTheMessageThatProtobufWrites() throws Exception {
    byte[] bytes = OnnxWriter.bytes(NETWORK);
    assertArrayEquals(ModelProto.parseFrom(bytes).toByteArray(), bytes);
    assertArrayEquals(bytes, Files.readAllBytes(written()));
  }

  @Test
  void filesWrittenFromTheFileAreThoseWrittenFromMemory() throws Exception {
    Path file = written();
    Conversion conversion = Conversion.of(file, 1, 1);
    Path onnx = folder.resolve("other.onnx");
    conversion.write(ExportFormat.ONNX, TfliteOptions.STANDARD, onnx);
    assertArrayEquals(OnnxWriter.bytes(NETWORK), Files.readAllBytes(onnx));
    Path tflite = folder.resolve("other.tflite");
    conversion.write(ExportFormat.TFLITE, TfliteOptions.STANDARD, tflite);
    assertArrayEquals(
        TfliteWriter.bytes(ExportPasses.all(OnnxReader.read(file))), Files.readAllBytes(tflite));
    assertHolds(conversion.of(WrittenFile.of(onnx, ExportFormat.ONNX), 1));
    assertHolds(conversion.of(WrittenFile.of(tflite, ExportFormat.TFLITE), 1));
    assertHolds(conversion.ofOnnx(NETWORK, 1));
    Graph other =
        NETWORK.withParameters(Map.of("layer0/norm/bias", Tensor.vector(new float[CHANNELS])));
    assertFalse(conversion.ofOnnx(other, 1).holds());
  }

  private static void assertHolds(Agreement agreement) {
    assertTrue(agreement.holds(), agreement.words("it"));
  }

  @Test
  void aFileBehindALinkOutOfItsFolderIsRunToo() throws Exception {
    Path blob = Files.createDirectories(folder.resolve("blobs")).resolve("0123abcd");
    Files.move(written(), blob);
    Path link = Files.createDirectories(folder.resolve("snapshot")).resolve("model.onnx");
    Files.createSymbolicLink(link, blob.toAbsolutePath());
    Conversion conversion = Conversion.of(link, 1, 1);
    assertHolds(conversion.ofTflite(conversion.tflite(), 1));
  }

  @Test
  void aFileThatChangesMeanwhileIsNotReadOn() throws Exception {
    Path file = written();
    ImportedNetwork network = OnnxReader.importedInPlace(file, ReadOptions.OF_FILE);
    FileTime before = Files.getLastModifiedTime(file);
    // As long, and as old: what a copy with its times leaves in the place of a file.
    Path other = folder.resolve("other.onnx");
    OnnxWriter.write(ShakenNetworks.shaken(NETWORK), other);
    Files.setLastModifiedTime(other, before);
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    Tensor weight = network.graph().parameter("linear/weight");
    BadInputException e = assertThrows(BadInputException.class, weight::values);
    assertTrue(e.getMessage().contains("begin again"), e.getMessage());
    Files.delete(file);
    e = assertThrows(BadInputException.class, weight::values);
    assertTrue(e.getMessage().contains("cannot be read any more"), e.getMessage());
  }

  @Test
  void damagedFilesAreReadOrRefusedAsFromMemory() throws Exception {
    byte[] whole = Files.readAllBytes(written());
    Path file = folder.resolve("damaged.onnx");
    Random random = new Random(11);
    int kept = OnnxOutline.of(folder.resolve("large.onnx")).content().length;
    int read = 0;
    for (int i = 0; i < 60; i++) {
      byte[] damaged = whole.clone();
      // The message's own bytes stand at both ends, and a few between the large constants.
      int at = random.nextInt(kept);
      damaged[random.nextBoolean() ? at : whole.length - 1 - at] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, damaged);
      read += isRead(file) ? 1 : 0;
    }
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    assertFalse(isRead(file));
    assertTrue(read > 0 && read < 60, "read: " + read);
  }

  private static boolean isRead(Path file) throws IOException {
    Graph expected;
    try {
      expected = OnnxReader.read(Files.readAllBytes(file), "damaged");
    } catch (BadInputException e) {
      assertThrows(BadInputException.class, () -> OnnxReader.read(file));
      return false;
    }
    assertSame(expected, OnnxReader.read(file), false);
    return true;
  }

  @Test
  void aNetworkIsWrittenInLessMemoryThanItsWeightsTake() throws Exception {
    Path file = folder.resolve("larger.onnx");
    OnnxWriter.write(network(16), file);
    long weights = Files.size(file) >> 20;
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                LargeWeightsTest.class.getName(),
                file.toString())
            .redirectErrorStream(true);
    // Systems take longer variables than lines.
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    assertTrue(weights > 48, "MB: " + weights);
    assertTrue(Files.size(Path.of(file + ".tflite")) >> 20 >= weights - 1);
  }

  /** Reads and writes the file that is named, in a process with little memory. */
  public static void main(String[] arguments) {
    Path file = Path.of(arguments[0]);
    Graph graph = OnnxReader.importedInPlace(file, ReadOptions.OF_FILE).graph();
    OnnxWriter.write(graph, Path.of(file + ".onnx"));
    TfliteWriter.write(ExportPasses.all(graph), TfliteOptions.STANDARD, Path.of(file + ".tflite"));
  }
}
