package shallows.bench;

import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import shallows.model.json.JsonFormat;

/**
 * How long one image takes in several model files, TFLite or ONNX, run in turn.
 *
 * <p>Arguments: the number of threads, then the files; times are compared with the first. All take
 * images of one size. What ends in {@code .json} is where the figures are written.
 */
public final class TfliteLatency {
  private static final JsonFormat<List<FileLatency>> FIGURES =
      new JsonFormat<>(
          new TypeToken<List<FileLatency>>() {}, "times of files", "measure them again");

  private TfliteLatency() {}

  public static void main(String[] arguments) throws IOException {
    Map<Boolean, List<Path>> files =
        Stream.of(arguments)
            .skip(1)
            .map(Path::of)
            .collect(Collectors.partitioningBy(file -> file.toString().endsWith(".json")));
    List<FileLatency> latencies =
        FileLatency.inTurn(files.get(false), Arguments.number(arguments, 0, 1));
    System.out.println("file  bytes  us: quartile median quartile  of the first: likewise");
    for (FileLatency each : latencies) {
      System.out.printf(
          Locale.ROOT,
          "%s  %d  %.1f %.1f %.1f  %.3f %.3f %.3f%n",
          each.file(),
          each.bytes(),
          each.microseconds().first(),
          each.microseconds().median(),
          each.microseconds().third(),
          each.ofFirst().first(),
          each.ofFirst().median(),
          each.ofFirst().third());
    }
    files.get(true).forEach(out -> FIGURES.write(latencies, out));
  }
}
