package shallows.bench;

import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import shallows.data.evaluation.AccuracyLoss;
import shallows.export.ExportFormat;
import shallows.export.ExportManifest;
import shallows.export.ExportPrecision;
import shallows.export.ExportedFile;
import shallows.export.NetworkForm;
import shallows.export.verify.Verification;
import shallows.model.json.JsonFormat;
import shallows.pipeline.folder.RunFolder;

/**
 * Whether the smallest TFLite file that a run ships is small and fast at once: its bytes and
 * milliseconds, as it is and unpacked once, beside the full network's file of floats. What passed
 * lies in the bundle.
 *
 * <p>Arguments: where the rows are written, a folder of runs named by their seeds, the first seed
 * and the last.
 */
public final class SmallestFiles {
  private static final double BYTES = 1.0 / 20;
  private static final double TIME = 1.0 / 3;

  private static final int THREADS = 1;

  private static final JsonFormat<List<Row>> ROWS =
      new JsonFormat<>(new TypeToken<List<Row>>() {}, "smallest files", "measure them again");

  private SmallestFiles() {}

  /**
   * One seed.
   *
   * @param precision of the smallest file
   * @param ofBytes its share of the full file's
   * @param loss of accuracy of the smallest file on test images, against the full network
   * @param files the full network's, then the smallest one as it is and, if that is another,
   *     unpacked
   */
  record Row(
      int seed,
      ExportPrecision precision,
      double ofBytes,
      AccuracyLoss loss,
      List<FileLatency> files) {
    /** As it is computed in the end. */
    FileLatency last() {
      return files.get(files.size() - 1);
    }

    boolean isSmall() {
      return ofBytes <= BYTES;
    }

    boolean isFast(FileLatency file) {
      return file.ofFirst().median() <= TIME;
    }

    boolean reachesBoth() {
      return isSmall() && isFast(last());
    }
  }

  public static void main(String[] arguments) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (int seed = Integer.parseInt(arguments[2]);
        seed <= Integer.parseInt(arguments[3]);
        seed++) {
      rows.add(row(seed, new RunFolder(Path.of(arguments[1], Integer.toString(seed)))));
    }
    ROWS.write(rows, Path.of(arguments[0]));
    print(rows);
  }

  private static Row row(int seed, RunFolder run) throws IOException {
    List<ExportedFile> files =
        ExportManifest.read(run.export()).files().stream()
            .filter(file -> file.format() == ExportFormat.TFLITE)
            .toList();
    ExportedFile full =
        files.stream()
            .filter(file -> file.network() == NetworkForm.FULL)
            .filter(file -> file.precision() == ExportPrecision.FP32)
            .findFirst()
            .orElseThrow();
    ExportedFile smallest =
        files.stream()
            .filter(file -> file.network() == NetworkForm.PRUNED)
            .filter(file -> Files.exists(file.in(run.bundle())))
            .min(Comparator.comparingLong(ExportedFile::bytes))
            .orElseThrow();
    Verification verification = Verification.read(run.verification());
    return new Row(
        seed,
        smallest.precision(),
        (double) smallest.bytes() / full.bytes(),
        verification.loss(verification.file(smallest.file())),
        FileLatency.inTurn(List.of(full.in(run.export()), smallest.in(run.export())), THREADS));
  }

  private static void print(List<Row> rows) {
    System.out.println(
        "| seed | smallest | bytes | of the full | full, µs | as it is | unpacked once | both"
            + " | points lost |");
    System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for (Row row : rows) {
      FileLatency asItIs = row.files().get(1);
      System.out.printf(
          Locale.ROOT,
          "| %d | `%s` | %,d | 1/%.1f | %.0f | %s | %s | %s | %s |%n",
          row.seed(),
          row.precision(),
          asItIs.bytes(),
          1 / row.ofBytes(),
          row.files().get(0).microseconds().median(),
          ratio(asItIs),
          row.last() == asItIs ? "" : ratio(row.last()),
          row.reachesBoth() ? "yes" : "no",
          row.loss().inWords());
    }
    System.out.printf(
        Locale.ROOT,
        "of %d: small enough %d, fast enough as they are %d, fast enough once unpacked %d, both %d%n",
        rows.size(),
        rows.stream().filter(Row::isSmall).count(),
        rows.stream().filter(row -> row.isFast(row.files().get(1))).count(),
        rows.stream().filter(row -> row.isFast(row.last())).count(),
        rows.stream().filter(Row::reachesBoth).count());
  }

  private static String ratio(FileLatency file) {
    Quartiles times = file.ofFirst();
    return String.format(
        Locale.ROOT, "%.2f (%.2f–%.2f)", times.median(), times.first(), times.third());
  }
}
