package shallows.prune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.evaluation.AccuracyLoss;
import shallows.model.BadInputException;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Section;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;
import shallows.model.progress.Progress;
import shallows.prune.plan.BlockDecision;
import shallows.prune.plan.Budget;
import shallows.prune.plan.Decision;
import shallows.prune.plan.FootprintMeter;
import shallows.prune.plan.Form;
import shallows.prune.plan.GivenPlan;
import shallows.prune.plan.Plan;
import shallows.prune.plan.PrunedNetwork;
import shallows.prune.plan.Reason;
import shallows.train.loop.Distillation;
import shallows.train.options.TrainingOptions;

/** Pruning with every form there is, without training and with it. */
class FormsPruningTest {
  /** Enough to fit layers on, where nothing is claimed of how good what is left is. */
  private static final int FEW = 150;

  private static SmallNetwork small;
  private static Graph full;

  @TempDir Path folder;

  @BeforeAll
  static void trainSmallNetwork() {
    small = SmallNetwork.trained();
    full = small.full();
  }

  @Test
  void reachesTheMacsByMoreThanDropsAndSaysWhy() {
    long limit = Cost.of(full).macs() / 2;
    PrunedNetwork pruned =
        pruner(Budget.ofDrop(100).withMaxMacs(limit)).prune(folder, Progress.SILENT);
    assertTrue(Cost.of(pruned.graph()).macs() <= limit);
    Plan plan = pruned.plan();
    assertTrue(plan.count(Decision.NARROW) > 0);
    for (BlockDecision block : plan.blocks()) {
      assertEquals(block.decision() == Decision.NARROW, block.width() != null);
      Set<Boolean> formed =
          block.reasons().stream()
              .map(reason -> reason instanceof Reason.Formed)
              .collect(Collectors.toSet());
      assertEquals(Set.of(block.decision() != Decision.KEEP), formed);
    }
    Graph written = OnnxReader.read(folder.resolve("model.onnx"));
    assertEquals(Cost.of(pruned.graph()), Cost.of(written));
  }

  @Test
  void thePlanMakesTheSameNetworkAgain() {
    Budget budget = Budget.ofDrop(100).withMaxMacs(Cost.of(full).macs() * 2 / 3);
    Graph pruned = few(budget, Form.MENU).prune(folder, Progress.SILENT).graph();
    GivenPlan plan = GivenPlan.read(folder.resolve("plan.json"));
    Path again = folder.resolve("again");
    PrunedNetwork applied = few(Budget.ofDrop(1), Form.MENU).apply(plan, again, Progress.SILENT);
    assertArrayEquals(OnnxWriter.bytes(pruned), OnnxWriter.bytes(applied.graph()));
    assertEquals(plan.widths(), GivenPlan.read(again.resolve("plan.json")).widths());
  }

  @Test
  void withoutASizeItGoesAsFarAsHeldOutImagesConfirm() {
    Plan plan = pruner(Budget.ofDrop(8)).prune(folder, Progress.SILENT).plan();
    assertTrue(plan.count(Decision.KEEP) < full.blocks().size());
    assertTrue(plan.summary().loss().isSurelyWithin(8, AccuracyLoss.QUANTILE));
    assertEquals(8, plan.summary().promise().maxDrop());
  }

  @Test
  void saysHowNearASizeCameThatCannotBeHad() {
    BadInputException refused =
        assertThrows(
            BadInputException.class,
            () ->
                few(Budget.ofDrop(100).withMaxMacs(10), Form.MENU).prune(folder, Progress.SILENT));
    assertTrue(
        refused.getMessage().contains("with every block dropped, there are"), refused.getMessage());
  }

  @Test
  void takesNoFormThatIsNotOnTheMenu() {
    long limit = Cost.of(full).macs() * 4 / 5;
    Plan plan =
        few(Budget.ofDrop(100).withMaxMacs(limit), Form.menu("narrow"))
            .prune(folder, Progress.SILENT)
            .plan();
    assertTrue(plan.summary().macs() <= limit);
    assertEquals(
        plan.blocks().size(),
        plan.count(Decision.NARROW) + plan.count(Decision.KEEP),
        () -> plan.decisions().toString());
    assertTrue(
        assertThrows(BadInputException.class, () -> Form.menu("narrow,wide"))
            .getMessage()
            .contains("some of drop, scale, narrow and linear"));
    assertEquals(Set.of(), Form.menu("none"));
    assertEquals(Set.of(Decision.NARROW, Decision.BINARIZE), Form.menu("binary, narrow"));
    assertThrows(BadInputException.class, () -> Form.menu("binary"));
    assertThrows(BadInputException.class, () -> Form.menu("narrow,binarize"));
  }

  /** By times that are made up: only what lies in the third stage takes any. */
  private static final FootprintMeter THIRD_STAGE_ALONE =
      new FootprintMeter() {
        @Override
        public long bytes(Graph graph) {
          return Cost.of(graph).bytes();
        }

        @Override
        public double latency(Graph graph) {
          return 1 + ms(graph.nodes());
        }

        @Override
        public double latency(Section section) {
          return 0.1 + ms(section.nodes());
        }

        private double ms(List<Node> nodes) {
          return nodes.stream()
              .filter(node -> node.name().startsWith("stage3"))
              .filter(node -> node.operation().weighs())
              .count();
        }

        @Override
        public String bytesInWords() {
          return "bytes of weights";
        }

        @Override
        public String latencyInWords() {
          return "ms";
        }
      };

  @Test
  void aLimitOfTimeIsMetWhereTheTimeGoesWhateverTheMacs() {
    double all = THIRD_STAGE_ALONE.latency(full);
    Budget budget =
        new Budget(
            100,
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalDouble.of(all - 2.5),
            THIRD_STAGE_ALONE);
    Plan plan = few(budget, Form.MENU).prune(folder, Progress.SILENT).plan();
    assertTrue(plan.summary().latencyMs() <= all - 2.5);
    for (BlockDecision block : plan.blocks()) {
      boolean third = block.name().startsWith("stage3");
      assertTrue(third || block.decision() == Decision.KEEP, block.toString());
      for (Reason reason : block.reasons()) {
        if (reason instanceof Reason.Formed formed) {
          // Narrower layers take as long here, so none becomes narrow.
          assertTrue(formed.decision() != Decision.NARROW && formed.ms() >= 1, formed.toString());
        }
      }
    }
  }

  @Test
  void fineTuningBeginsWithWhatWasFitted() {
    long limit = Cost.of(full).macs() / 2;
    Budget budget = Budget.ofDrop(100).withMaxMacs(limit);
    PrunedNetwork pruned = tuned(budget, Form.menu("narrow")).prune(folder, Progress.SILENT);
    Plan plan = pruned.plan();
    assertTrue(plan.summary().macs() <= limit);
    assertEquals(0, plan.count(Decision.DROP) + plan.count(Decision.BINARIZE));
    // So few images may be no help, and then it is as it was fitted.
    assertTrue(
        plan.summary().fineTuning().matches("layers fitted in closed form(, then 1 epoch)?"),
        plan.summary().fineTuning());
    // The same forms without an epoch are where it began.
    Plan fitted =
        few(budget, Form.menu("narrow")).prune(folder.resolve("0"), Progress.SILENT).plan();
    assertEquals(fitted.decisions(), plan.decisions());
    assertEquals(widths(fitted), widths(plan));
    assertEquals(fitted.summary().heldOutAccuracy(), plan.summary().cutAccuracy(), 0);
  }

  @Test
  void whatDropsAloneCouldReachIsFineTunedBesideTheForms() {
    Budget budget = Budget.ofDrop(100).withMaxMacs(Cost.of(full).macs() / 2);
    Plan plan = tuned(budget, Form.MENU).prune(folder, Progress.SILENT).plan();
    // Whichever it is, what became of the other is told of blocks where they differ.
    assertTrue(
        plan.blocks().stream()
            .flatMap(block -> block.reasons().stream())
            .anyMatch(reason -> reason instanceof Reason.Otherwise),
        plan.decisions().toString());
    assertEquals(plan.fitted(), plan.summary().fineTuning().startsWith("layers fitted"));
  }

  @Test
  void toANumberOfBytesNothingIsBinaryThatWasNotAskedFor() {
    long limit = Cost.of(full).bytes() / 2;
    Budget budget = Budget.ofDrop(100).withMaxBytes(limit);
    Plan plan = tuned(budget, Form.menu("drop,narrow")).prune(folder, Progress.SILENT).plan();
    assertTrue(plan.summary().bytes() <= limit);
    assertEquals(0, plan.count(Decision.BINARIZE), plan.inWords());
  }

  @Test
  void aPlanOfAFineTunedNetworkMakesItAgain() {
    // Of drops alone too, which were repaired by what comes behind them.
    for (String menu : List.of("drop", "narrow,linear")) {
      Path here = folder.resolve(menu);
      Budget budget = Budget.ofDrop(100);
      Plan plan = tuned(budget, Form.menu(menu)).prune(here, Progress.SILENT).plan();
      assertEquals(0, plan.count(Decision.KEEP), menu);
      assertEquals(0, plan.count(Decision.BINARIZE), menu);
      assertTrue(plan.fitted(), menu);
      GivenPlan given = GivenPlan.read(here.resolve("plan.json"));
      Path again = here.resolve("again");
      tuned(budget, Form.MENU).apply(given, again, Progress.SILENT);
      assertArrayEquals(
          bytes(here.resolve("model.onnx")), bytes(again.resolve("model.onnx")), menu);
    }
  }

  private static List<Double> widths(Plan plan) {
    return plan.blocks().stream().map(BlockDecision::width).toList();
  }

  private static byte[] bytes(Path file) {
    return OnnxWriter.bytes(OnnxReader.read(file));
  }

  private static Pruner pruner(Budget budget) {
    return pruner(small, budget, Form.MENU, 0);
  }

  private static Pruner few(Budget budget, Set<Decision> menu) {
    return pruner(small.withTrainImages(FEW), budget, menu, 0);
  }

  /** Likewise, and fine-tuned. */
  private static Pruner tuned(Budget budget, Set<Decision> menu) {
    return pruner(small.withTrainImages(FEW), budget, menu, 1);
  }

  private static Pruner pruner(
      SmallNetwork network, Budget budget, Set<Decision> menu, int epochs) {
    PruneOptions options =
        new PruneOptions(
            budget,
            epochs,
            null,
            false,
            menu,
            Distillation.Options.none(),
            TrainingOptions.standard(1),
            SmallNetwork.COMPUTE);
    return new Pruner(full, network.statistics(), network.train(), network.heldOut(), options);
  }
}
