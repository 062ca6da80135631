package shallows.prune;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import shallows.data.DataOptions;
import shallows.data.HeldOutSplit;
import shallows.data.LabelledImages;
import shallows.data.PixelStatistics;
import shallows.data.sets.DataSets;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Normalization;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.network.Networks;
import shallows.model.network.SurvivalSchedule;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;
import shallows.model.progress.Progress;
import shallows.prune.plan.Budget;
import shallows.train.evidence.StepLog;
import shallows.train.evidence.SurvivalStatistics;
import shallows.train.loop.TrainedNetwork;
import shallows.train.loop.Trainee;
import shallows.train.loop.Trainer;
import shallows.train.options.Compute;
import shallows.train.options.TrainingOptions;

/**
 * A small network that was really trained, on a few hundred real images, once: {@code
 * small-network.onnx}. What two processors make of one training differs, and with it which blocks
 * can go, so it is stored, and what tests say of it holds with the margins that they state.
 *
 * <p>Of 302 held-out images 201 are right. Re-estimated without stage3/block02 it is right for one
 * more, surely within 0.2 points; the next drop, that of stage2/block02, costs 0.08 nats, any other
 * 0.1 or more, and each stands a factor of three from the next in its price. Cut to a quarter of
 * the MACs and fine-tuned for an epoch it is 20 points worse.
 *
 * @param full with a block, stage3/block02, that adds nothing: whatever prunes must find it
 */
public record SmallNetwork(
    Graph full, SurvivalStatistics statistics, LabelledImages train, LabelledImages heldOut) {
  public static final Compute COMPUTE = Compute.cpu(0);

  private static final String NETWORK = "small-network.onnx";
  private static final String STATISTICS = "small-network.json";

  public static SmallNetwork trained() {
    HeldOutSplit split = images();
    return new SmallNetwork(
        OnnxReader.read(stored(NETWORK)),
        SurvivalStatistics.read(stored(STATISTICS)),
        split.train(),
        split.heldOut());
  }

  /** The same with some of its training images, where nothing is claimed that takes all. */
  public SmallNetwork withTrainImages(int count) {
    return new SmallNetwork(full, statistics, train.subset(0, count), heldOut);
  }

  /** The same without a word of the training about its blocks. */
  public SmallNetwork withoutStatistics() {
    return new SmallNetwork(
        full,
        SurvivalStatistics.of(
            full,
            new StepLog(full.blocks().stream().map(Block::name).toList()),
            Map.of(),
            Map.of()),
        train,
        heldOut);
  }

  /**
   * Trains it anew.
   *
   * @param folder as first argument, where the two files are written: {@code
   *     src/test/resources/shallows/prune}
   */
  public static void main(String[] folder) {
    HeldOutSplit split = images();
    Normalization normalization = PixelStatistics.normalization(split.train());
    Task task = new Task(split.train().classes(), normalization);
    Graph fresh = Networks.create("resnet-14-s2", Shape.of(1, 28, 28), task, 1);
    TrainedNetwork trained =
        Trainer.train(
            Trainee.of(SurvivalSchedule.parse("linear:0.5").applyTo(fresh)),
            split,
            TrainingOptions.standard(1).withEpochs(6),
            COMPUTE,
            Progress.SILENT);
    Graph full = withoutEffect(trained.graph(), "stage3/block02");
    Map<String, Tensor> halves = new HashMap<>();
    full.parameters().forEach((name, value) -> halves.put(name, upperHalves(value)));
    OnnxWriter.write(full.withParameters(halves), Path.of(folder[0], NETWORK));
    SurvivalStatistics.of(full, trained.steps(), Map.of(), Map.of())
        .write(Path.of(folder[0], STATISTICS));
  }

  private static HeldOutSplit images() {
    return DataSets.open(DataSets.FASHION_MNIST_MINI, DataOptions.ofSeed(1), Progress.SILENT)
        .train()
        .subset(0, 1000)
        .split(0.3, 1);
  }

  private static Path stored(String name) {
    try {
      return Path.of(SmallNetwork.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** With the lower half of each float's bits zero, so that the file packs to half of its size. */
  private static Tensor upperHalves(Tensor tensor) {
    float[] values = tensor.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(Float.floatToIntBits(values[i]) & 0xffff0000);
    }
    return new Tensor(tensor.shape(), values);
  }

  public Pruner pruner(Budget budget, int epochs, boolean binarize) {
    return new Pruner(full, statistics, train, heldOut, options(budget, epochs, binarize));
  }

  public PruneOptions options(Budget budget, int epochs, boolean binarize) {
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
