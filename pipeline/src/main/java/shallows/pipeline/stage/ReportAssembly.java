package shallows.pipeline.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import shallows.export.ExportFormat;
import shallows.export.ExportPrecision;
import shallows.export.ExportedFile;
import shallows.export.NetworkForm;
import shallows.export.calibrate.Calibrated;
import shallows.export.verify.ExportCheck;
import shallows.export.verify.Latency;
import shallows.export.verify.Verification;
import shallows.model.BadInputException;
import shallows.model.file.IoReason;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.Stage;
import shallows.pipeline.report.Report;
import shallows.prune.BlockDecision;
import shallows.prune.Decision;
import shallows.prune.Family;
import shallows.prune.Plan;
import shallows.prune.PlanStep;

/**
 * Brings what the stages have written into the form of {@code report.json}.
 *
 * @param run whose files they are
 * @param images of the run
 * @param verification of its exported files
 */
record ReportAssembly(OpenRun run, RunImages images, Verification verification) {

  Report report(Graph full, Graph pruned, Plan plan) {
    Cost fullCost = Cost.of(full);
    Cost prunedCost = Cost.of(pruned);
    RunFolder folder = run.folder();
    return new Report(
        new Report.Data(
            images.data().name(),
            images.train().size(),
            images.test().size(),
            images.data().classes().size(),
            images.heldOut().size()),
        new Report.Full(
            full.blocks().size(),
            fullCost.parameters(),
            fullCost.macs(),
            bytes(NetworkForm.FULL, folder.fullModel()),
            verification.expectationAccuracy(),
            new Report.Ensemble(
                verification.ensemble().members(), verification.ensemble().accuracy())),
        new Report.Pruned(
            prunedCost.parameters(),
            prunedCost.macs(),
            bytes(NetworkForm.PRUNED, folder.prunedModel()),
            verification.prunedAccuracy(),
            plan.blocks().stream().map(ReportAssembly::block).toList()),
        verification.exports().stream().map(this::export).toList(),
        seconds(run.record()),
        elimination(plan, full.blocks().size()),
        new Report.LatencySettings(
            verification.latency().threads(),
            verification.latency().warmUps(),
            verification.latency().runs()),
        members(),
        verification.originalAccuracy());
  }

  private FamilyFiles family() {
    return new FamilyFiles(run.folder(), run.record().name());
  }

  private List<Report.Member> members() {
    return family().family().stream()
        .flatMap(family -> family.members().stream().map(member -> member(family, member)))
        .toList();
  }

  private Report.Member member(Family family, Family.Member member) {
    boolean chosen = member.name().equals(family.chosen());
    return new Report.Member(
        member.name(),
        chosen,
        member.summary().budget(),
        member.summary().bytes(),
        member.summary().macs(),
        member.kept(),
        member.binarized(),
        member.dropped(),
        member.summary().cutAccuracy(),
        member.summary().heldOutAccuracy(),
        chosen ? verification.prunedAccuracy() : verification.family().get(member.name()));
  }

  /**
   * Of the fp32 ONNX file; of the network as it lies between the stages where none was exported.
   */
  private long bytes(NetworkForm of, Path stageFile) {
    RunFolder folder = run.folder();
    try {
      for (Path in : List.of(folder.export(), folder.rejected())) {
        if (Files.exists(fp32(in, of))) {
          return Files.size(fp32(in, of));
        }
      }
      return Files.size(stageFile);
    } catch (IOException e) {
      throw new BadInputException(stageFile + ": cannot be read (" + IoReason.of(e) + ")", e);
    }
  }

  private Path fp32(Path in, NetworkForm of) {
    return ExportedFile.named(in, run.record().name(), of, ExportPrecision.FP32, ExportFormat.ONNX)
        .path();
  }

  private static Report.BlockDecision block(BlockDecision block) {
    return new Report.BlockDecision(
        block.name(),
        decision(block.decision()),
        block.survival(),
        block.effect(),
        block.standardError(),
        block.macs(),
        block.bytes(),
        block.reason());
  }

  private static Report.Decision decision(Decision decision) {
    return switch (decision) {
      case KEEP -> Report.Decision.KEEP;
      case BINARIZE -> Report.Decision.BINARIZE;
      case DROP -> Report.Decision.DROP;
    };
  }

  private Report.Export export(ExportCheck check) {
    return new Report.Export(
        check.file(),
        check.format().label(),
        check.precision().label(),
        check.bytes(),
        check.runtime(),
        check.accuracy(),
        check.agreement(),
        check.maxAbsDifference(),
        latency(check.latencyMs()),
        check.passed(),
        check.of() == NetworkForm.FULL ? "full" : family().memberOf(check.file()).orElse("pruned"),
        check.passed() ? "" : check.reason(),
        check.klDivergence(),
        check.peakMemoryBytes(),
        isTuned(check),
        check.precision().isInteger() && Calibrated.correctsBiases(exported(check).scales()),
        check.lost(),
        check.won());
  }

  private ExportedFile exported(ExportCheck check) {
    Path file = run.folder().export().resolve(check.file());
    return new ExportedFile(file, check.of(), check.precision(), check.format());
  }

  private boolean isTuned(ExportCheck check) {
    return check.precision().isInteger() && Files.exists(exported(check).tuned());
  }

  private static Report.Latency latency(Latency measured) {
    return measured == null
        ? new Report.Latency(null, null)
        : new Report.Latency(measured.median(), measured.p90());
  }

  private static Report.Seconds seconds(RunRecord record) {
    return new Report.Seconds(
        record.seconds(Stage.TRAIN),
        record.seconds(Stage.PRUNE),
        record.seconds(Stage.EXPORT),
        record.seconds(Stage.VERIFY));
  }

  private static List<Report.EliminationStep> elimination(Plan plan, int blocks) {
    List<Report.EliminationStep> steps = new ArrayList<>();
    int left = blocks;
    for (PlanStep step : plan.curve()) {
      if (step.decision() == Decision.DROP) {
        left--;
      }
      steps.add(
          new Report.EliminationStep(
              label(step), left, step.macs(), step.bytes(), step.accuracy()));
    }
    return steps;
  }

  /** The curve goes down by dropping alone; its first step has lost no block yet. */
  private static String label(PlanStep step) {
    return step.block() == null ? "full depth" : "without " + step.block();
  }
}
