package shallows.bench;

import com.google.gson.reflect.TypeToken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import shallows.data.Augmentation;
import shallows.data.LabelledImages;
import shallows.model.graph.Graph;
import shallows.model.json.JsonFormat;
import shallows.model.progress.Progress;
import shallows.pipeline.event.Listener;
import shallows.pipeline.folder.TrainSettings;
import shallows.pipeline.stage.RunImages;
import shallows.pipeline.stage.TrainStage;
import shallows.train.inference.TorchClassifier;
import shallows.train.loop.Trainer;
import shallows.train.options.Compute;

/**
 * Whether an augmentation helps: trainings that differ in it alone, over several seeds, by their
 * accuracy on test images. {@code bench/run AugmentationGain DATA OUT.json NETWORK EPOCHS IMAGES
 * SEEDS NAME…}; those that stand in the file already are not done again.
 */
public final class AugmentationGain {
  private static final Compute COMPUTE = Compute.cpu(0);
  private static final JsonFormat<List<Row>> ROWS =
      new JsonFormat<>(new TypeToken<List<Row>>() {}, "trainings by augmentation", "train again");

  /** Each beside flips, and shifts of an eighth of 32 pixels. */
  private static final Map<String, Augmentation> AUGMENTATIONS =
      Map.of(
          "flip", new Augmentation(true, 0),
          "shift", new Augmentation(true, 4),
          "resized-crop", new Augmentation(true, 0, 0.25, false, 0, 0),
          "trivial-augment", new Augmentation(true, 4, 0, true, 0, 0),
          "color-jitter", new Augmentation(true, 4, 0, false, 0.4, 0),
          "random-erasing", new Augmentation(true, 4, 0, false, 0, 0.25));

  private AugmentationGain() {}

  /**
   * A training.
   *
   * @param name of the augmentation
   * @param accuracy on test images, in [0, 1]
   */
  record Row(String name, long seed, double accuracy) {}

  public static void main(String[] arguments) {
    Path out = Path.of(arguments[1]);
    TrainSettings settings =
        TrainSettings.STANDARD
            .withData(arguments[0], Integer.valueOf(arguments[4]))
            .withNetwork(arguments[2])
            .withEpochs(Integer.parseInt(arguments[3]));
    List<Row> rows = new ArrayList<>(Files.exists(out) ? ROWS.read(out) : List.of());
    List<String> names = Arrays.asList(arguments).subList(6, arguments.length);
    // All of them for one seed, then for the next: what is interrupted still compares.
    for (String seed : arguments[5].split(",")) {
      TrainSettings seeded = settings.withSeed(Long.parseLong(seed));
      RunImages images = RunImages.open(seeded, Listener.SILENT);
      for (String name : names) {
        if (rows.stream().noneMatch(r -> r.name().equals(name) && r.seed() == seeded.seed())) {
          rows.add(row(name, seeded, images));
          ROWS.write(rows, out);
        }
      }
    }
    for (String name : names) {
      double[] found =
          rows.stream().filter(row -> row.name().equals(name)).mapToDouble(Row::accuracy).toArray();
      System.out.printf(
          Locale.ROOT,
          "%-16s %.4f in the mean of %d seeds: %s%n",
          name,
          Arrays.stream(found).average().orElse(Double.NaN),
          found.length,
          Arrays.toString(found));
    }
  }

  private static Row row(String name, TrainSettings settings, RunImages images) {
    TrainSettings varied =
        settings.withTraining(settings.training().withAugmentation(AUGMENTATIONS.get(name)));
    Graph fresh = TrainStage.freshNetwork(varied, images);
    Graph trained =
        Trainer.train(
                TrainStage.trainee(fresh, varied),
                images.split(),
                varied.training(),
                COMPUTE,
                Progress.SILENT)
            .graph();
    LabelledImages test = images.test();
    double accuracy = TorchClassifier.answers(trained, test, COMPUTE).accuracy(test);
    return new Row(name, settings.seed(), accuracy);
  }
}
