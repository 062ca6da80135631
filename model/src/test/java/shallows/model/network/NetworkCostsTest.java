package shallows.model.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;

/** Parameters and MACs of the architectures against published counts. */
class NetworkCostsTest {
  /**
   * Of MACs, in percent. The sources differ in what they count beside convolutions and linear
   * layers: one of them adds batch norm, activations and pools (1.2 percent of a network of 16, 32
   * and 64 channels), the others nothing but rounding.
   */
  private static final double WITH_ELEMENTWISE = 1.5;

  private static final double ROUNDED = 0.2;

  /** Parameters in millions: He et al. 2016, table 6, which rounds to two digits. */
  @ParameterizedTest
  @CsvSource({
    "resnet-20, 0.27, 9",
    "resnet-32, 0.46, 15",
    "resnet-44, 0.66, 21",
    "resnet-56, 0.85, 27",
    "resnet-110, 1.7, 54",
    "resnet-1202, 19.4, 600"
  })
  void cifarResnetsHaveTheParametersOfThePaper(String name, double millions, int blocks) {
    Graph graph = small(name);
    assertEquals(millions, Cost.of(graph).parameters() / 1e6, millions < 1 ? 0.006 : 0.05);
    assertEquals(blocks, graph.blocks().size());
  }

  /** Lin et al. 2020, "HRank", table 2: MACs in millions of the networks before pruning. */
  @ParameterizedTest
  @CsvSource({"resnet-56, 125.49", "resnet-110, 252.89"})
  void cifarResnetsHaveTheMacsOfHrank(String name, double millions) {
    assertEquals(millions, Cost.of(small(name)).macs() / 1e6, millions * ROUNDED / 100);
  }

  /**
   * The table of CIFAR-10 networks in the README of osmr/imgclsmob (pytorchcv): exact parameters,
   * and MACs in millions, where given, of 3x32x32 images and ten classes. All its shortcuts that
   * change the shape are convolutions.
   */
  @ParameterizedTest
  @CsvSource({
    "resnet-20-b, 272474, 41.29",
    "resnet-56-b, 855770, 127.06",
    "resnet-110-b, 1730714, 255.70",
    "resnet-1202-b, 19424026, 2857.17",
    "preresnet-20-b, 272282, 41.27",
    "preresnet-56-b, 855578, 127.03",
    "preresnet-110-b, 1730522, 255.68",
    "wrn-16-10, 17116634, 2414.04",
    "wrn-28-10, 36479194, 5246.98",
    "wrn-40-8, 35748314, 5176.90"
  })
  void smallNetworksHaveTheParametersAndMacsOfPytorchcv(
      String name, long parameters, double millions) {
    Cost cost = Cost.of(small(name));
    assertEquals(parameters, cost.parameters());
    assertEquals(millions, cost.macs() / 1e6, millions * WITH_ELEMENTWISE / 100);
  }

  /**
   * The same table. Most convolutions here are of 1x1, beside which elementwise work weighs more.
   */
  @ParameterizedTest
  @CsvSource({"preresnet-164, 1703258, 255.08", "preresnet-1001, 10327706, 1536.18"})
  void smallBottlenecksHaveTheParametersAndMacsOfPytorchcv(
      String name, long parameters, double millions) {
    Cost cost = Cost.of(small(name));
    assertEquals(parameters, cost.parameters());
    assertEquals(millions, cost.macs() / 1e6, 2 * millions * WITH_ELEMENTWISE / 100);
  }

  /** Zagoruyko and Komodakis 2016, table 4, in millions with one digit. */
  @ParameterizedTest
  @CsvSource({
    "wrn-40-1, 0.6",
    "wrn-40-2, 2.2",
    "wrn-40-4, 8.9",
    "wrn-28-12, 52.5",
    "wrn-22-8, 17.2",
    "wrn-16-8, 11.0"
  })
  void wideResnetsHaveTheParametersOfThePaper(String name, double millions) {
    assertEquals(millions, Cost.of(small(name)).parameters() / 1e6, 0.051);
  }

  /** Not in that table; exact in the PyTorch code of others that calls itself WRN-16-4. */
  @Test
  void theNarrowerNetworkOfSixteenLayersHasTheParametersOfOthers() {
    assertEquals(2748890, Cost.of(small("wrn-16-4")).parameters());
  }

  /**
   * Huang et al. 2017, table 2, in millions: 40 and 100 layers without bottlenecks, 100, 250 and
   * 190 with them.
   */
  @ParameterizedTest
  @CsvSource({
    "densenet-40-12, 1.0, 36",
    "densenet-100-12, 7.0, 96",
    "densenet-100-24, 27.2, 96",
    "densenet-bc-100-12, 0.8, 48",
    "densenet-bc-250-24, 15.3, 123",
    "densenet-bc-190-40, 25.6, 93"
  })
  void denseNetworksHaveTheParametersOfThePaper(String name, double millions, int layers) {
    Graph graph = small(name);
    assertEquals(millions, Cost.of(graph).parameters() / 1e6, 0.051);
    assertEquals(layers, graph.blocks().size());
  }

  /**
   * The table of pytorchcv. Its networks without bottlenecks halve the channels in their
   * transitions, as those of the paper do not. It counts batch norm, activations and pools, before
   * which all channels stand, beside convolutions of few.
   */
  @ParameterizedTest
  @CsvSource({
    "densenet-bc-40-12, 176122, 74.89",
    "densenet-bc-40-24, 690346, 293.09",
    "densenet-bc-40-36, 1542682, 654.60",
    "densenet-bc-100-12, 769162, 298.45"
  })
  void denseBottlenecksHaveTheParametersAndMacsOfPytorchcv(
      String name, long parameters, double millions) {
    Cost cost = Cost.of(small(name));
    assertEquals(parameters, cost.parameters());
    assertEquals(millions, cost.macs() / 1e6, 3 * millions * WITH_ELEMENTWISE / 100);
  }

  /** Liu et al. 2017, "Network slimming", table 1, which counts products and sums: 533 million. */
  @Test
  void theDenseNetworkOfFortyLayersHasTheMacsOfNetworkSlimming() {
    Cost cost = Cost.of(small("densenet-40-12"));
    assertEquals(1.02, cost.parameters() / 1e6, 0.005);
    assertEquals(533.0 / 2, cost.macs() / 1e6, 533.0 / 2 * WITH_ELEMENTWISE / 100);
  }

  /** torchvision's weights documentation: exact parameters, and MACs in billions, of 3x224x224. */
  @ParameterizedTest
  @CsvSource({
    "bottleneck-50, 25557032, 4.089, 16",
    "bottleneck-101, 44549160, 7.801, 33",
    "bottleneck-152, 60192808, 11.514, 50",
    "mobilenet-v2, 3504872, 0.301, 10"
  })
  void imagenetNetworksHaveTheParametersAndMacsOfTorchvision(
      String name, long parameters, double billions, int blocks) {
    Graph graph = Networks.create(name, Shape.of(3, 224, 224), Task.unnamed(1000, 3), 1);
    assertEquals(parameters, Cost.of(graph).parameters());
    assertEquals(billions, Cost.of(graph).macs() / 1e9, billions * ROUNDED / 100);
    assertEquals(blocks, graph.blocks().size());
  }

  @ParameterizedTest
  @CsvSource({"resnet-32", "preresnet-32", "wrn-16-2"})
  void aStemOfStride2QuartersTheCost(String name) {
    double ratio = (double) Cost.of(small(name + "-s2")).macs() / Cost.of(small(name)).macs();
    assertEquals(0.25, ratio, 0.01);
  }

  private static Graph small(String name) {
    return Networks.create(name, Shape.of(3, 32, 32), Task.unnamed(10, 3), 1);
  }
}
