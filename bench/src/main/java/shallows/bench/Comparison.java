package shallows.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import shallows.data.Augmentation;
import shallows.model.Expect;
import shallows.model.file.AtomicFile;
import shallows.pipeline.folder.TrainSettings;
import shallows.pipeline.sweep.TrainJob;
import shallows.pipeline.sweep.TrainJob.Trained;
import shallows.train.jobs.Jobs;
import shallows.train.options.TrainingOptions;

/**
 * Do dropped blocks beat the alternatives? Every row of the table comes from this program, its
 * settings and its list of seeds. Each is a job with a folder of its own, so an interrupted
 * comparison goes on where it was, and the table is written again after every one of them: the
 * first share of the first seed comes first, so that there is soon something to read.
 */
@Command(
    name = "Comparison",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Compares ways to a smaller network, before and after the same fine-tuning.")
public final class Comparison implements Callable<Integer> {
  @Mixin private JobArguments common;

  @Option(names = "--data", defaultValue = TrainSettings.DATA, description = "As in train.")
  private String data;

  @Option(names = "--network", defaultValue = "resnet-56-s2", description = "As in train.")
  private String network;

  @Option(names = "--survival", defaultValue = "linear:0.5", description = "As in train.")
  private String survival;

  @Option(names = "--epochs", defaultValue = "15", description = "Of the full networks.")
  private int epochs;

  @Option(names = "--fine-tune-epochs", defaultValue = "3", description = "Of every cut network.")
  private int fineTuneEpochs;

  @Option(names = "--fine-tune-rate", description = "As in prune.")
  private Double fineTuneRate;

  @Option(
      names = "--scratch-epochs",
      description =
          "Of the pruned shape from fresh weights. Without it as many as cost what the full"
              + " training and fine-tuning cost.")
  private Integer scratchEpochs;

  @Option(names = "--shift", defaultValue = "0", description = "As in train.")
  private int shift;

  @Option(names = "--removed", split = ",", defaultValue = "50,25,65", description = "Percent.")
  private List<Integer> removed;

  @Option(
      names = "--methods",
      split = ",",
      description = "Some of ${COMPLETION-CANDIDATES}; all without it.")
  private List<Method> methods = List.of(Method.values());

  /** Runs it; the exit status is that of the commands. */
  public static void main(String[] arguments) {
    System.exit(JobArguments.run(new Comparison(), arguments));
  }

  @Override
  public Integer call() {
    if (scratchEpochs != null) {
      Expect.atLeast(1, "--scratch-epochs", scratchEpochs);
    }
    Jobs jobs = common.jobs();
    List<RowJob> rows = rows();
    for (RowJob row : rows) {
      jobs.result(row);
      AtomicFile.writeText(common.folder().resolve("comparison.md"), table(rows, jobs));
    }
    System.out.print(table(rows, jobs));
    return 0;
  }

  private List<RowJob> rows() {
    List<RowJob> rows = new ArrayList<>();
    for (long seed : common.seeds()) {
      TrainSettings settings = settings(seed);
      for (int share : removed) {
        for (Method method : methods) {
          // What removes nothing is a row of its own, once.
          boolean removesNone = method == Method.BINARIZE_HALF;
          if (!removesNone || share == removed.get(0)) {
            int percent = removesNone ? 0 : share;
            Integer fresh = method == Method.SCRATCH ? scratchEpochs : null;
            rows.add(new RowJob(settings, method, percent, fineTuneEpochs, fineTuneRate, fresh));
          }
        }
      }
    }
    return rows;
  }

  private TrainSettings settings(long seed) {
    return TrainSettings.STANDARD
        .withData(data, common.trainImages())
        .withNetwork(network)
        .withSurvival(survival)
        .withTraining(
            TrainingOptions.standard(seed)
                .withEpochs(epochs)
                .withAugmentation(new Augmentation(true, shift)));
  }

  private String rateInWords() {
    return fineTuneRate == null ? "" : " at up to " + fineTuneRate;
  }

  private String table(List<RowJob> rows, Jobs jobs) {
    List<ComparisonTable.Entry> entries = new ArrayList<>();
    List<String> full = new ArrayList<>();
    for (RowJob job : rows) {
      Optional<Row> row = jobs.finished(job);
      Optional<Trained> trained = jobs.finished(new TrainJob(job.settings()));
      if (row.isPresent() && trained.isPresent()) {
        entries.add(new ComparisonTable.Entry(job.method(), row.get(), trained.get()));
        String words =
            String.format(
                Locale.ROOT,
                "seed %d %.2f %%",
                job.settings().seed(),
                100 * trained.get().testAccuracy());
        if (!full.contains(words)) {
          full.add(words);
        }
      }
    }
    String heading =
        String.format(
            Locale.ROOT,
            "%s on %s, %d epochs with survival %s%s, then %d of fine-tuning%s%s. Full network on test"
                + " images: %s. Points below it, mean (least to most) over seeds:",
            network,
            data,
            epochs,
            survival,
            shift == 0 ? "" : ", shifts of up to " + shift + " pixels",
            fineTuneEpochs,
            rateInWords(),
            scratchEpochs == null ? "" : "; from scratch " + scratchEpochs + " epochs",
            String.join(", ", full));
    return new ComparisonTable(removed, entries).markdown(heading);
  }
}
