package shallows.pipeline.folder;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import shallows.model.Expect;
import shallows.model.Setting;
import shallows.model.json.Changes;
import shallows.model.json.OrNull;
import shallows.model.network.SurvivalSchedule;
import shallows.train.options.MixedPrecision;
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
 * @param dropout rate of every dropout of the network; null for the network's own
 * @param reproducible whether the same bytes are to come out on every x86-64 processor with AVX2;
 *     all later stages go by it too
 * @param recipe that the training was begun from: {@code standard} or {@code paper}
 * @param training how it goes about it; no epochs only for a network that was trained elsewhere
 */
public record TrainSettings(
    String data,
    @OrNull Integer size,
    boolean skipBroken,
    @OrNull Integer trainImages,
    String network,
    String survival,
    @OrNull Double dropout,
    boolean reproducible,
    String recipe,
    TrainingOptions training)
    implements Serializable {
  private static final long serialVersionUID = 1;
  private static final String STANDARD_RECIPE = "standard";
  private static final String PAPER_RECIPE = "paper";

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
          null,
          false,
          STANDARD_RECIPE,
          TrainingOptions.standard(SEED));

  /** Of a network that was trained for other classes, see {@link #TRANSFER}. */
  public static final String TRANSFER_SURVIVAL = "linear:0.9";

  public static final int TRANSFER_EPOCHS = 10;
  public static final double TRANSFER_RATE = 0.05;

  /**
   * What a training begins with somebody's network by, which knows most of what it will need: fewer
   * epochs and a lower rate, and few blocks off, since it knew no stochastic depth.
   */
  public static final TrainSettings TRANSFER =
      STANDARD
          .withSurvival(TRANSFER_SURVIVAL)
          .withTraining(
              TrainingOptions.standard(SEED)
                  .withEpochs(TRANSFER_EPOCHS)
                  .withLearningRate(TRANSFER_RATE));

  /** Below this the third stage of a network has no pixel left. */
  private static final int SMALLEST_SIZE = 8;

  private static final int LARGEST_SIZE = 1024;

  public TrainSettings {
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
    Expect.require(
        dropout == null || dropout >= 0 && dropout < 1,
        Setting.DROPOUT,
        "0 to less than 1",
        dropout);
    Expect.require(
        STANDARD_RECIPE.equals(recipe) || PAPER_RECIPE.equals(recipe),
        Setting.RECIPE,
        STANDARD_RECIPE + " or " + PAPER_RECIPE,
        recipe);
    Expect.present("training", training);
    MixedPrecision mixed = training.batching().mixedPrecision();
    Expect.require(
        !reproducible || mixed == MixedPrecision.NONE,
        Setting.MIXED_PRECISION,
        "none where the bytes are to be reproducible",
        mixed);
  }

  /** Passes over the training images. */
  public int epochs() {
    return training.epochs();
  }

  /** Of weights, gates, order and splits. */
  public long seed() {
    return training.seed();
  }

  /** How blocks are switched off. */
  public SurvivalSchedule schedule() {
    return SurvivalSchedule.parse(survival);
  }

  /** The same training on other images, or a number of them. */
  public TrainSettings withData(String other, Integer images) {
    return Changes.in(Changes.in(this, "data", other), "trainImages", images);
  }

  /** The same training of another network. */
  public TrainSettings withNetwork(String other) {
    return Changes.in(this, "network", other);
  }

  /** The same training with another schedule of survival. */
  public TrainSettings withSurvival(String other) {
    return Changes.in(this, "survival", other);
  }

  /** The same training for another number of epochs. */
  public TrainSettings withEpochs(int other) {
    return withTraining(training.withEpochs(other));
  }

  /** The same training from another seed. */
  public TrainSettings withSeed(long other) {
    return withTraining(training.withSeed(other));
  }

  /** The same training, with the same bytes on other processors or not. */
  public TrainSettings withReproducible(boolean other) {
    return Changes.in(this, "reproducible", other);
  }

  public TrainSettings withTraining(TrainingOptions other) {
    return Changes.in(this, "training", other);
  }

  /**
   * The same training by another recipe: its epochs, batch and learning rate too.
   *
   * @param name {@code standard}, or {@code paper} (Huang et al. 2016)
   */
  public TrainSettings withRecipe(String name) {
    TrainSettings other = Changes.in(this, "recipe", name);
    return other.withTraining(
        name.equals(PAPER_RECIPE)
            ? TrainingOptions.paper(seed())
            : TrainingOptions.standard(seed()));
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
    texts.put(Setting.DROPOUT, dropout == null ? "the network's" : dropout.toString());
    texts.put(Setting.REPRODUCIBLE, reproducible ? "on" : "off");
    texts.put(Setting.RECIPE, recipe);
    texts.put(Setting.EPOCHS, String.valueOf(epochs()));
    texts.put(Setting.SEED, String.valueOf(seed()));
    texts.put(Setting.BATCH, String.valueOf(training.batching().batch()));
    texts.put(Setting.BATCH_NORM, String.valueOf(training.batching().normalized()));
    texts.put(Setting.MIXED_PRECISION, training.batching().mixedPrecision().toString());
    texts.put(Setting.BALANCE, training.batching().balance().toString());
    texts.put(Setting.LEARNING_RATE, String.valueOf(training.schedule().learningRate()));
    texts.put(Setting.SCHEDULE, training.schedule().shape());
    texts.put(Setting.WARM_UP, String.valueOf(training.schedule().warmUp()));
    texts.put(Setting.MOMENTUM, String.valueOf(training.optimizer().momentum()));
    texts.put(Setting.WEIGHT_DECAY, String.valueOf(training.optimizer().weightDecay()));
    texts.put(Setting.CLIP_NORM, String.valueOf(training.optimizer().largestNorm()));
    texts.put(Setting.LABEL_SMOOTHING, String.valueOf(training.regularization().labelSmoothing()));
    texts.put(Setting.MIXUP, String.valueOf(training.regularization().mixup()));
    texts.put(Setting.CUTMIX, String.valueOf(training.regularization().cutmix()));
    texts.put(Setting.FLIP, String.valueOf(training.augmentation().flip()));
    texts.put(Setting.SHIFT, String.valueOf(training.augmentation().shift()));
    texts.put(Setting.RESIZED_CROP, String.valueOf(training.augmentation().resizedCrop()));
    texts.put(Setting.TRIVIAL_AUGMENT, training.augmentation().trivialAugment() ? "on" : "off");
    texts.put(Setting.COLOR_JITTER, String.valueOf(training.augmentation().colorJitter()));
    texts.put(Setting.RANDOM_ERASING, String.valueOf(training.augmentation().randomErasing()));
    texts.put(Setting.EMA, String.valueOf(training.selection().averageDecay()));
    texts.put(Setting.KEEP, training.selection().keep().toString());
    texts.put(Setting.PATIENCE, String.valueOf(training.selection().patience()));
    return texts;
  }
}
