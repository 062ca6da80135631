package shallows.prune;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;

/**
 * Fine-tunes cuts of one network until one is good enough to be shipped. How good a cut becomes
 * cannot be told before that, so it is tried: first the most, then about half as much.
 *
 * @param full the network that was cut
 * @param folder where a fine-tuning leaves its history; each replaces that of the one before
 */
record CutTuning(
    Graph full,
    HeldOut heldOut,
    Budget budget,
    Acceptance acceptance,
    FineTuning fineTuning,
    Path folder,
    Progress progress) {
  /** Of so many blocks that are left, one more is dropped before the next fine-tuning. */
  private static final int STEP = 6;

  /** Fine-tunes; the merely cut network is taken where that is better and nothing is binary. */
  TunedCut tuned(Cut cut) {
    Measurement tuned =
        heldOut.measureAsItStands(fineTuning.run(cut.network().graph(), folder, progress));
    boolean binary = cut.decisions().containsValue(Decision.BINARIZE);
    return !binary && tuned.accuracy() < cut.network().accuracy()
        ? asItIs(cut)
        : new TunedCut(cut, tuned);
  }

  /**
   * Fine-tunes cuts of one size, since right after the cut it cannot be told which becomes the
   * best, and takes one: {@link #chosen}. What the others came to is in its reasons.
   *
   * @param cuts at least one, the one with the most drops first
   */
  TunedCut best(List<Cut> cuts) {
    List<TunedCut> tried = new ArrayList<>();
    List<Optional<String>> histories = new ArrayList<>();
    for (Cut cut : cuts) {
      tried.add(tuned(cut));
      histories.add(FineTuning.history(folder));
    }
    TunedCut chosen = chosen(tried);
    FineTuning.putBack(folder, histories.get(tried.indexOf(chosen)));
    Cut told = chosen.cut();
    for (TunedCut other : tried) {
      if (other != chosen) {
        told = told.against(other.cut(), AccuracyLoss.between(chosen.network(), other.network()));
      }
    }
    return new TunedCut(told, chosen.network());
  }

  /**
   * Of several networks of one size the one with the most drops, and so the fewest MACs, that is
   * not surely worse than the most accurate: all were measured on the same images, so the
   * difference of two is that of the images which only one of them gets right. What held-out images
   * cannot tell apart would otherwise be decided by chance, and more drops make the faster network.
   * Where some are good enough to ship, it is one of those.
   *
   * @param tried at least one, the one with the most drops first
   */
  TunedCut chosen(List<TunedCut> tried) {
    List<TunedCut> good =
        tried.stream().filter(tuned -> acceptance.allowsToShip(tuned.network())).toList();
    List<TunedCut> candidates = good.isEmpty() ? tried : good;
    TunedCut best = candidates.get(0);
    for (TunedCut candidate : candidates) {
      if (candidate.network().accuracy() > best.network().accuracy()) {
        best = candidate;
      }
    }
    for (TunedCut candidate : candidates) {
      if (!AccuracyLoss.between(best.network(), candidate.network()).isSurelyAny()) {
        return candidate;
      }
    }
    return best;
  }

  private TunedCut asItIs(Cut cut) {
    FineTuning.forget(folder);
    return new TunedCut(cut, cut.network());
  }

  /**
   * Binarizes half of the blocks that are left and fine-tunes; as long as the result is not good
   * enough, half as many.
   *
   * @param cut what elimination left
   * @return empty where that is not good enough with any block binarized
   */
  Optional<TunedCut> binarized(Cut cut) {
    Binarization binarization =
        Binarization.measure(cut.network(), heldOut, budget, Cost.of(full), progress);
    for (int count = binarization.half(); count > 0; count /= 2) {
      TunedCut tuned = tuned(cut.binarized(binarization.first(count), heldOut));
      if (acceptance.allowsToShip(tuned.network())) {
        return Optional.of(tuned);
      }
    }
    return Optional.empty();
  }

  /**
   * Fine-tunes what elimination left; as long as the result is not good enough, takes half of the
   * drops back that are more than can be shipped without any fine-tuning. So it ends, at last with
   * the full network.
   */
  TunedCut dropped(Elimination elimination) {
    int fewest = elimination.sizeToShip();
    Cut cut = elimination.whenStuck();
    for (int count = elimination.size(); ; count = (count + fewest) / 2) {
      TunedCut tuned = tuned(cut);
      if (acceptance.allowsToShip(tuned.network())) {
        return tuned;
      }
      if (count == fewest) {
        return asItIs(cut);
      }
      cut =
          elimination.after(
              (count + fewest) / 2,
              String.format(
                  Locale.ROOT,
                  "with %d blocks dropped and fine-tuned, %s, where %.2f may be lost",
                  count,
                  acceptance.loss(tuned.network()).inWords(),
                  acceptance.maxDrop()));
    }
  }

  /**
   * Cuts on where there is room. What a network loses when blocks are dropped, fine-tuning mostly
   * gives back, so elimination, which measures before that, ends too early. Here a sixth of the
   * blocks that are left goes at any price, half of the rest is binarized, and the accuracy after
   * fine-tuning decides; as long as it leaves room too, once more.
   *
   * <p>Each network that is kept so was chosen for looking good, so it has to look better than one
   * that was chosen beforehand: {@link Acceptance#leavesRoom}.
   *
   * @param start fine-tuned and good enough to ship
   * @param elimination as it was when {@code start} was cut from it
   * @param binarize whether blocks may be binarized
   * @return the smallest network that was good enough; at least {@code start}
   */
  TunedCut further(TunedCut start, Elimination elimination, boolean binarize) {
    TunedCut smallest = start;
    while (acceptance.leavesRoom(smallest.network())) {
      int left = elimination.graph().blocks().size();
      int target = left - Math.max(1, left / STEP);
      elimination.run(graph -> graph.blocks().size() <= target, true, progress);
      Cut cut = elimination.whenStuck();
      Set<String> more = cut.droppedBeyond(smallest.cut());
      if (more.isEmpty()) {
        break;
      }
      Optional<String> history = FineTuning.history(folder);
      TunedCut smaller = tuned(binarize ? withHalfBinarized(cut) : cut);
      String words = acceptance.loss(smaller.network()).inWordsWithGreaterConfidence();
      if (!acceptance.leavesRoom(smaller.network())) {
        FineTuning.putBack(folder, history);
        return new TunedCut(
            smallest
                .cut()
                .saying(
                    more,
                    String.format(
                        Locale.ROOT,
                        "with %d blocks dropped, this one too, and fine-tuned, %s, where %.2f may be"
                            + " lost",
                        elimination.size(),
                        words,
                        acceptance.maxDrop())),
            smallest.network());
      }
      String why = "fine-tuned " + words;
      elimination.say(more, why);
      smallest = new TunedCut(smaller.cut().saying(more, why), smaller.network());
    }
    return smallest;
  }

  private Cut withHalfBinarized(Cut cut) {
    Binarization binarization =
        Binarization.measure(cut.network(), heldOut, budget, Cost.of(full), progress);
    return cut.binarized(binarization.first(binarization.half()), heldOut);
  }
}
