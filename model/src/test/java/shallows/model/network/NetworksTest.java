package shallows.model.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.model.BadInputException;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.interpreter.Interpreter;

class NetworksTest {
  private static final Shape CIFAR = Shape.of(3, 32, 32);

  /** Parameters in millions: He et al. 2016, table 6, which rounds to two digits. */
  @ParameterizedTest
  @CsvSource({
    "resnet-20, 0.27, 9",
    "resnet-32, 0.46, 15",
    "resnet-44, 0.66, 21",
    "resnet-56, 0.85, 27",
    "resnet-110, 1.7, 54"
  })
  void hasThePublishedNumberOfParameters(String name, double millions, int blocks) {
    Graph graph = create(name);
    assertEquals(millions, Cost.of(graph).parameters() / 1e6, millions < 1 ? 0.006 : 0.05);
    assertEquals(blocks, graph.blocks().size());
  }

  @Test
  void costsAQuarterBehindAStemOfStride2() {
    double ratio =
        (double) Cost.of(create("resnet-32-s2")).macs() / Cost.of(create("resnet-32")).macs();
    assertEquals(0.25, ratio, 0.01);
  }

  @Test
  void drawsTheSameWeightsFromTheSameSeed() {
    float[] weight = create("resnet-20").parameter("stem/conv/weight").values();
    assertArrayEquals(weight, create("resnet-20").parameter("stem/conv/weight").values());
  }

  @Test
  void startsNearTheLossOfGuessing() {
    Graph graph = create("resnet-20");
    float[] logits =
        Interpreter.run(graph, new Tensor(CIFAR.withBatch(1), new float[CIFAR.size()])).values();
    for (float logit : logits) {
      // An image of zeros passes a fresh network as zeros; the classifier's bias is zero too.
      assertEquals(0, logit, 1e-6);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet-33", "resnet-2", "resnet-", "vgg-16", "resnet-20-s3", ""})
  void refusesANameThatNoArchitectureKnows(String name) {
    String message = assertThrows(BadInputException.class, () -> create(name)).getMessage();
    assertTrue(message.contains("'" + name + "' is not known"), message);
    assertTrue(message.contains("resnet-20"), message);
  }

  private static Graph create(String name) {
    return Networks.create(name, CIFAR, Task.unnamed(10, 3), 1);
  }
}
