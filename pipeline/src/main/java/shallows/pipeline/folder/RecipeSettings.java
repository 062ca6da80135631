package shallows.pipeline.folder;

import java.io.Serializable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import shallows.data.Augmentation;
import shallows.model.Expect;
import shallows.model.Setting;
import shallows.model.UnexpectedValueException;
import shallows.model.json.OrNull;
import shallows.train.options.Batching;
import shallows.train.options.Optimizer;
import shallows.train.options.Optimizer.Decayed;
import shallows.train.options.Optimizer.OffBlocks;
import shallows.train.options.Regularization;
import shallows.train.options.Schedule;
import shallows.train.options.Schedule.Kind;
import shallows.train.options.Selection;
import shallows.train.options.Selection.Keep;
import shallows.train.options.TrainingOptions;

/**
 * How a training goes about it, in the words of the command line.
 *
 * @param name of the recipe that was begun from: {@code standard} or {@code paper}
 * @param schedule {@code cosine}, {@code constant}, {@code step} or {@code step:0.5,0.75}
 * @param warmUp share of the steps
 * @param momentum of SGD
 * @param weightDecay factor
 * @param decay {@code everything} or {@code weights}
 * @param offBlocks {@code rest} or {@code coast}
 * @param clipNorm largest norm of the gradient; 0 for any
 * @param batchNorm images that batch norm sees at once; 0 for the whole batch
 * @param labelSmoothing share of a label that goes to all classes
 * @param mixup α; 0 for none
 * @param cutmix α; 0 for none
 * @param flip whether images are mirrored
 * @param shift largest shift in pixels
 * @param dropout rate of every dropout of the network; null for the network's own
 * @param ema decay of the moving average of the weights; 0 for none
 * @param keep {@code last} or {@code best}
 */
public record RecipeSettings(
    String name,
    String schedule,
    double warmUp,
    double momentum,
    double weightDecay,
    String decay,
    String offBlocks,
    double clipNorm,
    int batchNorm,
    double labelSmoothing,
    double mixup,
    double cutmix,
    boolean flip,
    int shift,
    @OrNull Double dropout,
    double ema,
    String keep)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** A number with decimals that is neither signed nor in exponents, or several. */
  private static final Pattern CUTS = Pattern.compile("step:(0?\\.\\d+(?:,0?\\.\\d+)*)");

  public static final RecipeSettings STANDARD = of("standard", TrainingOptions.standard(0));

  /** Huang et al. 2016. */
  public static final RecipeSettings PAPER = of("paper", TrainingOptions.paper(0));

  public RecipeSettings {
    Expect.require(
        "standard".equals(name) || "paper".equals(name), Setting.RECIPE, "standard or paper", name);
    Expect.require(
        warmUp >= 0 && warmUp < 1, Setting.WARM_UP, "a share of 0 to less than 1", warmUp);
    Expect.require(momentum >= 0 && momentum < 1, Setting.MOMENTUM, "0 to less than 1", momentum);
    Expect.require(isFactor(weightDecay), Setting.WEIGHT_DECAY, "at least 0", weightDecay);
    Expect.require(
        isFactor(clipNorm), Setting.CLIP_NORM, "a positive number, or 0 for none", clipNorm);
    Expect.require(
        batchNorm == Batching.WHOLE || batchNorm >= 2,
        Setting.BATCH_NORM,
        "at least 2 images, or 0 for the whole batch",
        batchNorm);
    Expect.require(
        labelSmoothing >= 0 && labelSmoothing < 1,
        Setting.LABEL_SMOOTHING,
        "0 to less than 1",
        labelSmoothing);
    Expect.require(isFactor(mixup), Setting.MIXUP, "at least 0", mixup);
    Expect.require(isFactor(cutmix), Setting.CUTMIX, "at least 0", cutmix);
    Expect.require(shift >= 0, Setting.SHIFT, "at least 0 pixels", shift);
    Expect.require(
        dropout == null || dropout >= 0 && dropout < 1,
        Setting.DROPOUT,
        "0 to less than 1",
        dropout);
    Expect.require(ema >= 0 && ema < 1, Setting.EMA, "0 to less than 1", ema);
    // Of words, reading them is the check.
    schedule(schedule, warmUp, 1);
    value(Setting.DECAY, Decayed.class, decay);
    value(Setting.OFF_BLOCKS, OffBlocks.class, offBlocks);
    value(Setting.KEEP, Keep.class, keep);
  }

  /** The recipe of this name. */
  public static RecipeSettings named(String name) {
    return switch (name) {
      case "standard" -> STANDARD;
      case "paper" -> PAPER;
      default -> throw new UnexpectedValueException(Setting.RECIPE, "standard or paper", name);
    };
  }

  /** The trainer's own options of the recipe of this name. */
  TrainingOptions options(long seed) {
    return name.equals(PAPER.name) ? TrainingOptions.paper(seed) : TrainingOptions.standard(seed);
  }

  private static RecipeSettings of(String name, TrainingOptions options) {
    return new RecipeSettings(
        name,
        word(options.schedule().kind()),
        options.schedule().warmUp(),
        options.optimizer().momentum(),
        options.optimizer().weightDecay(),
        word(options.optimizer().decayed()),
        word(options.optimizer().offBlocks()),
        options.optimizer().largestNorm(),
        options.batching().normalized(),
        options.regularization().labelSmoothing(),
        options.regularization().mixup(),
        options.regularization().cutmix(),
        options.augmentation().flip(),
        options.augmentation().shift(),
        null,
        options.selection().averageDecay(),
        word(options.selection().keep()));
  }

  /**
   * What a training is told.
   *
   * @param options whose epochs, seed and stochastic depth stay
   * @param batch images a step
   * @param learningRate the largest one
   */
  TrainingOptions over(TrainingOptions options, int batch, double learningRate) {
    return options
        .withBatching(new Batching(batch, batchNorm))
        .withSchedule(schedule(schedule, warmUp, learningRate))
        .withOptimizer(
            new Optimizer(
                momentum,
                weightDecay,
                value(Setting.DECAY, Decayed.class, decay),
                value(Setting.OFF_BLOCKS, OffBlocks.class, offBlocks),
                clipNorm))
        .withRegularization(new Regularization(labelSmoothing, mixup, cutmix))
        .withAugmentation(new Augmentation(flip, shift))
        .withSelection(new Selection(ema, value(Setting.KEEP, Keep.class, keep)));
  }

  /** Every setting as text. */
  public Map<Setting, String> texts() {
    Map<Setting, String> texts = new LinkedHashMap<>();
    texts.put(Setting.RECIPE, name);
    texts.put(Setting.SCHEDULE, schedule);
    texts.put(Setting.WARM_UP, String.valueOf(warmUp));
    texts.put(Setting.MOMENTUM, String.valueOf(momentum));
    texts.put(Setting.WEIGHT_DECAY, String.valueOf(weightDecay));
    texts.put(Setting.DECAY, decay);
    texts.put(Setting.OFF_BLOCKS, offBlocks);
    texts.put(Setting.CLIP_NORM, String.valueOf(clipNorm));
    texts.put(Setting.BATCH_NORM, String.valueOf(batchNorm));
    texts.put(Setting.LABEL_SMOOTHING, String.valueOf(labelSmoothing));
    texts.put(Setting.MIXUP, String.valueOf(mixup));
    texts.put(Setting.CUTMIX, String.valueOf(cutmix));
    texts.put(Setting.FLIP, String.valueOf(flip));
    texts.put(Setting.SHIFT, String.valueOf(shift));
    texts.put(Setting.DROPOUT, dropout == null ? "the network's" : dropout.toString());
    texts.put(Setting.EMA, String.valueOf(ema));
    texts.put(Setting.KEEP, keep);
    return texts;
  }

  private static Schedule schedule(String text, double warmUp, double learningRate) {
    try {
      Matcher cuts = CUTS.matcher(text);
      if (cuts.matches()) {
        List<Double> shares = Arrays.stream(cuts.group(1).split(",")).map(Double::valueOf).toList();
        return new Schedule(Kind.STEP, learningRate, warmUp, shares);
      }
      Kind kind = value(Setting.SCHEDULE, Kind.class, text);
      List<Double> shares = kind == Kind.STEP ? Schedule.HALF_AND_THREE_QUARTERS : List.of();
      return new Schedule(kind, learningRate, warmUp, shares);
    } catch (IllegalArgumentException e) {
      throw new UnexpectedValueException(
          Setting.SCHEDULE,
          "cosine, constant, step or step:S,S with ascending shares S of the training between 0"
              + " and 1",
          text);
    }
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static <E extends Enum<E>> E value(Setting setting, Class<E> type, String word) {
    for (E value : type.getEnumConstants()) {
      if (word(value).equals(word)) {
        return value;
      }
    }
    String known =
        Arrays.stream(type.getEnumConstants())
            .map(RecipeSettings::word)
            .collect(Collectors.joining(" or "));
    throw new UnexpectedValueException(setting, known, word);
  }

  private static boolean isFactor(double value) {
    return value >= 0 && Double.isFinite(value);
  }
}
