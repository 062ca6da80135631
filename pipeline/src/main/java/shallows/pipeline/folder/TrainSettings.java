package shallows.pipeline.folder;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import shallows.model.Expect;
import shallows.model.Setting;
import shallows.model.json.OrNull;
import shallows.model.network.SurvivalSchedule;
import shallows.train.options.StochasticDepth;
import shallows.train.options.TrainingOptions;

/**
 * What a training was asked for. Two runs of equal settings on one machine give the same network,
 * reproducible ones on two machines.
 *
 * @param data a name of {@link shallows.data.sets.DataSets} or an absolute folder
 * @param size height and width in pixels that images are brought to; null keeps theirs
 * @param skipBroken whether images that do not decode are left out
 * @param trainImages how many training images are used, the same share of each class; null for all
 * @param network for example {@code "resnet-32-s2"}
 * @param survival schedule, for example {@code "linear:0.5"}
 * @param epochs passes over the training images; 0 only for a network that was trained elsewhere
 * @param batch images a step
 * @param learningRate the largest one
 * @param seed of weights, gates, order and splits
 * @param reproducible whether the same bytes are to come out on every x86-64 processor with AVX2;
 *     all later stages go by it too
 * @param recipe all else
 */
public record TrainSettings(
    String data,
    @OrNull Integer size,
    boolean skipBroken,
    @OrNull Integer trainImages,
    String network,
    String survival,
    int epochs,
    int batch,
    double learningRate,
    long seed,
    boolean reproducible,
    RecipeSettings recipe)
    implements Serializable {
  private static final long serialVersionUID = 1;
  // Constants, not code, since the help of the options names them.
  public static final String DATA = "fashion-mnist-mini";
  public static final String NETWORK = "resnet-32-s2";
  public static final String SURVIVAL = "linear:0.5";
  public static final int EPOCHS = 15;
  public static final int BATCH = 64;
  public static final double LEARNING_RATE = 0.1;
  public static final long SEED = 1;
  public static final TrainSettings STANDARD =
      new TrainSettings(
          DATA,
          null,
          false,
          null,
          NETWORK,
          SURVIVAL,
          EPOCHS,
          BATCH,
          LEARNING_RATE,
          SEED,
          false,
          RecipeSettings.STANDARD);

  /** Below this the third stage of a network has no pixel left. */
  private static final int SMALLEST_SIZE = 8;

  private static final int LARGEST_SIZE = 1024;
  private static final int LARGEST_BATCH = 4096;

  public TrainSettings {
    Expect.present("recipe", recipe);
    Expect.require(data != null && !data.isBlank(), Setting.DATA, "a name or a folder", data);
    Expect.require(network != null && !network.isBlank(), Setting.NETWORK, "a name", network);
    Expect.require(
        survival != null && !survival.isBlank(), Setting.SURVIVAL, "a schedule", survival);
    // Reading it is the check.
    SurvivalSchedule.parse(survival);
    Expect.require(
        size == null || size >= SMALLEST_SIZE && size <= LARGEST_SIZE,
        Setting.SIZE,
        SMALLEST_SIZE + " to " + LARGEST_SIZE + " pixels",
        size);
    Expect.require(
        trainImages == null || trainImages >= 1, Setting.TRAIN_IMAGES, "at least 1", trainImages);
    Expect.require(epochs >= 0, Setting.EPOCHS, "at least 0", epochs);
    Expect.require(
        batch >= 1 && batch <= LARGEST_BATCH, Setting.BATCH, "1 to " + LARGEST_BATCH, batch);
    Expect.require(
        learningRate > 0 && Double.isFinite(learningRate),
        Setting.LEARNING_RATE,
        "a positive number",
        learningRate);
  }

  /** The same training on other images, or a number of them. */
  public TrainSettings withData(String other, Integer images) {
    return new TrainSettings(
        other,
        size,
        skipBroken,
        images,
        network,
        survival,
        epochs,
        batch,
        learningRate,
        seed,
        reproducible,
        recipe);
  }

  /** The same training of another network. */
  public TrainSettings withNetwork(String other) {
    return new TrainSettings(
        data,
        size,
        skipBroken,
        trainImages,
        other,
        survival,
        epochs,
        batch,
        learningRate,
        seed,
        reproducible,
        recipe);
  }

  /** The same training with another schedule of survival. */
  public TrainSettings withSurvival(String other) {
    return new TrainSettings(
        data,
        size,
        skipBroken,
        trainImages,
        network,
        other,
        epochs,
        batch,
        learningRate,
        seed,
        reproducible,
        recipe);
  }

  /** The same training for another number of epochs. */
  public TrainSettings withEpochs(int other) {
    return new TrainSettings(
        data,
        size,
        skipBroken,
        trainImages,
        network,
        survival,
        other,
        batch,
        learningRate,
        seed,
        reproducible,
        recipe);
  }

  /** The same training from another seed. */
  public TrainSettings withSeed(long other) {
    return new TrainSettings(
        data,
        size,
        skipBroken,
        trainImages,
        network,
        survival,
        epochs,
        batch,
        learningRate,
        other,
        reproducible,
        recipe);
  }

  /** The same training, with the same bytes on other processors or not. */
  public TrainSettings withReproducible(boolean other) {
    return new TrainSettings(
        data,
        size,
        skipBroken,
        trainImages,
        network,
        survival,
        epochs,
        batch,
        learningRate,
        seed,
        other,
        recipe);
  }

  /** The same training by another recipe: its epochs, batch and learning rate too. */
  public TrainSettings withRecipe(String name) {
    RecipeSettings other = RecipeSettings.named(name);
    TrainingOptions options = other.options(seed);
    return new TrainSettings(
        data,
        size,
        skipBroken,
        trainImages,
        network,
        survival,
        options.epochs(),
        options.batching().size(),
        options.schedule().learningRate(),
        seed,
        reproducible,
        other);
  }

  /**
   * What the trainer is told. A network that was trained elsewhere has no epochs of its own; then
   * it is what one epoch would be told, so that fine-tuning has something to go by.
   */
  public TrainingOptions trainingOptions() {
    return recipe
        .over(TrainingOptions.standard(seed).withEpochs(Math.max(1, epochs)), batch, learningRate)
        .withStochasticDepth(StochasticDepth.of(SurvivalSchedule.parse(survival)));
  }

  /** Every setting as text. */
  public Map<Setting, String> texts() {
    Map<Setting, String> texts = new LinkedHashMap<>();
    texts.put(Setting.DATA, data);
    texts.put(Setting.SIZE, size == null ? "that of the images" : size.toString());
    texts.put(Setting.SKIP_BROKEN, skipBroken ? "on" : "off");
    texts.put(Setting.TRAIN_IMAGES, trainImages == null ? "all" : trainImages.toString());
    texts.put(Setting.NETWORK, network);
    texts.put(Setting.SURVIVAL, survival);
    texts.put(Setting.EPOCHS, String.valueOf(epochs));
    texts.put(Setting.BATCH, String.valueOf(batch));
    texts.put(Setting.LEARNING_RATE, String.valueOf(learningRate));
    texts.put(Setting.SEED, String.valueOf(seed));
    texts.put(Setting.REPRODUCIBLE, reproducible ? "on" : "off");
    texts.putAll(recipe.texts());
    return texts;
  }
}
