package shallows.pipeline.stage;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import shallows.data.LabelledImages;
import shallows.export.convert.Conversion;
import shallows.model.BadInputException;
import shallows.model.graph.Block;
import shallows.model.graph.BranchScales;
import shallows.model.graph.Graph;
import shallows.model.graph.Normalization;
import shallows.model.graph.Task;
import shallows.model.network.SurvivalSchedule;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;
import shallows.model.progress.Progress;
import shallows.pipeline.folder.ImportSettings;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.Stage;
import shallows.pipeline.report.Words;
import shallows.train.evidence.LeaveOneOut;
import shallows.train.evidence.StepLog;
import shallows.train.evidence.SurvivalStatistics;
import shallows.train.inference.FoldedBatchNorm;
import shallows.train.inference.VariantPredictions;
import shallows.train.loop.Safeguards;
import shallows.train.options.Compute;

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
  public static void run(
      OpenRun run,
      Graph read,
      RunImages images,
      Safeguards safeguards,
      Compute compute,
      Listener listener,
      Progress progress) {
    requireEnough(images.heldOut());
    ImportSettings settings = run.record().imported();
    Graph original = original(read, settings, images, compute, listener);
    if (original.blocks().isEmpty()) {
      listener.remark(
          read.name()
              + ": no residual blocks found, so none can be dropped or binarized; int8 and export"
              + " go on");
    }
    if (run.record().train().epochs() == 0) {
      measured(run, original, images, compute, listener, progress);
    } else {
      Graph prepared =
          SurvivalSchedule.parse(run.record().train().survival())
              .applyTo(prepared(original, settings, images, compute, progress));
      OriginalNetwork theirs = new OriginalNetwork(original, settings.distillation());
      TrainStage.run(
          run, images, prepared, Optional.of(theirs), safeguards, compute, listener, progress);
      compare(original, OnnxReader.read(run.folder().fullModel()), images, compute, listener);
    }
  }

  /** What follows is measured against their network, so what training lost is lost. */
  private static void compare(
      Graph original, Graph trained, RunImages images, Compute compute, Listener listener) {
    listener.remark(
        String.format(
            Locale.ROOT,
            "trained on, the network gets %s of the held-out images right, as it came %s;"
                + " --max-drop counts from how it came, which flatters it on images that it was"
                + " trained on",
            Words.percent(accuracy(trained, images.heldOut(), compute)),
            Words.percent(accuracy(original, images.heldOut(), compute))));
  }

  private static double accuracy(Graph graph, LabelledImages images, Compute compute) {
    return VariantPredictions.of(graph, List.of(graph), images, compute, Progress.SILENT)
        .get(0)
        .accuracy(images);
  }

  private static void requireEnough(LabelledImages heldOut) {
    if (heldOut.size() < FEWEST) {
      throw new BadInputException(
          String.format(
              Locale.ROOT,
              "%s: expected at least %d images to decide on, found %d, of which one is %.1f points"
                  + " of accuracy; add images, a few hundred are good",
              heldOut.name(),
              FEWEST,
              heldOut.size(),
              100.0 / heldOut.size()));
    }
  }

  /** The network as it came, knowing its classes and its normalization. */
  private static Graph original(
      Graph read, ImportSettings settings, RunImages images, Compute compute, Listener listener) {
    Graph named = read.withTask(new Task(images.data().classes(), read.task().normalization()));
    NormalizationChoice choice =
        NormalizationChoice.of(named, settings, images.train(), images.heldOut(), compute);
    choice.remark().ifPresent(listener::remark);
    Normalization pixels = choice.chosen().normalization();
    return named.withTask(new Task(named.task().labels(), pixels));
  }

  private static Graph prepared(
      Graph original,
      ImportSettings settings,
      RunImages images,
      Compute compute,
      Progress progress) {
    Graph prepared =
        BranchScales.insert(FoldedBatchNorm.restore(original, images.train(), compute, progress));
    requireSameOutputs(prepared, Path.of(settings.file()), images.heldOut());
    return prepared;
  }

  private static void measured(
      OpenRun run,
      Graph original,
      RunImages images,
      Compute compute,
      Listener listener,
      Progress progress) {
    StageWork.run(
        run,
        Stage.TRAIN,
        record -> record.withImages(images.parts()),
        listener,
        fresh -> {
          Graph graph = prepared(original, run.record().imported(), images, compute, progress);
          Map<String, LeaveOneOut.Difference> leaveOneOut =
              graph.blocks().isEmpty()
                  ? Map.of()
                  : LeaveOneOut.measure(graph, images.train(), images.heldOut(), compute, progress);
          StepLog noSteps = new StepLog(graph.blocks().stream().map(Block::name).toList());
          SurvivalStatistics.of(graph, noSteps, leaveOneOut, Map.of())
              .write(fresh.resolve(run.folder().survival().getFileName()));
          OnnxWriter.write(graph, fresh.resolve(run.folder().fullModel().getFileName()));
          String summary =
              String.format(
                  Locale.ROOT,
                  "%s  %d blocks  %s on %s held-out images",
                  graph.name(),
                  graph.blocks().size(),
                  Words.percent(accuracy(graph, images.heldOut(), compute)),
                  Words.count(images.heldOut().size()));
          return new StageWork.Done(summary, 0);
        });
  }

  /** All that follows is compared with the graph, so the graph must be their network. */
  private static void requireSameOutputs(Graph graph, Path file, LabelledImages images) {
    Normalization pixels = graph.task().normalization();
    float[][] few = new float[Math.min(COMPARED, images.size())][];
    for (int i = 0; i < few.length; i++) {
      few[i] = images.normalized(i, i + 1, pixels);
    }
    // As the file gives them: behind a softmax perhaps, for images with the channels last.
    Conversion theirs = Conversion.of(file, few, 1);
    double difference = theirs.differenceOfOnnx(OnnxWriter.bytes(graph), 1);
    if (!(difference <= TOLERANCE)) {
      throw new BadInputException(
          String.format(
              Locale.ROOT,
              "%s: expected outputs as ONNX Runtime gives for it, found a difference of %.1e of"
                  + " their range; the file holds something that is not read rightly, so take"
                  + " another export of the network",
              file,
              difference));
    }
  }
}
