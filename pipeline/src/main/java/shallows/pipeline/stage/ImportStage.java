package shallows.pipeline.stage;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import shallows.data.LabelledImages;
import shallows.export.convert.Agreement;
import shallows.export.convert.Conversion;
import shallows.model.BadInputException;
import shallows.model.graph.Block;
import shallows.model.graph.BranchScales;
import shallows.model.graph.Graph;
import shallows.model.graph.Normalization;
import shallows.model.graph.Task;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.read.ReadOptions;
import shallows.model.onnx.write.OnnxWriter;
import shallows.pipeline.event.Event;
import shallows.pipeline.folder.ImportSettings;
import shallows.pipeline.folder.Stage;
import shallows.pipeline.measure.NormalizationChoice;
import shallows.train.evidence.LeaveOneOut;
import shallows.train.evidence.StepLog;
import shallows.train.evidence.SurvivalStatistics;
import shallows.train.inference.FoldedBatchNorm;
import shallows.train.inference.TorchClassifier;
import shallows.train.loop.Safeguards;

/**
 * What stands in the place of a training where somebody else did it: from their network to {@code
 * train/model.onnx}, the same with classes and normalization, its batch norms unfolded and a scale
 * at the end of each branch, and {@code train/survival.json} by leave-one-out. With epochs to
 * train, that network goes through {@link TrainStage}.
 */
public final class ImportStage {
  /** Images on which the network that was read must answer as the file does in ONNX Runtime. */
  private static final int COMPARED = 8;

  /** Share of the range of the outputs: sums of floats in another order. */
  private static final double TOLERANCE = 1e-4;

  /** With fewer images than these to decide on, chance decides. */
  private static final int FEWEST = 20;

  private ImportStage() {}

  /**
   * @param read what the file holds
   * @param safeguards of a training, and whether it goes on with an earlier one
   */
  public static void run(Work work, Graph read, Safeguards safeguards) {
    RunImages images = work.images();
    requireEnough(images.heldOut());
    ImportSettings settings = work.record().imported();
    Graph original = original(work, read);
    if (settings.isUnlabelled()) {
      work.tell(
          new Event.AnswersAreLabels(
              read.name(),
              images.data().train().size() + images.data().test().size(),
              work.record().prune().maxDrop()));
    }
    // After what the network wants, which matters more.
    work.tellImages();
    if (original.blocks().isEmpty()) {
      work.tell(new Event.NoBlocks(read.name()));
    }
    if (work.record().train().epochs() == 0) {
      measured(work, () -> prepared(work, original), fresh -> keepAnswers(work, fresh));
    } else {
      Graph begun = work.record().train().schedule().applyTo(prepared(work, original));
      OriginalNetwork theirs = new OriginalNetwork(original, settings.distillation());
      TrainStage.run(
          work, TrainStage.trainee(begun, work.record().train()), Optional.of(theirs), safeguards);
      // What follows is measured against their network, so what training lost is lost.
      work.tell(
          new Event.TrainedOn(
              accuracy(OnnxReader.read(work.folder().fullModel()), work),
              accuracy(original, work)));
    }
  }

  /** Where they stand in for labels. */
  private static void keepAnswers(Work work, Path fresh) {
    if (work.record().imported().isUnlabelled()) {
      AnsweredPictures.Answers.FORMAT.write(
          AnsweredPictures.Answers.of(work.images().data()),
          fresh.resolve(work.folder().answers().getFileName()));
    }
  }

  /** On held-out images. */
  private static double accuracy(Graph graph, Work work) {
    LabelledImages images = work.images().heldOut();
    return TorchClassifier.answers(graph, images, work.compute()).accuracy(images);
  }

  private static void requireEnough(LabelledImages heldOut) {
    if (heldOut.size() < FEWEST) {
      throw new BadInputException(
          heldOut.name(),
          "at least " + FEWEST + " images to decide on",
          String.format(
              Locale.ROOT,
              "%d, of which one is %.1f points of accuracy",
              heldOut.size(),
              100.0 / heldOut.size()),
          "add images, a few hundred are good");
    }
  }

  /** The network as it came, knowing its classes and its normalization. */
  private static Graph original(Work work, Graph read) {
    RunImages images = work.images();
    Graph named = read.withTask(new Task(images.data().classes(), read.task().normalization()));
    return named.withTask(new Task(named.task().labels(), normalization(work, named)));
  }

  /** Tells what a person should know of the choice. */
  private static Normalization normalization(Work work, Graph named) {
    ImportSettings settings = work.record().imported();
    if (settings.isUnlabelled()) {
      return AnsweredPictures.normalization(settings, work.images().data().train());
    }
    Optional<Normalization> known =
        switch (settings.normalization()) {
          case ImportSettings.OF_FILE -> Optional.of(named.task().normalization());
          case ImportSettings.GIVEN ->
              Optional.of(new Normalization(settings.mean(), settings.deviation()));
          default -> Optional.empty();
        };
    NormalizationChoice choice =
        NormalizationChoice.of(
            settings.normalization(),
            known,
            work.images().train(),
            work.images().heldOut(),
            (normalization, few) ->
                TorchClassifier.answers(
                    named.withTask(new Task(named.task().labels(), normalization)),
                    few,
                    work.compute()));
    if (choice.isNews()) {
      work.tell(choice.found());
    }
    return choice.normalization();
  }

  private static Graph prepared(Work work, Graph original) {
    RunImages images = work.images();
    Graph prepared =
        BranchScales.insert(
            FoldedBatchNorm.restore(original, images.train(), work.compute(), work.progress()));
    ImportSettings settings = work.record().imported();
    requireSameOutputs(prepared, Path.of(settings.file()), settings.reading(), images.heldOut());
    return prepared;
  }

  /**
   * Takes a network in that is not trained here any more.
   *
   * @param taken makes it ready
   * @param more writes what else belongs to it into the folder of its files
   */
  static void measured(Work work, Supplier<Graph> taken, Consumer<Path> more) {
    RunImages images = work.images();
    work.run(
        Stage.TRAIN,
        record -> record.withImages(images.parts()),
        fresh -> {
          Graph graph = taken.get();
          more.accept(fresh);
          Map<String, LeaveOneOut.Difference> leaveOneOut =
              graph.blocks().isEmpty() ? Map.of() : LeaveOneOutJob.measure(work, graph);
          StepLog noSteps = new StepLog(graph.blocks().stream().map(Block::name).toList());
          SurvivalStatistics.of(graph, noSteps, leaveOneOut, Map.of())
              .write(fresh.resolve(work.folder().survival().getFileName()));
          OnnxWriter.write(graph, fresh.resolve(work.folder().fullModel().getFileName()));
          double accuracy = accuracy(graph, work);
          return new Work.Done(
              seconds ->
                  new Event.Trained(
                      graph.name(),
                      graph.blocks().size(),
                      accuracy,
                      images.heldOut().size(),
                      seconds),
              0);
        });
  }

  /** All that follows is made of the graph, so the graph must be their network. */
  static void requireSameOutputs(
      Graph graph, Path file, ReadOptions reading, LabelledImages images) {
    Normalization pixels = graph.task().normalization();
    float[][] few = new float[Math.min(COMPARED, images.size())][];
    for (int i = 0; i < few.length; i++) {
      few[i] = images.normalized(i, i + 1, pixels);
    }
    // As the file gives them: behind a softmax perhaps, for images with the channels last.
    Conversion theirs = Conversion.of(file, reading, few, 1);
    Agreement agreement = theirs.ofOnnx(graph, 1);
    if (!(agreement.holds() || agreement.difference() <= TOLERANCE)) {
      throw new BadInputException(
          file,
          "outputs as ONNX Runtime gives for it",
          String.format(
              Locale.ROOT,
              "a difference of %.1e of their range%s",
              agreement.difference(),
              agreement.departs().map(first -> ", first in " + first).orElse("")),
          "the file holds something that is not read rightly, so take another export of the network");
    }
  }
}
