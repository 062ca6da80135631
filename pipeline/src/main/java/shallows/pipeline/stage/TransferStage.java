package shallows.pipeline.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import shallows.data.LabelledImages;
import shallows.data.evaluation.AccuracyLoss;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.ShellWord;
import shallows.model.file.IoReason;
import shallows.model.file.Sha256;
import shallows.model.graph.BranchScales;
import shallows.model.graph.ClassifierHead;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.Task;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.read.ReadOptions;
import shallows.model.onnx.write.OnnxWriter;
import shallows.pipeline.event.Event;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.TrainSettings;
import shallows.pipeline.folder.TransferSettings;
import shallows.train.inference.FoldedBatchNorm;
import shallows.train.inference.TorchClassifier;
import shallows.train.loop.Epoch;
import shallows.train.loop.History;
import shallows.train.loop.Safeguards;
import shallows.train.loop.TrainingPhase;
import shallows.train.options.LayerRates;
import shallows.train.transfer.ClassifierTraining;

/**
 * A training that begins with somebody's network and other classes. First to {@code
 * train/classifier.onnx}: the network with a classifier for the classes of the images, which alone
 * was trained; then on as every training, all before the classifier at a lower rate. A training
 * that is interrupted goes on from that file, or from the features that it had.
 */
public final class TransferStage {
  private TransferStage() {}

  /**
   * @param safeguards of a training, and whether it goes on with an earlier one
   */
  public static void run(Work work, Safeguards safeguards) {
    RunFolder folder = work.folder();
    TrainSettings settings = work.record().train();
    if (!safeguards.resume() || !isTrained(work)) {
      trainClassifier(work);
    }
    // Read again whether or not it was just written: a training that goes on begins with the same.
    Graph begun = OnnxReader.read(folder.classifierModel());
    List<Epoch> epochs = classifierEpochs(folder);
    if (settings.epochs() == 0) {
      History.write(epochs, folder.train());
      ImportStage.measured(
          work,
          () -> begun,
          fresh -> {
            TrainStage.copy(folder.history(), fresh);
            TrainStage.copy(folder.classifierModel(), fresh);
          });
      return;
    }
    LayerRates rates =
        new LayerRates(
            Set.copyOf(ClassifierHead.of(begun).parameters()),
            work.record().from().transfer().trunkRate());
    TrainStage.run(
        work,
        TrainStage.trainee(settings.schedule().applyTo(begun), settings).after(epochs, rates),
        Optional.empty(),
        safeguards);
    LabelledImages heldOut = work.images().heldOut();
    lost(
            TorchClassifier.answers(begun, heldOut, work.compute()).right(heldOut),
            TorchClassifier.answers(OnnxReader.read(folder.fullModel()), heldOut, work.compute())
                .right(heldOut))
        .ifPresent(work::tell);
  }

  /**
   * Some networks, those without batch norm first of all, do not stand the rate of training: what
   * others taught them is gone then, and a new classifier alone would have been better.
   *
   * @param classifierAlone of each held-out image, whether it is right with the new classifier
   * @param allLayers the same after all layers were trained
   */
  static Optional<Event> lost(boolean[] classifierAlone, boolean[] allLayers) {
    AccuracyLoss loss = AccuracyLoss.between(classifierAlone, allLayers);
    if (!loss.isSurelyBeyond(0, AccuracyLoss.QUANTILE)) {
      return Optional.empty();
    }
    double images = loss.images();
    return Optional.of(
        new Event.TransferLost(
            count(classifierAlone) / images, count(allLayers) / images, loss.images()));
  }

  private static int count(boolean[] right) {
    int count = 0;
    for (boolean one : right) {
      count += one ? 1 : 0;
    }
    return count;
  }

  /** Whether an earlier start got as far as the whole network. */
  private static boolean isTrained(Work work) {
    Path file = work.folder().classifierModel();
    return Files.exists(file)
        && OnnxReader.read(file).task().labels().equals(work.images().train().classes())
        && !classifierEpochs(work.folder()).isEmpty();
  }

  private static List<Epoch> classifierEpochs(RunFolder folder) {
    return History.read(folder.history()).stream()
        .filter(epoch -> epoch.phase() == TrainingPhase.CLASSIFIER)
        .toList();
  }

  private static void trainClassifier(Work work) {
    RunFolder folder = work.folder();
    RunImages images = work.images();
    TrainSettings settings = work.record().train();
    Graph fresh = fresh(work);
    work.tellImages();
    ClassifierTraining training =
        new ClassifierTraining(
            work.record().from().transfer().headEpochs(),
            settings.training().augmentation().flip(),
            settings.seed(),
            work.compute());
    ClassifierTraining.Trained trained =
        training.train(fresh, images.split(), folder.features(), work.progress());
    History.write(trained.history(), folder.train());
    // Last, as it says that all of this is done.
    OnnxWriter.write(trained.network(), folder.classifierModel());
    remove(folder.features());
    Epoch last = trained.history().get(trained.history().size() - 1);
    work.tell(
        new Event.ClassifierTrained(
            settings.network(),
            trained.features(),
            images.train().classes().size(),
            last.heldOutAccuracy(),
            images.heldOut().size(),
            last.seconds()));
  }

  /** Their network with a classifier for our classes that knows nothing yet. */
  private static Graph fresh(Work work) {
    TransferSettings settings = work.record().from();
    RunImages images = work.images();
    Path file = Path.of(settings.file());
    if (!Sha256.of(file).equals(settings.sha256())) {
      throw new BadInputException(
          file,
          "the file that this run was begun with",
          "another of its name",
          Phrase.of("put it back, or begin another run with %s", Setting.OUT));
    }
    requireOtherClasses(file, images);
    ReadOptions reading =
        settings.reading(new Extent(images.train().height(), images.train().width()));
    Graph read =
        OnnxReader.imported(file, reading).graph().withName(work.record().train().network());
    ClassifierHead head = ClassifierHead.of(read);
    Graph theirs =
        read.withTask(new Task(read.task().labels(), NormalizationProbe.of(work, head.features())));
    ImportStage.requireSameOutputs(theirs, file, reading, images.heldOut());
    if (theirs.blocks().isEmpty()) {
      work.tell(new Event.NoBlocks(theirs.name()));
    }
    Graph ours = ClassifierHead.of(theirs).replaced(images.train().classes());
    return BranchScales.insert(
        FoldedBatchNorm.restore(ours, images.train(), work.compute(), work.progress()));
  }

  private static void requireOtherClasses(Path file, RunImages images) {
    List<String> classes = images.train().classes();
    boolean same =
        OnnxReader.task(file)
            .map(Task::labels)
            .filter(labels -> Set.copyOf(labels).equals(Set.copyOf(classes)))
            .isPresent();
    if (same) {
      throw new BadInputException(
          images.data().spec(),
          "classes that " + file.getFileName() + " does not know",
          "its own " + classes.size(),
          Phrase.of(
              "use it as it is: ./shallows shrink %s %s %s",
              ShellWord.quoted(file), Setting.DATA, ShellWord.quoted(images.data().spec())));
    }
  }

  /** The features are in files only until the classifier is trained. */
  private static void remove(Path folder) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw BadInputException.of(
          folder, "cannot be removed (" + IoReason.of(e) + ")", "remove it", e);
    }
  }
}
