package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.DataOptions;
import shallows.data.DataSet;
import shallows.data.HeldOutSplit;
import shallows.data.LabelledImages;
import shallows.data.PixelOrder;
import shallows.data.evaluation.Classifier;
import shallows.data.evaluation.Predictions;
import shallows.data.sets.DataSets;
import shallows.export.pass.ExportPasses;
import shallows.export.pass.ToConvolutions;
import shallows.export.quantize.Int8Sums;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.Range;
import shallows.export.quantize.SharedRanges;
import shallows.export.quantize.simulate.SimulatedQuantization;
import shallows.model.graph.Block;
import shallows.model.graph.FakeQuantization;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.interpreter.Interpreter;
import shallows.model.network.Networks;
import shallows.model.progress.Progress;
import shallows.train.loop.QuantizationAwareTraining;
import shallows.train.loop.QuantizationAwareTraining.Tuned;
import shallows.train.loop.Trainee;
import shallows.train.loop.Trainer;
import shallows.train.options.Compute;
import shallows.train.options.TrainingOptions;

/** A network that 8 bits are bad for, and what fine-tuning makes of it. */
@Tag("trains")
class QuantizationAwareTrainingTest {
  /**
   * How much larger than the others one channel of each block is: it takes the levels for itself.
   */
  private static final float OUTLIER = 300;

  /** Of the accuracy that was lost. */
  private static final double LOST_STILL = 0.5;

  /** A value in the middle between two steps goes either way, and so do some answers. */
  private static final double CHANCE = 0.02;

  private static final Compute COMPUTE = Compute.cpu(1);
  private static final TrainingOptions TRAINING = TrainingOptions.standard(1).withEpochs(3);

  @TempDir private Path folder;
  private static LabelledImages train;
  private static LabelledImages heldOut;
  private static Graph network;

  @BeforeAll
  static void trains() {
    DataSet data =
        DataSets.open(
            "fashion-mnist-mini", new DataOptions(OptionalInt.empty(), false, 1), Progress.SILENT);
    HeldOutSplit split = data.train().split(0.25, 1).heldOut().split(0.3, 1);
    train = split.train();
    heldOut = split.heldOut();
    Graph fresh =
        Networks.create(
            "resnet-8-s2",
            Shape.of(1, 28, 28),
            new Task(data.classes(), List.of(0.3f), List.of(0.35f)),
            1);
    network =
        ExportPasses.all(
            Trainer.train(
                    Trainee.of(fresh),
                    new HeldOutSplit(train, heldOut),
                    TRAINING,
                    COMPUTE,
                    Progress.SILENT)
                .graph());
  }

  @Test
  void aNetworkWithOutliersRecovers() {
    QuantizedGraph quantized = quantized(withOutliers(network));
    Tuned tuned = tune(quantized.graph(), quantized.fakeQuantization());
    double lost = tuned.floats() - accuracy(quantized);
    assertTrue(lost > 0.2, lost + " lost");
    double lostStill =
        tuned.floats() - accuracy(QuantizedGraph.of(tuned.graph(), quantized.quantizations()));
    assertTrue(lostStill < LOST_STILL * lost, lostStill + " lost still of " + lost);
    assertTrue(tuned.helped());
    // What training measured is what the simulation of the files has.
    assertEquals(lost, tuned.floats() - tuned.before().accuracy(), CHANCE);
    assertEquals(lostStill, tuned.floats() - tuned.after().accuracy(), CHANCE);
  }

  @Test
  void aNetworkThatRoundingCostsNothingStaysAsItIs() {
    Map<String, FakeQuantization.Levels> levels = new HashMap<>();
    for (Node node : network.nodes()) {
      levels.put(node.name(), new FakeQuantization.Levels(1e-5f, -100_000_000, 100_000_000));
    }
    Tuned tuned = tune(network, new FakeQuantization(levels, Map.of()));
    assertFalse(tuned.helped());
    assertSame(network, tuned.graph());
    assertEquals(0, tuned.before().divergence(), 1e-6);
    assertEquals(tuned.floats(), tuned.before().accuracy());
  }

  private Tuned tune(Graph graph, FakeQuantization quantization) {
    return new QuantizationAwareTraining(train, heldOut, 2, TRAINING, COMPUTE)
        .run(graph, graph, quantization, folder, Progress.SILENT);
  }

  /**
   * Answers as before: what a ReLU lets through by a factor, the next convolution takes back. But
   * all channels of a value have the same levels.
   */
  private static Graph withOutliers(Graph graph) {
    Map<String, Tensor> changed = new HashMap<>();
    for (Block block : graph.blocks()) {
      Node second = graph.node(block.branch());
      Node first = graph.node(graph.node(second.inputs().get(0)).inputs().get(0));
      for (String name : first.inputs().subList(1, 3)) {
        changed.put(name, scaled(graph.parameter(name), 0, 1, OUTLIER));
      }
      String weight = second.inputs().get(1);
      int inputs = graph.parameter(weight).shape().dimension(1);
      changed.put(weight, scaled(graph.parameter(weight), 1, inputs, 1 / OUTLIER));
    }
    return graph.withParameters(changed);
  }

  /** The first output, or of each output the first input, times a factor. */
  private static Tensor scaled(Tensor tensor, int axis, int inputs, float factor) {
    float[] values = tensor.values().clone();
    int outputs = tensor.shape().dimension(0);
    int per = values.length / outputs / inputs;
    for (int o = 0; o < (axis == 0 ? 1 : outputs); o++) {
      int from = o * inputs * per;
      for (int i = from; i < from + per; i++) {
        values[i] *= factor;
      }
    }
    return new Tensor(tensor.shape(), values);
  }

  /** By the ranges that values have on some images, whatever calibration would make of them. */
  private static QuantizedGraph quantized(Graph folded) {
    Graph graph = ToConvolutions.apply(folded);
    float[] pixels =
        PixelOrder.channelsFirst(
            train.normalized(0, 100, graph.task().normalization()), 100, train.channels());
    Map<String, Tensor> values =
        Interpreter.values(graph, new Tensor(graph.input().shape().withBatch(100), pixels));
    Map<String, Range> ranges = new HashMap<>();
    for (String name : QuantizedGraph.rounded(graph).keySet()) {
      double[] found = new double[values.get(name).size()];
      for (int i = 0; i < found.length; i++) {
        found[i] = values.get(name).values()[i];
      }
      ranges.put(
          name,
          new Range(
              Arrays.stream(found).min().orElseThrow(), Arrays.stream(found).max().orElseThrow()));
    }
    return QuantizedGraph.of(
        folded, SharedRanges.quantizations(graph, ranges, Int8Sums.CONVOLUTION));
  }

  private static double accuracy(QuantizedGraph quantized) {
    try (Classifier simulation = new SimulatedQuantization(quantized)) {
      return Predictions.of(simulation, heldOut, quantized.graph().task(), 100, Progress.SILENT)
          .accuracy(heldOut);
    }
  }
}
