package shallows.prune.tune;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import shallows.data.evaluation.AccuracyLoss;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.onnx.write.OnnxWriter;
import shallows.prune.plan.Budget;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Footprint;
import shallows.prune.plan.LargerNetworks;
import shallows.prune.plan.Plan;
import shallows.prune.plan.PlanStep;
import shallows.prune.plan.PlanSummary;
import shallows.prune.plan.PrunedNetwork;
import shallows.prune.search.Confirmation;
import shallows.prune.search.CutNetwork;
import shallows.prune.search.MeasuredNetwork;

/**
 * Writes networks that may be shipped: the smallest, and those that take its place where test
 * images reject it ({@link LargerNetworks}).
 *
 * @param full name of the network that was cut
 * @param heldOut name of the images that confirm
 */
public record PrunedFiles(
    String full, PlanRows rows, Confirmation confirmation, String heldOut, FineTuning fineTuning) {
  /** How many larger networks are kept at most. */
  private static final int LARGER = 3;

  /**
   * What was asked for, whatever it lost; else like {@link #write}.
   *
   * @param curve of the way there, as somebody else tells it
   */
  public PrunedNetwork writeAsAsked(
      TunedNetwork tuned, List<PlanStep> curve, Path folder, Budget budget) {
    return write(tuned, false, curve, List.of(), folder, budget);
  }

  /**
   * Writes {@code plan.json} and, last, {@code model.onnx}.
   *
   * @param smallestFirst at least one
   * @param confirmed whether held-out images confirmed them
   */
  public PrunedNetwork write(
      List<TunedNetwork> smallestFirst, boolean confirmed, Path folder, Budget budget) {
    List<LargerNetworks.Entry> larger = new ArrayList<>();
    for (TunedNetwork cut : smallestFirst.subList(1, Math.min(1 + LARGER, smallestFirst.size()))) {
      String name = LargerNetworks.FOLDER + "/" + (larger.size() + 1);
      Plan plan = write(cut, confirmed, curve(cut), List.of(), folder.resolve(name), budget).plan();
      larger.add(LargerNetworks.Entry.of(name, plan));
    }
    TunedNetwork smallest = smallestFirst.get(0);
    return write(smallest, confirmed, curve(smallest), larger, folder, budget);
  }

  private PrunedNetwork write(
      TunedNetwork tuned,
      boolean confirmed,
      List<PlanStep> curve,
      List<LargerNetworks.Entry> larger,
      Path folder,
      Budget budget) {
    Graph graph = tuned.network().graph();
    Footprint footprint = budget.footprint(graph);
    AccuracyLoss loss = confirmation.loss(graph);
    double accuracy = confirmation.forTheRecord(graph).accuracy();
    PlanSummary summary =
        new PlanSummary(
            budget.inWords(),
            footprint.bytes(),
            budget.meter().bytesInWords(),
            footprint.macs(),
            footprint.latency(),
            footprint.latency() == null ? null : budget.meter().latencyInWords(),
            confirmation.forTheRecord(tuned.cut().network().graph()).accuracy(),
            accuracy,
            confirmation.referenceAccuracy(),
            loss,
            confirmed ? confirmation.promise() : null,
            made(tuned),
            heldOut);
    Plan plan =
        new Plan(
            full,
            tuned.cut().fitted(),
            summary,
            rows.of(tuned.cut().decisions(), tuned.cut().widths(), tuned.cut().reasons()),
            curve,
            larger,
            List.of());
    FineTuning.putBack(folder, tuned.history());
    plan.write(folder.resolve("plan.json"));
    OnnxWriter.write(graph, folder.resolve("model.onnx"));
    return new PrunedNetwork(graph, plan);
  }

  /** In words, what was done to the layers that are left. */
  private String made(TunedNetwork tuned) {
    String fitted = tuned.cut().fitted() ? "layers fitted in closed form" : "";
    if (!tuned.isAsCut()) {
      return (fitted.isEmpty() ? fitted : fitted + ", then ") + fineTuning.inWords();
    }
    boolean whole = tuned.cut().decisions().isEmpty();
    return whole ? "as it was" : fitted.isEmpty() ? FineTuning.REESTIMATED : fitted;
  }

  private List<PlanStep> curve(TunedNetwork tuned) {
    return tuned.cut().way().stream().map(this::step).toList();
  }

  /** A step of the way with what held-out images say of it, which decided nothing. */
  private PlanStep step(CutNetwork.Step step) {
    Cost cost = Cost.of(step.graph());
    MeasuredNetwork measured = confirmation.forTheRecord(step.graph());
    return new PlanStep(
        step.block(),
        step.block() == null ? Decision.KEEP : Decision.DROP,
        cost.bytes(),
        cost.macs(),
        measured.meanLoss(),
        measured.accuracy());
  }
}
