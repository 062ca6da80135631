package shallows.pipeline.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import shallows.data.evaluation.AccuracyLoss;
import shallows.export.ExportManifest;
import shallows.export.verify.FileCheck;
import shallows.export.verify.Verification;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.file.IoReason;
import shallows.model.graph.Graph;
import shallows.model.onnx.read.OnnxReader;
import shallows.pipeline.event.Event;
import shallows.pipeline.folder.PruneSettings;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.Stage;
import shallows.prune.PruneOptions;
import shallows.prune.Pruner;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Family;
import shallows.prune.plan.Form;
import shallows.prune.plan.GivenPlan;
import shallows.prune.plan.LargerNetworks;
import shallows.prune.plan.Plan;
import shallows.prune.search.BlockPrices;
import shallows.train.evidence.SurvivalStatistics;

/**
 * From the trained network and its statistics to {@code prune/model.onnx}, the smaller one, and
 * {@code prune/plan.json}, why it is as it is. Of a family each member has a folder with these two
 * files, and the chosen one's are also where those of a single network would be.
 */
public final class PruneStage {
  private PruneStage() {}

  /**
   * @param settings what is asked for now
   */
  public static void run(Work work, PruneSettings settings) {
    // What is wrong with a plan is said before thousands of images are read.
    Optional<GivenPlan> plan =
        Optional.ofNullable(settings.plan()).map(file -> GivenPlan.read(Path.of(file)));
    if (work.isAlone() && work.jobs(Stage.PRUNE).isPresent()) {
      requireJobs(work.record(), settings);
    }
    RunFolder folder = work.folder();
    RunImages images = work.images();
    Graph full = OnnxReader.read(folder.fullModel());
    Optional<Graph> original = OriginalNetwork.of(folder);
    SurvivalStatistics statistics = SurvivalStatistics.read(folder.survival());
    PruneBudget budget = new PruneBudget(settings, work.record().export(), full);
    PruneOptions options =
        new PruneOptions(
            budget.budget(),
            settings.fineTuneEpochs(),
            settings.fineTuneRate(),
            settings.binarizes(menu(work.record(), settings)),
            fitted(menu(work.record(), settings)),
            settings.distillation(),
            work.record().train().training(),
            work.compute());
    Optional<BlockPrices> others = work.jobs(Stage.PRUNE).map(PriceJobs::new);
    work.run(
        Stage.PRUNE,
        record -> record.withPrune(settings),
        fresh -> {
          Pruner pruner =
              new Pruner(
                  full,
                  original.orElse(full),
                  statistics,
                  images.train(),
                  images.heldOut(),
                  options,
                  others);
          Optional<Family> family = Optional.empty();
          Plan made;
          if (settings.family() != null) {
            family =
                Optional.of(Family.of(pruner.family(budget.members(), fresh, work.progress())));
            write(family.get(), folder, fresh);
            made = Plan.read(fresh.resolve(folder.plan().getFileName()));
          } else if (plan.isPresent()) {
            made = pruner.apply(plan.get(), fresh, work.progress()).plan();
          } else {
            made = pruner.prune(fresh, work.progress()).plan();
          }
          Optional<Family> members = family;
          return new Work.Done(
              seconds -> new Event.Pruned(made, members, original.isPresent(), seconds), 0);
        });
    if (plan.isEmpty()) {
      tellIfFew(work, images.heldOut().size(), settings.maxDrop());
    }
  }

  /**
   * Where pruning is all that is asked for and leaves nothing to others, they were a mistake.
   *
   * @param record of the run that is pruned
   * @throws BadInputException where it leaves nothing
   */
  public static void requireJobs(RunRecord record, PruneSettings settings) {
    Set<Decision> forms = fitted(menu(record, settings));
    // Where these are tuned, drops alone are tried beside them, if there may be drops.
    boolean alone = settings.fineTuneEpochs() == 0 || !forms.contains(Decision.DROP);
    if (settings.maxLatency() != null && !forms.isEmpty() && alone) {
      throw new BadInputException(
          Setting.ON,
          Phrase.of("no %s beside it", Setting.MAX_LATENCY),
          "forms of blocks, which are measured where they are timed",
          "leave it out");
    }
  }

  private static Set<Decision> fitted(Set<Decision> menu) {
    return menu.stream().filter(Form.MENU::contains).collect(Collectors.toSet());
  }

  private static Set<Decision> menu(RunRecord record, PruneSettings settings) {
    if (settings.forms() != null) {
      return Form.menu(settings.forms());
    }
    return record.imported() != null ? Form.MENU : Set.of();
  }

  private static void tellIfFew(Work work, int images, double maxDrop) {
    double chance = 100 * AccuracyLoss.ofEquals(images).atMost(AccuracyLoss.QUANTILE);
    if (chance > maxDrop) {
      work.tell(new Event.FewHeldOutImages(images, chance, maxDrop));
    }
  }

  /**
   * Whether test images rejected every file of the pruned network, and a larger one that held-out
   * images confirmed can take its place.
   */
  static boolean canTakeLarger(RunFolder folder) {
    Optional<Family> family = RunNetworks.family(folder);
    boolean larger =
        family
            .map(members -> members.larger().isPresent())
            .orElseGet(() -> !Plan.read(folder.plan()).larger().isEmpty());
    return larger
        && Verification.read(folder.verification())
            .rejects(ExportManifest.read(folder.export()), family.map(Family::chosen).orElse(null));
  }

  /** Puts the next larger network in the place of the one that test images rejected. */
  static void takeLarger(Work work) {
    RunFolder folder = work.folder();
    Verification rejected = Verification.read(folder.verification());
    Optional<Family> family = RunNetworks.family(folder);
    Optional<FileCheck> best =
        rejected.best(
            ExportManifest.read(folder.export()), family.map(Family::chosen).orElse(null));
    Optional<String> next = family.flatMap(Family::larger).map(Family.Member::name);
    boolean againstOriginal = OriginalNetwork.of(folder).isPresent();
    double before = work.record().seconds(Stage.PRUNE);
    work.run(
        Stage.PRUNE,
        UnaryOperator.identity(),
        fresh -> {
          Plan plan =
              LargerNetworks.promoteNext(
                  folder.prune(),
                  fresh,
                  best.map(FileCheck::accuracy).orElse(null),
                  best.map(rejected::loss).orElse(null));
          return new Work.Done(
              seconds -> new Event.TookLarger(plan, next, againstOriginal, seconds), before);
        });
  }

  /** Writes the list of the members, and the chosen one's files beside it. */
  private static void write(Family family, RunFolder folder, Path fresh) {
    for (Path file : List.of(folder.plan(), folder.prunedModel(), folder.fineTuning())) {
      Path name = file.getFileName();
      copy(fresh.resolve(family.chosen()).resolve(name), fresh.resolve(name));
    }
    family.write(fresh.resolve(folder.family().getFileName()));
  }

  private static void copy(Path from, Path to) {
    try {
      // Where fine-tuning did not help there is no history of it.
      if (Files.exists(from)) {
        Files.copy(from, to);
      }
    } catch (IOException e) {
      throw new BadInputException(
          to, null, "cannot be written (" + IoReason.of(e) + ")", "free space and prune again", e);
    }
  }
}
