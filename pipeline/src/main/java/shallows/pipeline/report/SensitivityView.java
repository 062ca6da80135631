package shallows.pipeline.report;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import shallows.export.quantize.calibrate.LayerCost;

/**
 * What 8 bits cost one network, by the names that the template asks with.
 *
 * @param scales the file that has it
 * @param floats how many layers compute in floats
 */
record SensitivityView(String scales, long floats, List<Layer> layers) {
  /**
   * A row.
   *
   * @param depth from 1
   * @param cost in nats
   * @param share of the largest
   */
  record Layer(int depth, String name, String cost, String share, boolean inFloats) {}

  static List<SensitivityView> of(Report report) {
    Map<String, List<LayerCost>> measured =
        report.sensitivity() == null ? Map.of() : report.sensitivity();
    return measured.entrySet().stream().map(entry -> of(entry.getKey(), entry.getValue())).toList();
  }

  private static SensitivityView of(String scales, List<LayerCost> costs) {
    double largest = costs.stream().mapToDouble(LayerCost::divergence).max().orElse(0);
    List<Layer> layers =
        IntStream.range(0, costs.size())
            .mapToObj(i -> layer(i + 1, costs.get(i), largest))
            .toList();
    return new SensitivityView(scales, costs.stream().filter(LayerCost::inFloats).count(), layers);
  }

  private static Layer layer(int depth, LayerCost cost, double largest) {
    return new Layer(
        depth,
        cost.layer(),
        Words.nats(cost.divergence()),
        Figures.fixed(largest > 0 ? cost.divergence() / largest : 0, 4),
        cost.inFloats());
  }
}
