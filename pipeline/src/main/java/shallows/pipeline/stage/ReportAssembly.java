package shallows.pipeline.stage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import shallows.export.ExportFormat;
import shallows.export.ExportManifest;
import shallows.export.ExportPrecision;
import shallows.export.ExportedFile;
import shallows.export.NetworkForm;
import shallows.export.verify.FileCheck;
import shallows.export.verify.Latency;
import shallows.export.verify.Verification;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.Stage;
import shallows.pipeline.report.ReasonWords;
import shallows.pipeline.report.Report;
import shallows.prune.plan.BlockDecision;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Family;
import shallows.prune.plan.Plan;
import shallows.prune.plan.PlanStep;

/**
 * Brings what the stages have written into the form of {@code report.json}.
 *
 * @param run whose files they are
 * @param images of the run
 * @param manifest of its exported files
 * @param verification of its exported files
 */
record ReportAssembly(
    OpenRun run, RunImages images, ExportManifest manifest, Verification verification) {

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
            plan.blocks().stream().map(ReportAssembly::block).toList(),
            plan.rejected().size()),
        manifest.files().stream().map(this::export).toList(),
        seconds(run.record()),
        elimination(plan, full.blocks().size()),
        new Report.LatencySettings(
            verification.latency().threads(),
            verification.latency().warmUps(),
            verification.latency().runs()),
        members(),
        verification.originalAccuracy());
  }

  private List<Report.Member> members() {
    return RunNetworks.family(run.folder()).stream()
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
        verification.family().get(member.name()));
  }

  /**
   * Of the fp32 ONNX file; of the network as it lies between the stages where none was exported.
   */
  private long bytes(NetworkForm of, Path stageFile) {
    return manifest.files().stream()
        .filter(file -> file.network() == of && isShipped(file.member()))
        .filter(file -> file.precision() == ExportPrecision.FP32)
        .filter(file -> file.format() == ExportFormat.ONNX)
        .mapToLong(ExportedFile::bytes)
        .findFirst()
        .orElse(stageFile.toFile().length());
  }

  private boolean isShipped(String member) {
    return member == null || RunNetworks.family(run.folder()).orElseThrow().chosen().equals(member);
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
        ReasonWords.of(block));
  }

  private static Report.Decision decision(Decision decision) {
    return switch (decision) {
      case KEEP -> Report.Decision.KEEP;
      case BINARIZE -> Report.Decision.BINARIZE;
      case DROP -> Report.Decision.DROP;
    };
  }

  private Report.Export export(ExportedFile file) {
    FileCheck check = verification.file(file.file());
    return new Report.Export(
        file.file(),
        file.format().label(),
        file.precision().label(),
        file.bytes(),
        check.runtime(),
        check.accuracy(),
        check.agreement(),
        check.maxAbsDifference(),
        latency(check.latencyMs()),
        check.passed(),
        file.network() == NetworkForm.FULL
            ? "full"
            : isShipped(file.member()) ? "pruned" : file.member(),
        check.passed() ? "" : check.reason(),
        check.klDivergence(),
        check.peakMemoryBytes(),
        file.tuned() != null,
        file.biasesCorrected(),
        check.lost(),
        check.won());
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
