package shallows.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import shallows.export.bundle.BundleFiles;
import shallows.model.file.Sha256;
import shallows.pipeline.Run;
import shallows.pipeline.Shallows;
import shallows.pipeline.folder.PruneSettings;
import shallows.pipeline.report.Report;
import shallows.train.options.Compute;

/**
 * Edits the records of a finished run, as somebody would who knows to put the checksums right that
 * stand in other records, and has the run go on with each. Every step is done, or refused in one
 * line; anything else counts as failed and is printed with the number of the edit.
 */
public final class HostileRecords {
  /** What is taken is worked with: pruned, verified, reported. */
  private static final double STAGES_S = 120;

  /** Where the checksums of files stand, each before the one that holds its own. */
  private static final List<String> SUMS = List.of("bundle/SHA256SUMS", "run.json");

  private static final Consumer<Run> INSPECT = Run::inspect;
  private static final Consumer<Run> REPORT = Run::report;
  private static final Consumer<Run> VERIFY = Run::verify;
  private static final Consumer<Run> PRUNE = run -> run.prune(cut(null));
  private static final Consumer<Run> BUNDLE = run -> BundleFiles.read(run.bundle());

  /** What reads each record first, by its end; a star stands for the name of the run. */
  private static final Map<String, List<Consumer<Run>>> READERS = new LinkedHashMap<>();

  static {
    READERS.put("run.json", List.of(Run::record, INSPECT, BUNDLE, REPORT));
    READERS.put("train/survival.json", List.of(INSPECT, REPORT, PRUNE));
    READERS.put("train/history.csv", List.of(REPORT));
    READERS.put("prune/plan.json", List.of(INSPECT, REPORT, HostileRecords::carryOut));
    READERS.put("prune/family.json", List.of(REPORT, VERIFY));
    READERS.put("export/export.json", List.of(REPORT, VERIFY));
    READERS.put("export/*-int8.json", List.of(VERIFY));
    READERS.put("verify/verify.json", List.of(REPORT));
    READERS.put("bundle/model.json", List.of(BUNDLE));
    READERS.put("report.json", List.of(run -> Report.FORMAT.read(file(run, "report.json"))));
  }

  private final Path pristine;
  private final Path folder;

  private HostileRecords(Path pristine, Path folder) {
    this.pristine = pristine;
    this.folder = folder;
  }

  /**
   * @param arguments the folder of a run; how many edits of each record (1,000); the one record, if
   *     it is to be one
   */
  public static void main(String[] arguments) throws IOException {
    Path run = Path.of(arguments[0]);
    int count = Arguments.number(arguments, 1, 1_000);
    String one = Arguments.text(arguments, 2, "");
    Path folder = Files.createTempDirectory("hostile-records").resolve("run");
    HostileRecords records = new HostileRecords(run, folder);
    for (Map.Entry<String, List<Consumer<Run>>> reader : READERS.entrySet()) {
      String record = reader.getKey().replace("*", run.getFileName().toString());
      if (Files.exists(run.resolve(record)) && (one.isEmpty() || one.equals(record))) {
        records.edit(record, count, reader.getValue());
      }
    }
    records.remove();
    Files.delete(folder.getParent());
  }

  private void edit(String record, int count, List<Consumer<Run>> readers) throws IOException {
    Refusals refusals = new Refusals("edit of " + record, STAGES_S);
    byte[] whole = Files.readAllBytes(pristine.resolve(record));
    boolean json = record.endsWith(".json");
    restore();
    for (int i = 0; i < count; i++) {
      Random random = new Random(i);
      put(record, json ? Damage.ofJson(whole, random) : Damage.ofBytes(whole, random));
      if (refusals.attempt(i, () -> readers.forEach(reader -> reader.accept(run())))) {
        restore();
      } else {
        // What was refused has changed nothing.
        put(record, whole);
      }
    }
    refusals.tell(record);
  }

  private Run run() {
    return Shallows.run(folder).on(Compute.cpu(1));
  }

  private static PruneSettings cut(String plan) {
    return new PruneSettings(50, null, null, 0, null, null, null, false, null, null, null, plan);
  }

  /** As {@code prune --plan} does with a plan that somebody has edited. */
  private static void carryOut(Run run) {
    run.prune(cut(file(run, "prune/plan.json").toString()));
  }

  private static Path file(Run run, String name) {
    return run.folder().resolve(name);
  }

  /** Gives a file other bytes, and the records that name its checksum the right one. */
  private void put(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    String before = Sha256.of(file);
    Files.write(file, content);
    for (String sums : SUMS) {
      Path list = folder.resolve(sums);
      String text = Files.readString(list, StandardCharsets.ISO_8859_1);
      if (!sums.equals(name) && text.contains(before)) {
        put(sums, text.replace(before, Sha256.of(content)).getBytes(StandardCharsets.ISO_8859_1));
      }
    }
  }

  private void restore() throws IOException {
    remove();
    for (Path file : below(pristine)) {
      Path copy = folder.resolve(pristine.relativize(file).toString());
      if (Files.isDirectory(file)) {
        Files.createDirectories(copy);
      } else if (!file.getFileName().toString().startsWith(".")) {
        Files.copy(file, copy);
      }
    }
  }

  private void remove() throws IOException {
    List<Path> files = new ArrayList<>(Files.exists(folder) ? below(folder) : List.of());
    for (int i = files.size() - 1; i >= 0; i--) {
      Files.delete(files.get(i));
    }
  }

  /** Folders before what is in them. */
  private static List<Path> below(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
