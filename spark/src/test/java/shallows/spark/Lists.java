package shallows.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import shallows.model.progress.Progress;
import shallows.pipeline.folder.TrainSettings;
import shallows.pipeline.sweep.CutJob;
import shallows.pipeline.sweep.TrainJob;
import shallows.train.jobs.Job;
import shallows.train.jobs.JobChain;
import shallows.train.jobs.JobRunner;
import shallows.train.jobs.Jobs;
import shallows.train.options.Compute;

/** Small lists of trainings, what they leave, and Spark to do them. */
final class Lists {
  private Lists() {}

  static TrainJob training(String survival, int epochs) {
    return new TrainJob(
        TrainSettings.STANDARD
            .withData(TrainSettings.DATA, 60)
            .withNetwork("resnet-8-s2")
            .withSurvival(survival)
            .withEpochs(epochs));
  }

  /** Four trainings, one with a cut. */
  static List<JobChain> four() {
    List<JobChain> chains = new ArrayList<>();
    TrainJob first = training("none", 1);
    chains.add(new JobChain(List.<Job<?>>of(first, new CutJob(first, 50))));
    for (String survival : List.of("linear:0.5", "linear:0.7", "linear:0.9")) {
      chains.add(new JobChain(List.<Job<?>>of(training(survival, 1))));
    }
    return chains;
  }

  static Jobs in(Path root, Consumer<String> begun) {
    return new Jobs(root, Compute.cpu(1), Progress.SILENT, begun);
  }

  /** Spark with these settings, as spark-submit would have said them. */
  static JobRunner spark(
      String where, Map<String, String> settings, Compute compute, Consumer<String> remark) {
    settings.forEach(System::setProperty);
    try {
      return new SparkPlace().open(where, compute, remark).orElseThrow();
    } finally {
      settings.keySet().forEach(System::clearProperty);
    }
  }

  /** Networks, evidence and results by file; the seconds that it took are no result. */
  static Map<String, String> found(Path root) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = root.relativize(file).toString();
        if (name.endsWith("job.json")) {
          found.put(name, Files.readString(file).replaceAll("\"seconds\": [^,]*", ""));
        } else if (name.endsWith(".onnx") || name.endsWith("survival.json")) {
          found.put(name, HexFormat.of().formatHex(Files.readAllBytes(file)));
        }
      }
    }
    return found;
  }

  /** Whether a file with such an ending is there by now. */
  static boolean has(Path root, String ending) {
    if (!Files.isDirectory(root)) {
      return false;
    }
    try (Stream<Path> all = Files.walk(root)) {
      return all.anyMatch(
          file ->
              file.getFileName().toString().endsWith(ending) && !file.endsWith(SharedFolder.FILE));
    } catch (IOException | UncheckedIOException e) {
      // Something went while it was looked at.
      return false;
    }
  }
}
