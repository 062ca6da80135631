package shallows.pipeline.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import shallows.pipeline.report.Report.Decision;
import shallows.train.evidence.Evidence;

/**
 * What the template asks for, by the names it asks with. All text is plain; the template escapes.
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
  record Stage(String name, int size, List<BlockView> blocks) {}

  /** A term and what it says. */
  record Fact(String name, String value) {}

  /** A stage of the run with its share of the time. */
  record Time(String name, String duration, String share) {}

  String data() {
    return report.data().name();
  }

  String answer() {
    return Answer.headline(content);
  }

  String backing() {
    return Answer.backing(content);
  }

  /** What to do before the result is believed; empty where nothing is. */
  List<String> advice() {
    return new Maturity(content).advice();
  }

  boolean hasAdvice() {
    return !advice().isEmpty();
  }

  List<Tile> tiles() {
    return Tile.of(report);
  }

  List<BlockView> blocks() {
    return BlockView.of(content);
  }

  List<Stage> stages() {
    List<Stage> stages = new ArrayList<>();
    for (BlockView block : blocks()) {
      Stage last = stages.isEmpty() ? null : stages.get(stages.size() - 1);
      if (last == null || !last.name().equals(block.stage())) {
        stages.add(new Stage(block.stage(), 1, List.of(block)));
      } else {
        List<BlockView> together = Stream.concat(last.blocks().stream(), Stream.of(block)).toList();
        stages.set(stages.size() - 1, new Stage(last.name(), together.size(), together));
      }
    }
    return stages;
  }

  boolean numbered() {
    return report.full().blocks() <= NUMBERED_BLOCKS;
  }

  int blockCount() {
    return report.full().blocks();
  }

  int kept() {
    return report.pruned().count(Decision.KEEP);
  }

  int binarized() {
    return report.pruned().count(Decision.BINARIZE);
  }

  int dropped() {
    return report.pruned().count(Decision.DROP);
  }

  String trainImages() {
    return Figures.whole(report.data().train());
  }

  String heldOutImages() {
    return Figures.whole(report.data().heldOut());
  }

  String testImages() {
    return Figures.whole(report.data().test());
  }

  String survivalSteps() {
    return Figures.whole(content.survival().steps());
  }

  boolean hasSurvival() {
    return !content.survival().blocks().isEmpty();
  }

  boolean hasHeldOut() {
    return report.data().heldOut() > 0;
  }

  boolean hasElimination() {
    return !report.elimination().isEmpty();
  }

  boolean hasTraining() {
    return !content.training().isEmpty();
  }

  boolean hasFineTuning() {
    return !content.fineTuning().isEmpty();
  }

  boolean hasSamples() {
    return !content.samples().isEmpty();
  }

  boolean hasExports() {
    return !report.exports().isEmpty();
  }

  /** How well each score ranks the blocks, as leave-one-out ranks them. */
  List<Fact> rankCorrelations() {
    List<Fact> found = new ArrayList<>();
    for (Evidence evidence : Evidence.values()) {
      evidence
          .rankCorrelation(content.survival())
          .ifPresent(rho -> found.add(new Fact(evidence.inWords(), Figures.fixed(rho, 2))));
    }
    return found;
  }

  /** The most that one can expect of those, leave-one-out being noisy; empty where not known. */
  String attainableCorrelation() {
    OptionalDouble attainable = content.survival().attainableCorrelation();
    return attainable.isPresent() ? Figures.fixed(attainable.getAsDouble(), 2) : "";
  }

  boolean hasRankCorrelations() {
    return !rankCorrelations().isEmpty();
  }

  boolean hasFamily() {
    return !report.family().isEmpty();
  }

  List<MemberView> family() {
    return MemberView.of(report);
  }

  List<PointView> points() {
    return PointView.of(report);
  }

  List<EpochView> epochs() {
    return EpochView.of(content);
  }

  List<ExportView> exports() {
    return ExportView.of(report);
  }

  List<SampleView> samples() {
    return SampleView.of(content);
  }

  String samplesChosen() {
    return content.samplesChosen();
  }

  String maxDrop() {
    return Figures.fixed(content.maxDropPoints(), 1);
  }

  String floor() {
    return Figures.percent(Math.max(0, report.referenceAccuracy() - content.maxDropPoints() / 100));
  }

  String interval() {
    return Figures.points(Answer.halfInterval(report.referenceAccuracy(), report.data().test()));
  }

  /** Null where the network was trained here from the start. */
  String asItCame() {
    return report.original() == null ? null : Figures.percent(report.original());
  }

  String fullAccuracy() {
    return Figures.percent(report.full().accuracy());
  }

  String ensembleMembers() {
    return Figures.whole(report.full().ensemble().members());
  }

  String ensembleAccuracy() {
    return Figures.percent(report.full().ensemble().accuracy());
  }

  /** {@code one thread, median of 200 runs after 20}, the page's words for how it was measured. */
  String latencyMeasured() {
    Report.LatencySettings latency = report.latency();
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
    return content.provenance().settings().entrySet().stream()
        .map(stage -> new Fact(stage.getKey(), stage.getValue()))
        .toList();
  }

  List<Fact> facts() {
    ReportContent.Provenance from = content.provenance();
    List<Fact> facts = new ArrayList<>();
    facts.add(
        new Fact(
            "Network",
            from.network()
                + ", "
                + Figures.count(report.full().parameters())
                + " parameters, pruned "
                + Figures.count(report.pruned().parameters())));
    facts.add(new Fact("Survival schedule", from.survival()));
    facts.add(new Fact("Seed", Long.toString(from.seed())));
    facts.add(
        new Fact(
            "Machine",
            from.machine()
                + ", "
                + from.processors()
                + (from.processors() == 1 ? " processor" : " processors")));
    for (Map.Entry<String, String> version : from.versions().entrySet()) {
      facts.add(new Fact(version.getKey(), version.getValue()));
    }
    if (!from.finished().isBlank()) {
      facts.add(new Fact("Finished", from.finished()));
    }
    return facts;
  }

  List<Time> times() {
    Report.Seconds s = report.seconds();
    double total = s.train() + s.prune() + s.export() + s.verify();
    return Stream.of(
            time("train", s.train(), total),
            time("prune", s.prune(), total),
            time("export", s.export(), total),
            time("verify", s.verify(), total))
        .toList();
  }

  private static Time time(String name, double seconds, double total) {
    return new Time(
        name, Figures.duration(seconds), Figures.fixed(total == 0 ? 0 : seconds / total, 4));
  }
}
