package shallows.prune;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.images.DataOptions;
import shallows.model.images.DataSets;
import shallows.model.images.HeldOutSplit;
import shallows.model.images.LabelledImages;
import shallows.model.images.Normalization;
import shallows.model.network.Networks;
import shallows.model.network.SurvivalSchedule;
import shallows.model.progress.Progress;
import shallows.train.evidence.SurvivalStatistics;
import shallows.train.loop.TrainedNetwork;
import shallows.train.loop.Trainer;
import shallows.train.options.Compute;
import shallows.train.options.TrainingOptions;

/**
 * A small network that was really trained, on a few hundred real images.
 *
 * @param full with a block, stage3/block02, that adds nothing: whatever prunes must find it
 */
record SmallNetwork(
    Graph full, SurvivalStatistics statistics, LabelledImages train, LabelledImages heldOut) {
  static final Compute COMPUTE = Compute.cpu(0);

  static SmallNetwork trained() {
    LabelledImages images =
        DataSets.open(DataSets.FASHION_MNIST_MINI, DataOptions.ofSeed(1), Progress.SILENT)
            .train()
            .subset(0, 1000);
    HeldOutSplit split = images.split(0.3, 1);
    LabelledImages train = split.train();
    LabelledImages heldOut = split.heldOut();
    Normalization normalization = Normalization.measure(train);
    Task task = new Task(images.classes(), normalization.mean(), normalization.deviation());
    Graph fresh = Networks.create("resnet-14-s2", Shape.of(1, 28, 28), task, 1);
    TrainedNetwork trained =
        Trainer.train(
            SurvivalSchedule.parse("linear:0.5").applyTo(fresh),
            train,
            heldOut,
            TrainingOptions.standard(1).withEpochs(6),
            COMPUTE,
            Progress.SILENT);
    Graph full = withoutEffect(trained.graph(), "stage3/block02");
    SurvivalStatistics statistics =
        SurvivalStatistics.of(full, trained.steps(), Map.of(), Map.of());
    return new SmallNetwork(full, statistics, train, heldOut);
  }

  Pruner pruner(Budget budget, int epochs, boolean binarize) {
    return new Pruner(full, statistics, train, heldOut, options(budget, epochs, binarize));
  }

  PruneOptions options(Budget budget, int epochs, boolean binarize) {
    return new PruneOptions(budget, epochs, binarize, 1, COMPUTE);
  }

  private static Graph withoutEffect(Graph graph, String block) {
    Map<String, Tensor> zeros = new HashMap<>();
    for (String parameter : List.of("/2/norm/scale", "/2/norm/bias")) {
      Tensor trained = graph.parameter(block + parameter);
      zeros.put(block + parameter, new Tensor(trained.shape(), new float[trained.size()]));
    }
    return graph.withParameters(zeros);
  }
}
