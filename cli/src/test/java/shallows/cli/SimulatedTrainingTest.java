package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Classifier;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.Int8Form;
import shallows.export.quantize.Int8Sums;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.WeightScales;
import shallows.export.quantize.calibrate.Calibration;
import shallows.export.quantize.calibrate.CalibrationImages;
import shallows.export.quantize.simulate.SimulatedQuantization;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.network.Networks;
import shallows.model.network.SurvivalSchedule;
import shallows.prune.form.PlanApplication;
import shallows.prune.plan.Decision;
import shallows.train.inference.TorchClassifier;
import shallows.train.options.Compute;

/** What training simulates, and what files are verified against, are the same rounding. */
class SimulatedTrainingTest {
  private static final int IMAGES = 32;
  private static final Shape IMAGE = Shape.of(1, 16, 16);
  private static final Task TASK = new Task(List.of("a", "b", "c"), List.of(0.4f), List.of(0.25f));

  /**
   * @param least share of the outputs that are equal, the rest being those behind a value in the
   *     middle between two steps, which goes either way since LibTorch sums products of floats in
   *     an order of its own: the deeper the network, the more
   */
  @ParameterizedTest
  @CsvSource({
    "resnet-8-s2, false, 0.9",
    "resnet-8-s2, true, 0.9",
    "preresnet-8-s2, false, 0.9",
    "mobilenet-v2, false, 0.7",
  })
  void answersInTrainingAreThoseOfTheSimulation(String network, boolean binary, double least) {
    Graph graph = shaken(network);
    if (binary) {
      graph =
          PlanApplication.apply(
              graph,
              graph.blocks().stream()
                  .collect(Collectors.toMap(Block::name, block -> Decision.BINARIZE)));
    }
    LabelledImages images = images();
    QuantizedGraph quantized =
        Calibration.of(
                ExportPasses.all(graph),
                CalibrationImages.of(0, images, images),
                new Int8Form(Int8Sums.CONVOLUTION, WeightScales.PER_CHANNEL))
            .graph();
    float[] pixels = images.normalized(0, IMAGES, TASK.normalization());
    float[][] expected;
    float[][] found;
    try (Classifier simulation = new SimulatedQuantization(quantized);
        Classifier training =
            new TorchClassifier(quantized.graph(), quantized.fakeQuantization(), Compute.cpu(1))) {
      expected = simulation.logits(pixels, IMAGES);
      found = training.logits(pixels, IMAGES);
    }
    int equal = 0;
    double most = 0;
    for (int i = 0; i < IMAGES; i++) {
      for (int k = 0; k < TASK.labels().size(); k++) {
        double difference = Math.abs(expected[i][k] - found[i][k]) / quantized.outputStep();
        equal += difference == 0 ? 1 : 0;
        most = Math.max(most, difference);
      }
    }
    double share = (double) equal / (IMAGES * TASK.labels().size());
    assertTrue(share >= least, network + ": " + share + " equal, off by up to " + most);
  }

  /** With batch norms that are not trivial, so that channels differ. */
  private static Graph shaken(String network) {
    Graph graph =
        SurvivalSchedule.parse("linear:0.5").applyTo(Networks.create(network, IMAGE, TASK, 1));
    Random random = new Random(2);
    Map<String, Tensor> changed = new HashMap<>();
    for (Node node : graph.nodes()) {
      if (node.operation() instanceof Operation.BatchNorm) {
        for (String name : node.inputs().subList(1, 3)) {
          float[] values = graph.parameter(name).values().clone();
          for (int i = 0; i < values.length; i++) {
            values[i] += 0.3f * (float) random.nextGaussian();
          }
          changed.put(name, Tensor.vector(values));
        }
      }
    }
    return graph.withParameters(changed);
  }

  private static LabelledImages images() {
    byte[] pixels = new byte[IMAGES * IMAGE.size()];
    new Random(3).nextBytes(pixels);
    int[] labels = new int[IMAGES];
    for (int i = 0; i < IMAGES; i++) {
      labels[i] = i % TASK.labels().size();
    }
    return new LabelledImages("noise", TASK.labels(), 1, 16, 16, pixels, labels);
  }
}
