package shallows.cli.command;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import shallows.cli.terminal.Table;
import shallows.cli.terminal.Table.Alignment;
import shallows.export.quantize.calibrate.LayerCost;
import shallows.model.graph.Graph;
import shallows.pipeline.convert.Sensitivity;
import shallows.pipeline.report.Words;

/** What 8 bits cost in each layer, by depth, as lines of text. */
final class LayerTable {
  private static final int LONGEST_BAR = 24;

  private LayerTable() {}

  /** Of a foreign network. */
  static List<String> lines(Sensitivity found) {
    List<String> lines = new ArrayList<>(lines(found.layers()));
    lines.add(
        String.format(
            Locale.ROOT,
            "8 bits in all layers cost %.2f points on %s images; most in %s",
            found.pointsLost(),
            Words.count(found.images()),
            worst(found.layers(), found.network())));
    return lines;
  }

  private static String worst(List<LayerCost> layers, Graph network) {
    return layers.stream()
        .max(Comparator.comparingDouble(LayerCost::divergence))
        .map(cost -> "'" + cost.layer() + "', " + network.node(cost.layer()).operation().label())
        .orElse("none");
  }

  /** Of a network whose export has measured it. */
  static List<String> lines(List<LayerCost> layers) {
    Table table =
        new Table(Alignment.RIGHT, Alignment.LEFT, Alignment.RIGHT, Alignment.LEFT, Alignment.LEFT);
    table.row("depth", "layer", "8 bits cost", "", "");
    double largest = layers.stream().mapToDouble(LayerCost::divergence).max().orElse(0);
    for (int i = 0; i < layers.size(); i++) {
      LayerCost cost = layers.get(i);
      double share = largest > 0 ? cost.divergence() / largest : 0;
      table.row(
          String.valueOf(i + 1),
          cost.layer(),
          Words.nats(cost.divergence()),
          "#".repeat((int) Math.round(LONGEST_BAR * share)),
          cost.inFloats() ? "in floats" : "");
    }
    List<String> lines = new ArrayList<>(table.lines());
    lines.add(
        "cost: the divergence of the answers from those in floats, in nats, with 8 bits in this layer"
            + " alone");
    return lines;
  }
}
