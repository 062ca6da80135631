package shallows.export.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import shallows.data.PixelOrder;
import shallows.export.BinaryNetworks;
import shallows.export.ShakenNetworks;
import shallows.export.onnx.BinaryOnnxWriter;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.Int8Sums;
import shallows.export.quantize.QuantizedGraphs;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.write.OnnxWriter;

/**
 * Files with flipped bits, changed bytes or a missing end either run (a weight may be any number)
 * or are refused in one line. A process of its own, with a small heap, goes through those of each
 * form: it has to survive, and neither to hang nor to take more than a gigabyte. Weights are left
 * alone, as changing them would only try the first outcome.
 */
class CorruptFilesTest {
  /** Of each of five forms: 10,000 together. */
  private static final int MUTATIONS = 2_000;

  private static final long MOST_BYTES = 1L << 30;

  /** A file takes some milliseconds; what takes this long on any machine, hangs. */
  private static final int HANGS_AFTER_SECONDS = 120;

  private static final Path STATUS = Path.of("/proc/self/status");

  private static final Graph GRAPH =
      ExportPasses.all(ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28)));

  /** What is mutated. */
  enum Form {
    ONNX(() -> OnnxWriter.bytes(GRAPH), "mutated.onnx"),
    PACKED_ONNX(() -> BinaryOnnxWriter.bytes(BinaryNetworks.of(GRAPH)), "mutated.onnx"),
    TFLITE(() -> TfliteWriter.bytes(GRAPH), "mutated.tflite"),
    PACKED_TFLITE(
        () -> TfliteWriter.bytes(BinaryNetworks.of(GRAPH), TfliteOptions.PACKED), "mutated.tflite"),
    INTEGERS_TFLITE(
        () ->
            TfliteWriter.bytes(
                QuantizedGraphs.of(
                    BinaryNetworks.of(GRAPH), OperationCases.input(GRAPH, 1), Int8Sums.CONVOLUTION),
                TfliteOptions.PACKED),
        "mutated.tflite");

    private final Supplier<byte[]> file;
    private final String name;

    Form(Supplier<byte[]> file, String name) {
      this.file = file;
      this.name = name;
    }

    private RuntimeClassifier open(byte[] mutated) {
      return name.endsWith(".onnx")
          ? OnnxRuntimeClassifier.open(mutated, name, 1)
          : TfliteClassifier.open(mutated, name, 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void filesRunOrAreRefusedInBoundedMemory(Form form) throws Exception {
    assumeTrue(Files.isReadable(STATUS), "only Linux tells what a process takes");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                CorruptFilesTest.class.getName(),
                form.name())
            .redirectErrorStream(true);
    // Systems take longer variables than lines.
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process = builder.start();
    List<String> said = new ArrayList<>();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      lines.lines().forEach(said::add);
    } finally {
      process.destroyForcibly();
    }
    assertEquals(0, process.waitFor(), () -> String.join("\n", said));
    String last = said.get(said.size() - 1);
    assertTrue(last.matches("\\d+ refused, \\d+ bytes"), last);
    String[] words = last.split(" ");
    assertTrue(Integer.parseInt(words[0]) > MUTATIONS / 4, last);
    assertTrue(Long.parseLong(words[2]) < MOST_BYTES, last);
  }

  /**
   * What the other process does: its last line is how many files were refused, and how much memory
   * it had resident at its highest.
   *
   * @param arguments the form
   */
  public static void main(String[] arguments) throws IOException {
    Form form = Form.valueOf(arguments[0]);
    byte[] file = form.file.get();
    int[] structure = structure(file);
    Random random = new Random(20);
    AtomicLong begun = new AtomicLong(System.nanoTime());
    Thread watch = new Thread(() -> endWhenItHangs(begun), "watch");
    watch.setDaemon(true);
    watch.start();
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      begun.set(System.nanoTime());
      try (RuntimeClassifier classifier = form.open(mutated(file, structure, random))) {
        classifier.logits(new float[classifier.image().size()], 1);
      } catch (BadInputException e) {
        assertTrue(e.getMessage().startsWith("mutated."), e.getMessage());
        refused++;
      }
    }
    System.out.println(refused + " refused, " + highest() + " bytes");
  }

  private static void endWhenItHangs(AtomicLong begun) {
    long limit = TimeUnit.SECONDS.toNanos(HANGS_AFTER_SECONDS);
    while (System.nanoTime() - begun.get() < limit) {
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
    }
    System.out.println("a file took more than " + HANGS_AFTER_SECONDS + " s");
    Runtime.getRuntime().halt(1);
  }

  private static long highest() throws IOException {
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElseThrow();
  }

  private static byte[] mutated(byte[] file, int[] structure, Random random) {
    byte[] copy = file.clone();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      int position = structure[random.nextInt(structure.length)];
      if (random.nextBoolean()) {
        copy[position] ^= (byte) (1 << random.nextInt(8));
      } else {
        copy[position] = (byte) random.nextInt(256);
      }
    }
    return random.nextInt(20) == 0 ? Arrays.copyOf(copy, random.nextInt(copy.length)) : copy;
  }

  /** The positions that hold no weight of a large parameter, in either order of its axes. */
  private static int[] structure(byte[] file) {
    boolean[] weights = new boolean[file.length];
    for (Tensor tensor : GRAPH.parameters().values()) {
      float[] values = tensor.values();
      if (tensor.shape().rank() == 4) {
        mark(file, values, weights);
        values =
            PixelOrder.channelsLast(
                values, tensor.shape().dimension(0), tensor.shape().dimension(1));
      }
      mark(file, values, weights);
    }
    return IntStream.range(0, file.length).filter(i -> !weights[i]).toArray();
  }

  private static void mark(byte[] file, float[] values, boolean[] weights) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    int length = bytes.capacity();
    for (int start = 0; start + length <= file.length; start++) {
      if (Arrays.mismatch(file, start, start + length, bytes.array(), 0, length) < 0) {
        Arrays.fill(weights, start, start + length, true);
      }
    }
  }
}
