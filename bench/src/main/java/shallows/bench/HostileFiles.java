package shallows.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import shallows.export.pass.ExportPasses;
import shallows.export.runtime.RuntimeClassifier;
import shallows.model.graph.Cost;
import shallows.model.onnx.read.OnnxReader;

/**
 * Damages a network in many ways and has it read, or run in its runtime. Each time it is taken, or
 * refused in one line; anything else counts as failed and is printed with its number.
 */
public final class HostileFiles {
  /** What is taken was small before it was damaged. */
  private static final double READING_S = 10;

  private HostileFiles() {}

  /**
   * @param arguments a file; how many times; the number of the first damage (0); {@code runtime} to
   *     run it
   */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    int count = Arguments.number(arguments, 1, 1_000);
    int first = Arguments.number(arguments, 2, 0);
    boolean runtime = Arguments.text(arguments, 3, "").equals("runtime");
    byte[] whole = Files.readAllBytes(file);
    String name = file.getFileName().toString();
    Path folder = Files.createTempDirectory("hostile-files");
    System.out.println("works in " + folder);
    Refusals refusals = new Refusals("damage", READING_S);
    for (int i = first; i < first + count; i++) {
      Random random = new Random(i);
      boolean field = name.endsWith(".onnx") && random.nextBoolean();
      // A process that dies with its runtime leaves the damage that it died of, and its number.
      Path copy = folder.resolve(i + "-" + name);
      Files.write(copy, field ? Damage.ofOnnx(whole, random) : Damage.ofBytes(whole, random));
      refusals.attempt(i, () -> take(copy, runtime));
      Files.delete(copy);
    }
    Files.delete(folder);
    refusals.tell(name);
  }

  private static void take(Path file, boolean runtime) {
    if (runtime) {
      try (RuntimeClassifier classifier = RuntimeClassifier.open(file, 1)) {
        classifier.logits(new float[classifier.image().size()], 1);
      }
    } else {
      Cost.of(ExportPasses.all(OnnxReader.read(file)));
    }
  }
}
