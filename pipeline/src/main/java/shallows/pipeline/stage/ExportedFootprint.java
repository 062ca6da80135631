package shallows.pipeline.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import shallows.export.ExportPrecision;
import shallows.export.footprint.TfliteFootprint;
import shallows.export.quantize.Int8Form;
import shallows.model.graph.Graph;
import shallows.model.graph.Section;
import shallows.prune.plan.FootprintMeter;

/**
 * Counts a network as the TFLite file it will be exported to: the smallest, and the fastest, of the
 * precisions that are.
 *
 * @param precisions at least one
 * @param form of files of integers
 */
record ExportedFootprint(List<ExportPrecision> precisions, Int8Form form)
    implements FootprintMeter {
  /** Where Linux names the processor. */
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  @Override
  public long bytes(Graph graph) {
    return precisions.stream()
        .mapToLong(precision -> TfliteFootprint.bytes(graph, precision, form))
        .min()
        .orElseThrow();
  }

  @Override
  public double latency(Graph graph) {
    return precisions.stream()
        .mapToDouble(precision -> TfliteFootprint.latency(graph, precision, form))
        .min()
        .orElseThrow();
  }

  @Override
  public double latency(Section section) {
    return latency(section.alone());
  }

  @Override
  public String bytesInWords() {
    return "bytes of " + file("smallest");
  }

  @Override
  public String latencyInWords() {
    return "ms an image in " + file("fastest") + " on one thread of " + device();
  }

  private String file(String best) {
    String labels =
        precisions.stream().map(ExportPrecision::label).collect(Collectors.joining(", "));
    return precisions.size() == 1
        ? "the " + labels + " TFLite file"
        : "the " + best + " TFLite file (" + labels + ")";
  }

  /** The processor as it names itself, or else the kind it is. */
  private static String device() {
    try {
      return Files.readAllLines(PROCESSORS).stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      // Other systems have no such file.
      return System.getProperty("os.arch");
    }
  }
}
