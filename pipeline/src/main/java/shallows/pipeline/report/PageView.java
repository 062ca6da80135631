package shallows.pipeline.report;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import shallows.export.verify.Verification;
import shallows.pipeline.folder.Stage;
import shallows.prune.plan.Decision;
import shallows.train.evidence.Evidence;
import shallows.train.evidence.LeaveOneOut;

/**
 * What the template asks for, by the names it asks with. All text is plain; the template escapes.
 *
 * <p>Long, as the page is.
 */
final class PageView {
  /** Above this many blocks there is no room for a number under each column. */
  private static final int NUMBERED_BLOCKS = 24;

  private final ReportContent content;
  private final Report report;

  PageView(ReportContent content) {
    this.content = content;
    this.report = content.report();
  }

  /**
   * @param name of the stage
   * @param size how many blocks it has
   */
  record Column(String name, int size, List<BlockView> blocks) {}

  /** A term and what it says. */
  record Fact(String name, String value) {}

  /** A stage of the run with its share of the time. */
  record Time(String name, String duration, String share) {}

  String data() {
    return report.data();
  }

  String answer() {
    return Answer.headline(report);
  }

  String backing() {
    return Answer.backing(report);
  }

  /** What to do before the result is believed; empty where nothing is. */
  List<String> advice() {
    List<String> advice = new ArrayList<>();
    if (report.check() != null && report.check().files()) {
      CheckWords.warnings(report.check()).forEach(warning -> advice.add(sentence(warning)));
    }
    advice.addAll(new Maturity(report).advice());
    return advice;
  }

  private static String sentence(String words) {
    return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
  }

  boolean hasAdvice() {
    return !advice().isEmpty();
  }

  List<HeadlineFigure> tiles() {
    return HeadlineFigure.of(report);
  }

  boolean hasBlocks() {
    return report.hasBlocks();
  }

  List<BlockView> blocks() {
    return BlockView.of(report);
  }

  List<Column> stages() {
    List<Column> stages = new ArrayList<>();
    for (BlockView block : blocks()) {
      Column last = stages.isEmpty() ? null : stages.get(stages.size() - 1);
      if (last == null || !last.name().equals(block.stage())) {
        stages.add(new Column(block.stage(), 1, List.of(block)));
      } else {
        List<BlockView> together = Stream.concat(last.blocks().stream(), Stream.of(block)).toList();
        stages.set(stages.size() - 1, new Column(last.name(), together.size(), together));
      }
    }
    return stages;
  }

  boolean numbered() {
    return report.plan().blocks().size() <= NUMBERED_BLOCKS;
  }

  int blockCount() {
    return report.plan().blocks().size();
  }

  long kept() {
    return report.plan().count(Decision.KEEP);
  }

  long narrowed() {
    return report.plan().count(Decision.NARROW);
  }

  long linear() {
    return report.plan().count(Decision.LINEAR);
  }

  long scaled() {
    return report.plan().count(Decision.SCALE);
  }

  boolean hasOtherForms() {
    return narrowed() + linear() + scaled() > 0;
  }

  long binarized() {
    return report.plan().count(Decision.BINARIZE);
  }

  String narrowedToo() {
    return report.plan().narrowedToo();
  }

  long dropped() {
    return report.plan().count(Decision.DROP);
  }

  String trainImages() {
    return Figures.whole(report.trainImages());
  }

  String leaveOneOutImages() {
    return Figures.whole(LeaveOneOut.images(report.full().macs(), report.heldOutImages()));
  }

  String heldOutImages() {
    return Figures.whole(report.heldOutImages());
  }

  String testImages() {
    return Figures.whole(report.testImages());
  }

  String survivalSteps() {
    return Figures.whole(report.survival().steps());
  }

  boolean hasSurvival() {
    return !report.survival().blocks().isEmpty();
  }

  boolean hasHeldOut() {
    return report.heldOutImages() > 0;
  }

  boolean hasElimination() {
    return hasBlocks() && !report.plan().curve().isEmpty();
  }

  boolean hasTraining() {
    return !report.training().isEmpty();
  }

  List<String> trainingRemarks() {
    return EpochView.remarks(report);
  }

  boolean hasFineTuning() {
    return !report.fineTuning().isEmpty();
  }

  boolean hasSamples() {
    return !content.samples().isEmpty();
  }

  /** Whether test images had a part in choosing the network. */
  boolean hasRejected() {
    return !report.plan().rejected().isEmpty();
  }

  boolean hasExports() {
    return !report.export().files().isEmpty();
  }

  /** How well each score ranks the blocks, as leave-one-out ranks them. */
  List<Fact> rankCorrelations() {
    List<Fact> found = new ArrayList<>();
    for (Evidence evidence : Evidence.values()) {
      evidence
          .rankCorrelation(report.survival())
          .ifPresent(rho -> found.add(new Fact(evidence.inWords(), Figures.fixed(rho, 2))));
    }
    return found;
  }

  /** The most that one can expect of those, leave-one-out being noisy; empty where not known. */
  String attainableCorrelation() {
    OptionalDouble attainable = report.survival().attainableCorrelation();
    return attainable.isPresent() ? Figures.fixed(attainable.getAsDouble(), 2) : "";
  }

  boolean hasRankCorrelations() {
    return !rankCorrelations().isEmpty();
  }

  boolean hasFamily() {
    return report.family() != null;
  }

  List<MemberView> family() {
    return MemberView.of(report);
  }

  List<PointView> points() {
    return PointView.of(report);
  }

  /** Whether a file has a latency to draw. */
  boolean hasSpeed() {
    return report.verification().files().stream().anyMatch(each -> each.latencyMs() != null);
  }

  boolean hasLost() {
    return !report.verification().answers().isEmpty();
  }

  LostView lost() {
    return new LostView(report, LostPictures.encoded(content.pictures()));
  }

  NextView next() {
    return new NextView(report, content.provenance().folder());
  }

  List<EpochView> epochs() {
    return EpochView.of(report);
  }

  boolean hasCopies() {
    return exports().stream().anyMatch(file -> file.copies() != null);
  }

  List<ExportView> exports() {
    return ExportView.of(report);
  }

  List<SensitivityView> sensitivity() {
    return SensitivityView.of(report);
  }

  List<SampleView> samples() {
    return SampleView.of(content);
  }

  String maxDrop() {
    return Figures.fixed(report.verification().maxDrop(), 1);
  }

  String floor() {
    return Figures.percent(
        Math.max(
            0, report.verification().referenceAccuracy() - report.verification().maxDrop() / 100));
  }

  String interval() {
    return Figures.points(
        Answer.halfInterval(report.verification().referenceAccuracy(), report.testImages()));
  }

  /** Null where the network was trained here from the start. */
  String asItCame() {
    Double original = report.verification().originalAccuracy();
    return original == null ? null : Figures.percent(original);
  }

  String fullAccuracy() {
    return Figures.percent(report.verification().expectationAccuracy());
  }

  String ensembleMembers() {
    return Figures.whole(report.verification().ensemble().members());
  }

  String ensembleAccuracy() {
    return Figures.percent(report.verification().ensemble().accuracy());
  }

  /** {@code one thread, median of 200 runs after 20}, the page's words for how it was measured. */
  String latencyMeasured() {
    Verification.LatencySettings latency = report.verification().latency();
    return (latency.threads() == 1 ? "one thread" : latency.threads() + " threads")
        + ", median of "
        + Figures.whole(latency.runs())
        + " runs after "
        + Figures.whole(latency.warmUps());
  }

  String dataOrigin() {
    return content.provenance().dataOrigin();
  }

  List<Fact> settings() {
    return AskedWords.of(report.run());
  }

  List<Fact> facts() {
    return FactsView.of(content);
  }

  List<Time> times() {
    List<Stage> stages = Stage.VERIFY.andEarlier();
    double total = stages.stream().mapToDouble(report.run()::seconds).sum();
    List<Time> times = new ArrayList<>();
    for (Stage stage : stages) {
      double seconds = report.run().seconds(stage);
      String share = Figures.fixed(total == 0 ? 0 : seconds / total, 4);
      times.add(new Time(stage.key(), Figures.duration(seconds), share));
    }
    return times;
  }
}
