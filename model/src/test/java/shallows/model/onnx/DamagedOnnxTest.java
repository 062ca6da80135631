package shallows.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.ByteArrayOutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.model.BadInputException;
import shallows.model.graph.OperationCases;
import shallows.model.graph.TestGraphs;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;

/** Whatever the bytes are: a graph, or one line that names the file. */
class DamagedOnnxTest {
  private static final byte[] WHOLE = OnnxWriter.bytes(TestGraphs.twoBlocks());

  @TempDir Path folder;

  /** Small, and between them of most operators that several nodes of a file stand for. */
  private static List<byte[]> networks() {
    Set<String> several = Set.of("Gelu", "ChannelShuffle", "ChannelNorm", "Multiply by channel");
    List<byte[]> networks = new ArrayList<>(List.of(WHOLE));
    OperationCases.all().stream()
        .filter(graph -> several.contains(graph.name()))
        .map(OnnxWriter::bytes)
        .forEach(networks::add);
    return networks;
  }

  @Test
  void readsOrRefusesEachOfTenThousandMutationsOfFiveNetworks() {
    Random random = new Random(20);
    List<byte[]> networks = networks();
    assertEquals(5, networks.size());
    int read = 0;
    for (int i = 0; i < 10_000; i++) {
      byte[] mutated = mutated(networks.get(i % networks.size()), random);
      try {
        OnnxReader.read(mutated, "mutated.onnx");
        read++;
      } catch (BadInputException e) {
        assertTrue(e.getMessage().startsWith("mutated.onnx: "), e.getMessage());
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
      } catch (RuntimeException | Error e) {
        fail("mutation " + i, e);
      }
    }
    // Both ends of the test are reached: some flips only change a weight.
    assertTrue(read > 50 && read < 9_950, read + " were read");
  }

  private static byte[] mutated(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    switch (random.nextInt(4)) {
      case 0 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      case 1 -> {
        for (int flips = 0; flips < 10; flips++) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
      }
      case 2 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      default -> {
        byte[] more = new byte[1 + random.nextInt(9)];
        random.nextBytes(more);
        int at = random.nextInt(bytes.length);
        byte[] longer = Arrays.copyOf(bytes, bytes.length + more.length);
        System.arraycopy(more, 0, longer, at, more.length);
        System.arraycopy(bytes, at, longer, at + more.length, bytes.length - at);
        bytes = longer;
      }
    }
    return bytes;
  }

  @Test
  void refusesAFileThatStopsAnywhere() {
    for (int length = 0; length < WHOLE.length; length += 37) {
      byte[] part = Arrays.copyOf(WHOLE, length);
      assertThrows(BadInputException.class, () -> OnnxReader.read(part, "part.onnx"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "hello", "a,b\n1,2\n", "<!DOCTYPE html><html></html>", "{}"})
  void refusesText(String text) {
    refuses(text.getBytes(StandardCharsets.UTF_8), "expected an ONNX");
  }

  @Test
  void refusesArchivesOfAModel() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("model.onnx"));
      zip.write(WHOLE);
    }
    refuses(bytes.toByteArray(), "expected an ONNX");
    ByteArrayOutputStream gzipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(gzipped)) {
      gzip.write(WHOLE);
    }
    refuses(gzipped.toByteArray(), "expected an ONNX");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 3, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE})
  void refusesSizesThatTheBytesDoNotBearOut(long size) {
    changed(model -> weight(model).setDims(0, size), "block1/conv");
    changed(model -> weight(model).setDims(0, size).setDims(1, size), "block1/conv");
    changed(model -> input(model).getDimBuilder(1).setDimValue(size), "");
  }

  @Test
  void refusesBytesThatTheSizeDoesNotAskFor() {
    changed(
        model -> weight(model).setRawData(weight(model).getRawData().substring(1)),
        "tensor 'block1/conv/weight'");
  }

  @Test
  void refusesUseBeforeDefinition() {
    changed(model -> node(model, 0).setInput(0, "block2/relu"), "'block1/conv'");
  }

  @Test
  void refusesANodeThatReadsItself() {
    changed(model -> node(model, 0).setInput(0, "block1/conv"), "'block1/conv'");
  }

  @Test
  void refusesANameThatStandsForTwoValues() {
    // Who reads the name that is gone, as what bears the other name twice is read by nobody then.
    changed(model -> node(model, 2).setOutput(0, "block1/conv"), "'block1/survival'");
    changed(model -> weight(model).setName("image"), "");
    changed(
        model -> model.getGraphBuilder().addInitializer(model.getGraph().getInitializer(0)),
        "'block1/conv/weight' again");
  }

  @Test
  void refusesAModelWithoutAGraph() {
    changed(ModelProto.Builder::clearGraph, "no graph");
    changed(model -> model.getGraphBuilder().clearNode(), "no graph");
    changed(model -> model.getGraphBuilder().clearOutput(), "expected one output");
    changed(model -> model.getGraphBuilder().clearInput(), "expected one input");
  }

  @Test
  void keepsCommandsInNamesFromTheTerminal() {
    String line =
        changed(
            model -> node(model, 0).setOpType("Evil").setName("\u001b[2J\n".repeat(10_000)), "");
    assertTrue(line.chars().noneMatch(Character::isISOControl) && line.length() < 5_000, line);
  }

  @Test
  void refusesAFileThatIsMissingOrAFolder() {
    Path missing = folder.resolve("missing.onnx");
    assertTrue(refuses(missing).contains("found none"));
    assertTrue(refuses(folder).contains("found a folder"));
  }

  @Test
  void refusesAFileThatMayNotBeRead() throws Exception {
    Path secret = Files.write(folder.resolve("secret.onnx"), WHOLE);
    assumeTrue(
        secret.getFileSystem().supportedFileAttributeViews().contains("posix"),
        "needs file permissions");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
    assumeTrue(!Files.isReadable(secret), "an administrator may read everything");
    assertTrue(refuses(secret).contains("may not read"));
  }

  @Test
  void refusesAFileOfTwoGigabytesBeforeReadingIt() throws Exception {
    Path large = folder.resolve("large.onnx");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      // Sparse: it takes no room on the disk.
      file.setLength(1L << 31);
    }
    assertTrue(refuses(large).contains("less than 2 GB, found 2147483648"));
  }

  @Test
  void refusesWhatIsLargerThanAnyNetwork() {
    changed(
        model -> {
          NodeProto node = model.getGraph().getNode(0);
          model.getGraphBuilder().addAllNode(Collections.nCopies(100_000, node));
        },
        "expected a network of at most 100000 nodes, found 100");
    changed(
        model -> {
          input(model).getDimBuilder(2).setDimValue(12_000);
          input(model).getDimBuilder(3).setDimValue(12_000);
        },
        "expected values of at most 134217728 numbers, found '");
  }

  private static TensorProto.Builder weight(ModelProto.Builder model) {
    return model.getGraphBuilder().getInitializerBuilder(0);
  }

  private static NodeProto.Builder node(ModelProto.Builder model, int index) {
    return model.getGraphBuilder().getNodeBuilder(index);
  }

  private static ai.onnx.proto.OnnxMl.TensorShapeProto.Builder input(ModelProto.Builder model) {
    return model
        .getGraphBuilder()
        .getInputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .getShapeBuilder();
  }

  private static String changed(Consumer<ModelProto.Builder> change, String part) {
    ModelProto.Builder model = assertWhole();
    change.accept(model);
    return refuses(model.build().toByteArray(), part);
  }

  private static ModelProto.Builder assertWhole() {
    try {
      return ModelProto.parseFrom(WHOLE).toBuilder();
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError("what the writer wrote", e);
    }
  }

  private static String refuses(byte[] bytes, String part) {
    return line(
        "bad.onnx",
        part,
        assertThrows(BadInputException.class, () -> OnnxReader.read(bytes, "bad.onnx")));
  }

  private static String refuses(Path file) {
    return line(
        file.toString(), "", assertThrows(BadInputException.class, () -> OnnxReader.read(file)));
  }

  private static String line(String where, String part, BadInputException refusal) {
    String line = refusal.getMessage();
    assertTrue(line.startsWith(where + ": "), line);
    assertEquals(1, line.lines().count(), line);
    assertTrue(line.contains(part), () -> "expected " + part + " in: " + line);
    return line;
  }
}
