package shallows.prune.search;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.prune.plan.Reason;

/**
 * How many drops held-out images confirm of networks as they were cut, without fine-tuning. Those
 * differ from the full one in few answers, so few images confirm them.
 */
public record ConfirmedDrops(Elimination elimination, Confirmation confirmation) {
  /**
   * Block by block, as long as held-out images confirm what is left.
   *
   * @return the smallest first; where none was confirmed, the full network
   */
  public List<CutNetwork> oneByOne(Progress progress) {
    Confirmation.Line line = confirmation.line();
    Predicate<Graph> isTooSmall =
        graph -> elimination.size() > 0 && !line.confirms(elimination.graph());
    elimination.run(isTooSmall, false, progress);
    if (line.isOpen()) {
      elimination.run(isTooSmall, true, progress);
    }
    List<CutNetwork> smallestFirst = new ArrayList<>();
    Reason why = new Reason.Spared();
    if (line.isOpen()) {
      smallestFirst.add(elimination.whenStuck());
    } else {
      why =
          new Reason.NotConfirmed(
              elimination.size(),
              0,
              false,
              confirmation.loss(elimination.graph()),
              confirmation.maxDrop());
    }
    for (int count = elimination.size() - 1; count > 0 || smallestFirst.isEmpty(); count--) {
      smallestFirst.add(elimination.after(count, why));
    }
    return smallestFirst;
  }
}
