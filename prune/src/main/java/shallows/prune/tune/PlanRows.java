package shallows.prune.tune;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import shallows.model.BadInputException;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.prune.plan.BlockDecision;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Reason;
import shallows.train.evidence.SurvivalStatistics;
import shallows.train.evidence.SurvivalStatistics.BlockStatistics;

/**
 * The rows of a plan: each block of the full network with its decision, what it costs, what
 * training says it is worth, and the reason.
 *
 * @param full the trained network
 * @param statistics of its training
 */
public record PlanRows(Graph full, SurvivalStatistics statistics) {

  List<BlockDecision> of(
      Map<String, Decision> decisions,
      Map<String, Double> widths,
      Map<String, List<Reason>> reasons) {
    List<BlockDecision> rows = new ArrayList<>();
    for (Block block : full.blocks()) {
      Cost cost = Cost.of(full, block);
      BlockStatistics measured = statistics(block);
      rows.add(
          new BlockDecision(
              block.name(),
              decisions.getOrDefault(block.name(), Decision.KEEP),
              widths.get(block.name()),
              full.survival(block),
              measured.effect(),
              measured.standardError(),
              cost.macs(),
              cost.bytes(),
              reasons.getOrDefault(block.name(), List.of(new Reason.Spared()))));
    }
    return rows;
  }

  public BlockStatistics statistics(Block block) {
    return statistics.blocks().stream()
        .filter(row -> row.name().equals(block.name()))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInputException(
                    "survival.json",
                    "a row for block '" + block.name() + "' of " + full.name(),
                    "none",
                    "train the network again"));
  }
}
