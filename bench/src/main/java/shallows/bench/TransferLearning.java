package shallows.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import shallows.data.DataOptions;
import shallows.data.DataSet;
import shallows.data.HeldOutSplit;
import shallows.data.LabelledImages;
import shallows.data.NormalizationPreset;
import shallows.data.PixelStatistics;
import shallows.data.sets.DataSets;
import shallows.model.file.AtomicFile;
import shallows.model.graph.BranchScales;
import shallows.model.graph.ClassifierHead;
import shallows.model.graph.Graph;
import shallows.model.graph.Task;
import shallows.model.json.JsonFormat;
import shallows.model.network.Networks;
import shallows.model.network.SurvivalSchedule;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.progress.Progress;
import shallows.pipeline.folder.TrainSettings;
import shallows.train.inference.FoldedBatchNorm;
import shallows.train.inference.TorchClassifier;
import shallows.train.loop.Trainee;
import shallows.train.loop.Trainer;
import shallows.train.options.Compute;
import shallows.train.options.LayerRates;
import shallows.train.options.StochasticDepth;
import shallows.train.options.Transfer;
import shallows.train.transfer.ClassifierTraining;

/**
 * A few images of some classes, learned by a network that was trained for others and by one of the
 * same layers from nothing, over as many images: {@code TransferLearning NETWORK.onnx DATA OUT.json
 * EPOCHS SEEDS CLASSES:IMAGES,… VARIANT…}. Both learn from, and are tested on, the test images of
 * DATA, which a network that was trained on the others has not seen; a class has IMAGES of them to
 * learn from and {@value #TESTED} others to be tested on.
 *
 * <p>A variant is {@code scratch} or {@code RATE:TRUNK:SURVIVAL:SCHEDULE…}, for example {@code
 * 0.05:0.1:linear:0.9}. From nothing there are as many more epochs as images went through the other
 * network for their features, though those without a backward pass.
 */
public final class TransferLearning {
  /** An image and its mirror image, whose features are computed once. */
  private static final int FEATURE_PASSES = 2;

  private static final int TESTED = 200;
  private static final Compute COMPUTE = Compute.cpu(0);

  private TransferLearning() {}

  /**
   * One training.
   *
   * @param images to learn from, a class
   * @param seen how many times an image went through the network
   * @param classifierAccuracy of the classifier alone, on test images; null from nothing
   * @param accuracy of all layers, on test images
   */
  private record Row(
      int classes,
      int images,
      long seed,
      String variant,
      int epochs,
      long seen,
      double seconds,
      Double classifierAccuracy,
      double accuracy) {}

  public static void main(String[] arguments) {
    Graph read = OnnxReader.read(Path.of(arguments[0]));
    OptionalInt size = OptionalInt.of(read.input().shape().dimension(1));
    DataSet data = DataSets.open(arguments[1], new DataOptions(size, false, 1), Progress.SILENT);
    Path out = Path.of(arguments[2]);
    int epochs = Integer.parseInt(arguments[3]);
    List<Row> rows = new ArrayList<>();
    for (String seed : arguments[4].split(",")) {
      for (String set : arguments[5].split(",")) {
        int classes = Integer.parseInt(set.split(":")[0]);
        int images = Integer.parseInt(set.split(":")[1]);
        LabelledImages some = firstClasses(data.test(), classes);
        HeldOutSplit parts = parts(some, images, Long.parseLong(seed));
        for (String variant : Arrays.asList(arguments).subList(6, arguments.length)) {
          rows.add(row(read, parts, variant, epochs, Long.parseLong(seed)));
          System.out.println(JsonFormat.compact(rows.get(rows.size() - 1)));
          AtomicFile.writeText(out, JsonFormat.compact(rows) + "\n");
        }
      }
    }
  }

  /** As many images of each of the first classes as all of them have, as a set of their own. */
  private static LabelledImages firstClasses(LabelledImages all, int classes) {
    List<Integer> which = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (all.label(i) < classes) {
        which.add(i);
      }
    }
    byte[] pixels = new byte[which.size() * all.imageBytes()];
    int[] labels = new int[which.size()];
    for (int i = 0; i < labels.length; i++) {
      System.arraycopy(all.image(which.get(i)), 0, pixels, i * all.imageBytes(), all.imageBytes());
      labels[i] = all.label(which.get(i));
    }
    List<String> names = all.classes().subList(0, classes).stream().map(n -> "my " + n).toList();
    return new LabelledImages(
        "few", names, all.channels(), all.height(), all.width(), pixels, labels);
  }

  /** What is learned from, and what is tested on. */
  private static HeldOutSplit parts(LabelledImages all, int images, long seed) {
    double share = (double) (images + TESTED) / all.indicesOf(0).length;
    LabelledImages used = all.split(share, seed).heldOut();
    return used.split((double) TESTED / (images + TESTED), seed);
  }

  private static Row row(Graph read, HeldOutSplit parts, String variant, int asked, long seed) {
    long begin = System.nanoTime();
    boolean fromNothing = variant.equals("scratch");
    int epochs = fromNothing ? asked + FEATURE_PASSES : asked;
    TrainSettings settings =
        (fromNothing ? TrainSettings.STANDARD : TrainSettings.TRANSFER)
            .withEpochs(epochs)
            .withSeed(seed);
    // Nothing is chosen by these.
    HeldOutSplit split = parts.train().split(0.1, seed);
    Trainee trainee;
    Double classifier = null;
    if (fromNothing) {
      Task task = new Task(split.train().classes(), PixelStatistics.normalization(split.train()));
      Graph fresh = Networks.create("resnet-56", read.input().shape(), task, seed);
      trainee = Trainee.of(settings.schedule().applyTo(fresh));
    } else {
      String[] said = variant.split(":", 3);
      settings =
          settings
              .withTraining(settings.training().withLearningRate(Double.parseDouble(said[0])))
              .withSurvival(said[2]);
      Graph begun = classifierTrained(read, split, settings);
      classifier = accuracy(begun, parts.heldOut());
      SurvivalSchedule schedule = settings.schedule();
      trainee =
          Trainee.of(schedule.applyTo(begun), StochasticDepth.of(schedule))
              .after(
                  List.of(),
                  new LayerRates(
                      Set.copyOf(ClassifierHead.of(begun).parameters()),
                      Double.parseDouble(said[1])));
    }
    Graph trained =
        Trainer.train(trainee, split, settings.training(), COMPUTE, Progress.SILENT).graph();
    int passes = epochs + (fromNothing ? 0 : FEATURE_PASSES);
    return new Row(
        parts.train().classes().size(),
        parts.train().size() / parts.train().classes().size(),
        seed,
        variant,
        epochs,
        (long) passes * split.train().size(),
        (System.nanoTime() - begin) / 1e9,
        classifier,
        accuracy(trained, parts.heldOut()));
  }

  /** As {@code --from} does it. */
  private static Graph classifierTrained(Graph read, HeldOutSplit split, TrainSettings settings) {
    Graph theirs =
        read.withTask(
            new Task(
                read.task().labels(),
                NormalizationPreset.IMAGENET.of(split.train()).orElseThrow()));
    Graph ours = ClassifierHead.of(theirs).replaced(split.train().classes());
    Graph ready =
        BranchScales.insert(FoldedBatchNorm.restore(ours, split.train(), COMPUTE, Progress.SILENT));
    return new ClassifierTraining(Transfer.HEAD_EPOCHS, true, settings.seed(), COMPUTE)
        .train(ready, split, null, Progress.SILENT)
        .network();
  }

  private static double accuracy(Graph graph, LabelledImages images) {
    return TorchClassifier.answers(graph, images, COMPUTE).accuracy(images);
  }
}
