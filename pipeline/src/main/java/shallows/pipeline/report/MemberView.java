package shallows.pipeline.report;

import java.util.List;

/** A size of the family in its table. */
record MemberView(
    String name,
    boolean chosen,
    String budget,
    String bytes,
    String macs,
    String blocks,
    String cut,
    String heldOut,
    String accuracy) {

  static List<MemberView> of(Report report) {
    return report.family().stream()
        .map(
            member ->
                new MemberView(
                    member.name(),
                    member.chosen(),
                    member.budget(),
                    Figures.bytes(member.bytes()),
                    Figures.count(member.macs()),
                    member.kept() + " / " + member.binarized() + " / " + member.dropped(),
                    Figures.percent(member.cutAccuracy()),
                    Figures.percent(member.heldOutAccuracy()),
                    Figures.percent(member.accuracy())))
        .toList();
  }
}
