package shallows.pipeline.report;

import java.util.List;
import shallows.prune.plan.Family;

/**
 * A size of the family in its table, by the names that the template asks with.
 *
 * @param chosen whether it is the pruned network of the run
 * @param leftOut whether it has files and none of them passed
 * @param tested accuracy on test images, in [0, 1]
 */
record MemberView(Family.Member member, boolean chosen, boolean leftOut, double tested) {

  /** Largest first; empty where there is one size. */
  static List<MemberView> of(Report report) {
    Family family = report.family();
    return family == null
        ? List.of()
        : family.members().stream()
            .map(
                member ->
                    new MemberView(
                        member,
                        member.name().equals(family.chosen()),
                        report.verification().rejects(report.export(), member.name()),
                        report.verification().family().get(member.name())))
            .toList();
  }

  String name() {
    return member.name();
  }

  String budget() {
    return member.summary().budget();
  }

  String bytes() {
    return Figures.bytes(member.summary().bytes());
  }

  String macs() {
    return Figures.count(member.summary().macs());
  }

  String blocks() {
    return member.kept() + " / " + member.binarized() + " / " + member.dropped();
  }

  String cut() {
    return Figures.percent(member.summary().cutAccuracy());
  }

  String heldOut() {
    return Figures.percent(member.summary().heldOutAccuracy());
  }

  String accuracy() {
    return Figures.percent(tested);
  }
}
