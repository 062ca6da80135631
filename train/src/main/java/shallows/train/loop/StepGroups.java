package shallows.train.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import shallows.train.engine.StepInput;
import shallows.train.engine.StepOutcome;
import shallows.train.engine.StepRates;
import shallows.train.engine.StepsInFlight;
import shallows.train.engine.TorchTraining;
import shallows.train.options.Selection;

/**
 * Does the steps of a training group by group: loaded in one copy, done without looking at what
 * comes of them, and then looked at together. Where the host runs ahead, it makes the next group
 * while the device is at work on this one. How large groups are changes no bit of a training.
 */
final class StepGroups {
  private final TorchTraining network;
  private final StepFeed feed;
  private final boolean runsAhead;
  private final Selection selection;
  private final LongFunction<StepRates> rates;

  /** The next group, if it could be made early; else empty. */
  private List<StepFeed.Step> ahead = List.of();

  /**
   * A step that was done.
   *
   * @param seconds that it took, an equal share of its group's
   */
  record Done(StepFeed.Step step, StepOutcome outcome, double seconds) {}

  /**
   * @param runsAhead whether the host does, see {@link shallows.train.engine.Pace}
   * @param rates of a step of the whole training, from 0
   */
  StepGroups(
      TorchTraining network,
      StepFeed feed,
      boolean runsAhead,
      Selection selection,
      LongFunction<StepRates> rates) {
    this.network = network;
    this.feed = feed;
    this.runsAhead = runsAhead;
    this.selection = selection;
    this.rates = rates;
  }

  /**
   * @param epoch from 0
   * @param done how many of its steps were done before
   */
  void begin(int epoch, int done) {
    ahead = List.of();
    feed.begin(epoch, done);
  }

  /**
   * Does the next group of the epoch. One of its steps may have diverged; those behind it then did
   * so too.
   *
   * @param first step of the group, from 0 in the epoch
   * @param before how many steps of the whole training come before it
   */
  List<Done> next(int first, long before) {
    long begin = System.nanoTime();
    List<StepFeed.Step> group = ahead.isEmpty() ? feed.make(first, before) : ahead;
    List<StepOutcome> outcomes;
    List<StepInput> inputs = group.stream().map(StepFeed.Step::input).toList();
    try (StepsInFlight flight = network.load(inputs, runsAhead)) {
      for (int i = 0; i < group.size(); i++) {
        network.step(flight, rates.apply(before + i));
        if (selection.averages()) {
          network.average(selection.decayAt(before + i));
        }
      }
      ahead = runsAhead ? feed.makeAhead(first + group.size(), before + group.size()) : List.of();
      outcomes = flight.outcomes();
    }
    double seconds = (System.nanoTime() - begin) / 1e9 / group.size();
    List<Done> done = new ArrayList<>();
    for (int i = 0; i < group.size(); i++) {
      done.add(new Done(group.get(i), outcomes.get(i), seconds));
    }
    return done;
  }
}
