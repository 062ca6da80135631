package shallows.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import shallows.model.file.AtomicFile;
import shallows.pipeline.folder.TrainSettings;
import shallows.train.jobs.Jobs;

/**
 * Is learned survival worth it? Trains the same network on the same images with one survival
 * schedule after the other, each with several seeds, and compares accuracy at full depth, the share
 * of blocks that ran, training time, and what is left of the accuracy when blocks are dropped. Each
 * training is a job with a folder of its own, so an interrupted comparison goes on where it was.
 */
@Command(
    name = "LearnedSurvival",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Compares survival schedules by accuracy, compute and how well blocks drop.")
public final class LearnedSurvival implements Callable<Integer> {
  @Mixin private JobArguments common;

  @Option(names = "--data", defaultValue = "fashion-mnist", description = "As in train.")
  private String data;

  @Option(names = "--network", defaultValue = TrainSettings.NETWORK, description = "As in train.")
  private String network;

  @Option(
      names = "--survival",
      split = ",",
      defaultValue = "linear:0.5,learned:0.01",
      description = "The schedules, as in train.")
  private List<String> schedules;

  @Option(names = "--epochs", defaultValue = "6", description = "As in train.")
  private int epochs;

  /** Runs it; the exit status is that of the commands. */
  public static void main(String[] arguments) {
    System.exit(JobArguments.run(new LearnedSurvival(), arguments));
  }

  @Override
  public Integer call() {
    Jobs jobs = common.jobs();
    Map<String, List<SurvivalResult>> results = new LinkedHashMap<>();
    schedules.forEach(schedule -> results.put(schedule, new ArrayList<>()));
    // Seed by seed, so that a machine that grows busy slows all schedules.
    for (long seed : common.seeds()) {
      for (String schedule : schedules) {
        TrainSettings settings =
            TrainSettings.STANDARD
                .withData(data, common.trainImages())
                .withNetwork(network)
                .withSurvival(schedule)
                .withEpochs(epochs)
                .withSeed(seed);
        results.get(schedule).add(jobs.result(new SurvivalJob(settings)));
      }
    }
    String table = table(results);
    AtomicFile.writeText(common.folder().resolve("survival.md"), table);
    System.out.print(table);
    return 0;
  }

  private String table(Map<String, List<SurvivalResult>> results) {
    int drops = results.get(schedules.get(0)).get(0).dropped().size() - 1;
    int[] shown = Arrays.stream(new int[] {0, drops / 2, drops}).distinct().toArray();
    StringBuilder table = new StringBuilder();
    table.append(
        String.format(
            Locale.ROOT,
            "%s on %s, %d epochs of %s images; accuracy on the test images without fine-tuning;"
                + " mean over the seeds %s, in brackets each.%n%n",
            network,
            data,
            epochs,
            common.trainImages() == null ? "all" : common.trainImages().toString(),
            common.seeds()));
    table.append("| survival | blocks on at the end | blocks on over all | seconds |");
    for (int k : shown) {
      table.append(k == 0 ? " full depth |" : " " + k + " blocks dropped |");
    }
    table.append("\n| --- | --- | --- | --- |").append(" --- |".repeat(shown.length)).append('\n');
    results.forEach(
        (schedule, of) -> {
          table.append("| ").append(schedule);
          table.append(" | ").append(mean(of, 2, SurvivalResult::activeAtTheEnd));
          table.append(" | ").append(mean(of, 2, SurvivalResult::activeOverAll));
          table.append(" | ").append(mean(of, 0, SurvivalResult::seconds));
          for (int k : shown) {
            table.append(" | ").append(mean(of, 4, r -> r.dropped().get(k).testAccuracy()));
          }
          table.append(" |\n");
        });
    return table.toString();
  }

  private static String mean(
      List<SurvivalResult> results, int digits, ToDoubleFunction<SurvivalResult> value) {
    double[] values = results.stream().mapToDouble(value).toArray();
    String format = "%." + digits + "f";
    String each =
        Arrays.stream(values)
            .mapToObj(v -> String.format(Locale.ROOT, format, v))
            .collect(Collectors.joining(", "));
    double mean = Arrays.stream(values).average().orElseThrow();
    return String.format(Locale.ROOT, format, mean) + " (" + each + ")";
  }
}
