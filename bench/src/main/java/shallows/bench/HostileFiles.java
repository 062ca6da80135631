package shallows.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import shallows.export.ExportManifest;
import shallows.export.runtime.RuntimeClassifier;
import shallows.export.verify.Verification;
import shallows.model.BadInputException;
import shallows.model.onnx.read.OnnxReader;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.report.Report;
import shallows.prune.plan.Plan;
import shallows.train.evidence.SurvivalStatistics;

/**
 * Damages a file in many ways and has it read: as a network, by its runtime, or as a record of a
 * run. Each time it is read, or refused in one line; anything else counts as failed and is printed
 * with the number by which the same damage is done again.
 */
public final class HostileFiles {
  /** No person waits longer for a refusal. */
  private static final double SLOW_S = 10;

  private static final List<JsonElement> WRONG =
      List.of(
          JsonNull.INSTANCE,
          new JsonPrimitive(-1),
          new JsonPrimitive(1e300),
          new JsonPrimitive("NaN"),
          new JsonPrimitive("../../etc/passwd"),
          new JsonPrimitive("\u001b[31m"),
          new JsonPrimitive(true),
          new JsonArray(),
          new JsonObject());

  /** What the records of a run are read by, by the names of their files. */
  private static final Map<String, Reading> RECORDS = new LinkedHashMap<>();

  static {
    RECORDS.put("run.json", RunRecord::read);
    RECORDS.put("survival.json", SurvivalStatistics::read);
    RECORDS.put("plan.json", Plan::read);
    RECORDS.put("export.json", file -> ExportManifest.read(file.getParent()));
    RECORDS.put("verify.json", Verification::read);
    RECORDS.put("report.json", Report.FORMAT::read);
  }

  private interface Reading {
    void read(Path file) throws IOException;
  }

  private HostileFiles() {}

  /**
   * @param arguments a file; how many times; the number of the first damage (0); {@code runtime} to
   *     give a network to its runtime
   */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    int count = Arguments.number(arguments, 1, 1_000);
    int first = Arguments.number(arguments, 2, 0);
    boolean runtime = Arguments.text(arguments, 3, "").equals("runtime");
    byte[] whole = Files.readAllBytes(file);
    String name = file.getFileName().toString();
    Reading reading =
        RECORDS.getOrDefault(name, runtime ? HostileFiles::run : path -> OnnxReader.read(path));
    boolean record = RECORDS.containsKey(name);
    Path folder = Files.createTempDirectory("hostile-files");
    System.out.println("works in " + folder);
    int refused = 0;
    int failed = 0;
    double slowest = 0;
    for (int i = first; i < first + count; i++) {
      Random random = new Random(i);
      // A process that dies with its runtime leaves the damage that it died of, and its number.
      Path copy = folder.resolve(record ? name : i + "-" + name);
      Files.write(copy, record ? edited(whole, random) : damaged(whole, random));
      long start = System.nanoTime();
      try {
        reading.read(copy);
      } catch (BadInputException e) {
        refused++;
        if (e.getMessage().lines().count() != 1) {
          failed++;
          System.out.println("damage " + i + ": several lines");
        }
      } catch (IOException | RuntimeException | Error e) {
        failed++;
        System.out.println("damage " + i + ": " + e);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      slowest = Math.max(slowest, seconds);
      if (seconds > SLOW_S) {
        failed++;
        System.out.println("damage " + i + ": took " + seconds + " s");
      }
      Files.delete(copy);
    }
    Files.delete(folder);
    System.out.printf(
        Locale.ROOT,
        "%s%s: tried %d, refused %d, read %d, failed %d, slowest %.1f s, most memory %s%n",
        name,
        runtime ? " in its runtime" : "",
        count,
        refused,
        count - refused - failed,
        failed,
        slowest,
        mostMemory());
  }

  private static void run(Path file) {
    try (RuntimeClassifier classifier = RuntimeClassifier.open(file, 1)) {
      classifier.logits(new float[classifier.image().size()], 1);
    }
  }

  /** A bit, some bytes, a cut, or bytes put between. */
  private static byte[] damaged(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(4)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> {
        for (int flips = 0; flips < 10; flips++) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
      }
      case 2 -> bytes = Arrays.copyOf(bytes, at);
      default -> {
        byte[] more = new byte[1 + random.nextInt(9)];
        random.nextBytes(more);
        bytes = Arrays.copyOf(bytes, bytes.length + more.length);
        System.arraycopy(whole, at, bytes, at + more.length, whole.length - at);
        System.arraycopy(more, 0, bytes, at, more.length);
      }
    }
    return bytes;
  }

  /** A value that is another, gone or doubled, or damaged text. */
  private static byte[] edited(byte[] whole, Random random) {
    if (random.nextInt(5) == 0) {
      return damaged(whole, random);
    }
    JsonElement tree = JsonParser.parseString(new String(whole, StandardCharsets.UTF_8));
    List<JsonElement> parents = new ArrayList<>();
    collect(tree, parents);
    JsonElement parent = parents.get(random.nextInt(parents.size()));
    JsonElement wrong = WRONG.get(random.nextInt(WRONG.size()));
    if (parent instanceof JsonArray array) {
      int at = random.nextInt(array.size());
      switch (random.nextInt(3)) {
        case 0 -> array.remove(at);
        case 1 -> array.add(array.get(at));
        default -> array.set(at, wrong);
      }
    } else {
      JsonObject object = parent.getAsJsonObject();
      List<String> keys = List.copyOf(object.keySet());
      String key = keys.get(random.nextInt(keys.size()));
      switch (random.nextInt(3)) {
        case 0 -> object.remove(key);
        case 1 -> object.add(key + "2", object.get(key));
        default -> object.add(key, wrong);
      }
    }
    return tree.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The objects and arrays that have something in them. */
  private static void collect(JsonElement element, List<JsonElement> parents) {
    List<JsonElement> children = new ArrayList<>();
    if (element instanceof JsonObject object) {
      object.entrySet().forEach(entry -> children.add(entry.getValue()));
    } else if (element instanceof JsonArray array) {
      array.forEach(children::add);
    }
    if (!children.isEmpty()) {
      parents.add(element);
      children.forEach(child -> collect(child, parents));
    }
  }

  /** As Linux tells it; elsewhere it is not known. */
  private static String mostMemory() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return "unknown";
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .map(line -> line.substring(6).strip())
        .findFirst()
        .orElse("unknown");
  }
}
