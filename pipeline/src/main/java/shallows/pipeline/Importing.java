package shallows.pipeline;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.file.AbsolutePath;
import shallows.model.file.Sha256;
import shallows.model.graph.ClassifierHead;
import shallows.model.graph.Cost;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.read.ReadOptions;
import shallows.pipeline.convert.ConvertSettings;
import shallows.pipeline.folder.ImportSettings;
import shallows.pipeline.folder.PruneSettings;
import shallows.pipeline.folder.TrainSettings;
import shallows.pipeline.folder.TransferSettings;
import shallows.pipeline.measure.AskedTask;
import shallows.pipeline.measure.PictureArguments;
import shallows.pipeline.measure.UnlabelledPictures;
import shallows.train.options.Transfer;

/**
 * A trained network that somebody else made, and what its file does not say. The network is read
 * once, when it is first asked for.
 */
public final class Importing {
  /** Without training: with 2,000 images to decide on, chance moves a decision by half a point. */
  public static final int MOST_IMAGES = 4000;

  public static final int FEWEST_IMAGES = 300;

  /** A network that is trained already is not thrown far from where it is. */
  public static final double LEARNING_RATE = 0.02;

  /** What is trained learns as much from the network as it came as from the labels. */
  public static final double DISTILL = 0.5;

  /** What all images together may cost, once through the network: minutes for all of it. */
  private static final long MACS = 1_200_000_000_000L;

  /** Half to re-estimate batch norm, to calibrate on and to choose blocks by, half to confirm. */
  private static final double HELD_OUT_WITHOUT_TRAINING = 0.5;

  private static final double HELD_OUT = 0.1;

  /** To look at a network that takes any size before the images are known. */
  private static final Extent ANY_SIZE = Extent.square(224);

  private final Path file;
  private final ReadOptions reading;
  private final Optional<Path> labels;
  private final AskedTask asked;

  /** Null before it is asked for. */
  private Graph network;

  /**
   * @param file {@code .onnx}
   * @param reading what the file leaves open
   * @param labels a file with a line for each output, the name of its class folder; empty for what
   *     the network's file says, else the class folders in the order of their names
   * @param normalization {@code auto} or the name of a preset; empty for what the file says, else
   *     auto
   * @param mean for each channel, of pixels in [0, 1]; null unless given, with the deviation
   * @param deviation for each channel, positive; null unless given
   */
  public Importing(
      Path file,
      ReadOptions reading,
      Optional<Path> labels,
      Optional<String> normalization,
      List<Float> mean,
      List<Float> deviation) {
    this.file = file;
    this.reading = reading;
    this.labels = labels;
    this.asked = new AskedTask(labels, normalization, mean, deviation);
  }

  /** By what its file says. */
  public static Importing of(Path file) {
    return new Importing(file, ReadOptions.OF_FILE, Optional.empty(), Optional.empty(), null, null);
  }

  /** The network, by the name of its file. */
  public Graph network() {
    if (network == null) {
      network = OnnxReader.imported(file, reading).graph().withName(name());
    }
    return network;
  }

  /** The file's name without its ending. */
  public String name() {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  /**
   * What its blocks are judged by where nothing else is said.
   *
   * @param images the name of a data set, or a folder
   * @param epochs to train on first; 0 for none
   * @param trains whether anything is trained, before or after pruning: then all images are used,
   *     else as many as are affordable
   */
  public TrainSettings training(String images, int epochs, boolean trains) {
    long affordable = MACS / Math.max(1, Cost.of(network()).macs());
    return TrainSettings.STANDARD
        .withNetwork(name())
        .withData(
            images,
            trains ? null : (int) Math.max(FEWEST_IMAGES, Math.min(MOST_IMAGES, affordable)))
        .withTraining(
            TrainSettings.STANDARD.training().withEpochs(epochs).withLearningRate(LEARNING_RATE));
  }

  /** How it is pruned where nothing else is said: with epochs, fine-tuned and distilled too. */
  public static PruneSettings pruning(int epochs) {
    return epochs > 0
        ? PruneSettings.STANDARD.withDistill(DISTILL)
        : PruneSettings.STANDARD.withFineTuneEpochs(0);
  }

  /**
   * The same on these images: where they have no labels, {@link ConvertSettings.Images#MAX_CHANGED}
   * points of answers may change, as answers change more often than they become wrong.
   *
   * @param images the name of a data set, or a path
   */
  public static PruneSettings pruning(String images, int epochs) {
    return PictureArguments.areWithoutClasses(images)
        ? pruning(epochs).withMaxDrop(ConvertSettings.Images.MAX_CHANGED)
        : pruning(epochs);
  }

  /**
   * @param images the name of a data set, or a path
   * @param pruning what fine-tuning learns from the network, training on learns as well
   * @throws BadInputException when something does not fit the network
   */
  ImportSettings settings(String images, boolean trainsOn, PruneSettings pruning) {
    Graph graph = network();
    boolean unlabelled = PictureArguments.areWithoutClasses(images);
    boolean trains = trainsOn || pruning.fineTuneEpochs() > 0;
    requireBlocks(graph, trainsOn, pruning);
    Optional<Task> told = OnnxReader.task(file);
    Shape image = graph.input().shape();
    if (unlabelled) {
      requireFitForAnswers(graph, trainsOn);
    }
    Optional<List<String>> names = asked.labels(graph.classes()).or(() -> told.map(Task::labels));
    return new ImportSettings(
        AbsolutePath.of(file).toString(),
        Sha256.of(file),
        reading.output().orElse(null),
        image.dimension(0),
        image.dimension(1),
        image.dimension(2),
        graph.classes(),
        unlabelled
            ? names.orElseGet(() -> UnlabelledPictures.labels(file, graph.classes()))
            : names.orElse(null),
        unlabelled
            ? asked.scalingWithoutLabels(file, told.isPresent(), image.dimension(0))
            : asked.scaling(told.isPresent(), image.dimension(0)),
        asked.mean(),
        asked.deviation(),
        trains ? HELD_OUT : HELD_OUT_WITHOUT_TRAINING,
        pruning.distill(),
        pruning.temperature(),
        unlabelled ? true : null);
  }

  /** Its answers stand in for labels. */
  private void requireFitForAnswers(Graph graph, boolean trainsOn) {
    int channels = graph.input().shape().dimension(0);
    if (graph.classes() < 2 || channels != 1 && channels != 3) {
      throw new BadInputException(
          file,
          "a network of at least 2 classes for grey or colour, to answer pictures without labels",
          graph.classes() + " classes and " + channels + " channels",
          Phrase.of("give %s in a folder for each class", Setting.DATA));
    }
    if (trainsOn) {
      throw new BadInputException(
          Setting.EPOCHS,
          "labelled images to train on",
          "pictures without labels",
          Phrase.of(
              "leave it out (%s learns from the answers of the network), or give %s in a folder for"
                  + " each class",
              Setting.FINE_TUNE_EPOCHS, Setting.DATA));
    }
  }

  /**
   * As a network that a training for other classes begins with.
   *
   * @param size that images are brought to where the network takes any; null keeps theirs
   * @throws BadInputException when something does not fit the network, or it has no classifier
   */
  TransferSettings transfer(Integer size, Transfer how) {
    if (labels.isPresent()) {
      throw new BadInputException(
          Setting.LABELS, Phrase.of("none beside %s", Setting.FROM), labels.get(), "leave it out");
    }
    boolean open = OnnxReader.takesAnySize(file);
    Extent trial = size == null ? ANY_SIZE : Extent.square(size);
    ReadOptions options =
        new ReadOptions(
            reading.output(),
            open || size != null ? Optional.of(trial) : Optional.empty(),
            reading.channels());
    Graph graph = OnnxReader.imported(file, options).graph();
    requireHead(graph);
    Shape image = graph.input().shape();
    boolean asImages = open && size == null;
    return new TransferSettings(
        AbsolutePath.of(file).toString(),
        Sha256.of(file),
        reading.output().orElse(null),
        image.dimension(0),
        asImages ? null : image.dimension(1),
        asImages ? null : image.dimension(2),
        asked.scaling(OnnxReader.task(file).isPresent(), image.dimension(0)),
        asked.mean(),
        asked.deviation(),
        how);
  }

  private void requireHead(Graph graph) {
    try {
      ClassifierHead.of(graph);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(
          Phrase.of("%s: %s", file, e.getMessage()),
          null,
          null,
          Phrase.of("take an export of the classifier alone, or name another %s", Setting.OUTPUT),
          e);
    }
  }

  private void requireBlocks(Graph graph, boolean trainsOn, PruneSettings pruning) {
    if (graph.blocks().isEmpty()
        && (trainsOn || pruning.maxBytes() != null || pruning.maxMacs() != null)) {
      throw new BadInputException(
          file,
          "a network with residual blocks to train on or to reach a size",
          "none",
          "leave these out; int8 and export go on without blocks");
    }
  }
}
