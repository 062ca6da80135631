package shallows.prune.tune;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import shallows.model.BadInputException;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.prune.form.PlanApplication;
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
    Map<String, String> goneWith = PlanApplication.goneWith(full, decisions);
    List<BlockDecision> rows = new ArrayList<>();
    for (Block block : full.blocks()) {
      String decides = goneWith.getOrDefault(block.name(), block.name());
      boolean goes = goneWith.containsKey(block.name());
      Cost cost = Cost.of(full, block);
      BlockStatistics measured = statistics(block);
      rows.add(
          new BlockDecision(
              block.name(),
              goes ? Decision.DROP : decisions.getOrDefault(block.name(), Decision.KEEP),
              goes ? null : widths.get(block.name()),
              full.survival(block),
              measured.effect(),
              measured.standardError(),
              cost.macs(),
              cost.bytes(),
              reasons.getOrDefault(decides, List.of(new Reason.Spared()))));
    }
    return rows;
  }

  /** The free statistics of training; leave-one-out where training told nothing. */
  public Map<String, Double> expectedLoss() {
    Map<String, Double> expected = new HashMap<>();
    for (Block block : full.blocks()) {
      BlockStatistics row = statistics(block);
      Double effect = row.effectInEnsemble();
      Double loss = effect != null ? effect : row.leaveOneOut();
      if (loss != null) {
        expected.put(block.name(), loss);
      }
    }
    return expected;
  }

  private BlockStatistics statistics(Block block) {
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
