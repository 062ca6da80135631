package shallows.train.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import shallows.model.graph.ClassifierHead;
import shallows.model.graph.FakeQuantization;
import shallows.model.graph.Graph;
import shallows.model.graph.Tensor;
import shallows.train.TestImages;
import shallows.train.options.Batching;
import shallows.train.options.Compute;
import shallows.train.options.LayerRates;
import shallows.train.options.Optimizer;

class LayerRatesTest {
  /** Of steps of about 0.1. */
  private static final double TOLERANCE = 1e-6;

  private static final int COUNT = 16;
  private static final StepRates RATES = new StepRates(0.1, Optimizer.of(0.9, 1e-3));

  private final Graph graph = TestImages.network(1);
  private final Set<String> classifier = Set.copyOf(ClassifierHead.of(graph).parameters());

  @Test
  void aStepMovesAllButTheClassifierByTheirShareOfIt() {
    Graph alike = stepped(LayerRates.ALIKE);
    Graph slower = stepped(new LayerRates(classifier, 0.25));

    for (Map.Entry<String, Tensor> parameter : graph.parameters().entrySet()) {
      String name = parameter.getKey();
      if (ParameterGroups.stored(graph).contains(name)) {
        continue;
      }
      double share = classifier.contains(name) ? 1 : 0.25;
      float[] before = parameter.getValue().values();
      for (int i = 0; i < before.length; i++) {
        assertEquals(
            share * (alike.parameter(name).values()[i] - before[i]),
            slower.parameter(name).values()[i] - before[i],
            TOLERANCE,
            name);
      }
    }
  }

  @Test
  void whatABlockHasCannotBeSetApart() {
    String ofBlock = graph.branch(graph.blocks().get(0)).get(0).inputs().get(1);

    assertThrows(
        IllegalArgumentException.class,
        () -> new ParameterGroups(graph, new LayerRates(Set.of(ofBlock), 0.5)));
  }

  private Graph stepped(LayerRates rates) {
    float[] pixels = TestImages.of(COUNT, 2).normalized(0, COUNT, graph.task().normalization());
    float[] targets = new float[COUNT * graph.classes()];
    for (int i = 0; i < COUNT; i++) {
      targets[i * graph.classes() + i % graph.classes()] = 1;
    }
    try (TorchTraining training =
        new TorchTraining(
            graph, FakeQuantization.NONE, rates, Batching.whole(COUNT), Compute.cpu(1))) {
      training.step(new StepInput(pixels, targets, COUNT, Gates.SCALED, 0), RATES);
      return training.graph();
    }
  }
}
