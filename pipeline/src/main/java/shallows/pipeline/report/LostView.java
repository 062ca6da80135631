package shallows.pipeline.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import shallows.export.answers.Answerer;
import shallows.export.answers.Answers;
import shallows.export.answers.ChangedAnswers;
import shallows.export.answers.ClassAnswers;
import shallows.export.verify.Verification;

/** What was lost, and where, by the names that the template and its script ask with. */
final class LostView {
  /** Rows of the table; of many more classes those that lost most. */
  private static final int ROWS = 20;

  private static final int FEW_MORE = 5;

  /** Rows of the table that is opened, likewise. */
  private static final int MOST_ROWS = 200;

  /** Changed images that the page lists of each network and file. */
  static final int LOST_LISTED = 24;

  static final int WON_LISTED = 12;

  private final Report report;
  private final List<String> classes;
  private final List<Answers> all;
  private final Map<Integer, String> pictures;

  /** The network that all are compared with, and what the page is about. */
  private final Answers compared;

  private final Answers shown;

  /**
   * @param report with answers
   */
  LostView(Report report, Map<Integer, String> pictures) {
    this.report = report;
    this.classes = report.classes();
    this.all = report.verification().answers();
    this.pictures = pictures;
    this.compared = all.get(0);
    this.shown = shown(report);
  }

  /** Of the smallest file that passed, or of the pruned network where there is none. */
  static Answers shown(Report report) {
    Verification found = report.verification();
    Optional<Answers> file =
        report
            .smallestPassing()
            .flatMap(
                smallest ->
                    found.answers().stream()
                        .filter(each -> smallest.file().equals(each.by().file()))
                        .findFirst());
    return file.or(() -> pruned(report)).orElse(found.answers().get(0));
  }

  private static Optional<Answers> pruned(Report report) {
    String chosen = report.family() == null ? null : report.family().chosen();
    return report.verification().answers(new Answerer(Answerer.Network.PRUNED, chosen, null));
  }

  /**
   * A class in the table.
   *
   * @param before accuracy and interval of the network compared with
   * @param pruned likewise of the pruned network
   * @param after of what is shown
   * @param points lost, negative where won
   * @param kind {@code lost} or {@code won} where that is more than chance, else empty
   */
  record ClassRow(
      String name,
      String images,
      Share before,
      Share pruned,
      Share after,
      String points,
      String pValue,
      String kind) {}

  /** An accuracy with its 95 % interval. */
  record Share(String accuracy, String interval) {
    static Share of(ClassAnswers answers) {
      return answers.images() == 0
          ? new Share(Figures.NOT_MEASURED, "")
          : new Share(
              Figures.percent(answers.accuracy()),
              Figures.fixed(100 * answers.low(), 0)
                  + "\u2013"
                  + Figures.fixed(100 * answers.high(), 0));
    }
  }

  /** A network or file with what it lost. */
  record Row(
      String name,
      String accuracy,
      String calibration,
      String lost,
      String won,
      String otherwise,
      String classes,
      int index) {}

  /** A class with its accuracy in every network and file. */
  record WideRow(String name, List<String> accuracies) {}

  String shownName() {
    return name(shown);
  }

  String comparedName() {
    return name(compared);
  }

  /** What a person should know first, a sentence each. */
  List<String> sentences() {
    return new LostWords(classes, compared, shown, report.testImages()).sentences();
  }

  /** The classes that lost most first; those that there is no image of are left out. */
  List<ClassRow> classRows() {
    Answers pruned = pruned(report).orElse(shown);
    return order().stream().limit(mainRows()).map(label -> row(label, pruned)).toList();
  }

  private int mainRows() {
    return order().size() <= ROWS + FEW_MORE ? order().size() : ROWS;
  }

  private List<Integer> order() {
    return IntStream.range(0, classes.size())
        .boxed()
        .filter(label -> shown.classes().get(label).images() > 0)
        .sorted(Comparator.comparingDouble(label -> -points(label)))
        .limit(MOST_ROWS)
        .toList();
  }

  /** How many classes the table leaves out; empty where it has all. */
  String leftOut() {
    long all = shown.classes().stream().filter(each -> each.images() > 0).count();
    return all == mainRows() ? "" : Figures.whole(all - mainRows());
  }

  private double points(int label) {
    ClassAnswers now = shown.classes().get(label);
    return compared.classes().get(label).accuracy() - now.accuracy();
  }

  private ClassRow row(int label, Answers pruned) {
    ClassAnswers now = shown.classes().get(label);
    double lost = points(label);
    return new ClassRow(
        classes.get(label),
        Figures.whole(now.images()),
        Share.of(compared.classes().get(label)),
        Share.of(pruned.classes().get(label)),
        Share.of(now),
        (lost < 0 ? "+" : "") + Figures.points(-lost),
        now.pValue() < 0.001 ? "< 0.001" : Figures.fixed(now.pValue(), 3),
        now.hasLost() ? "lost" : now.hasWon() ? "won" : "");
  }

  /** Every network and every file that ran. */
  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      Answers each = all.get(i);
      ChangedAnswers changes = each.changes();
      rows.add(
          new Row(
              name(each),
              Figures.percent(each.accuracy()),
              Figures.percent(each.calibrationError()),
              changes == null ? Figures.NOT_MEASURED : Figures.whole(changes.lost()),
              changes == null ? Figures.NOT_MEASURED : Figures.whole(changes.won()),
              changes == null ? Figures.NOT_MEASURED : Figures.whole(changes.otherwise()),
              lostNames(each),
              i));
    }
    return rows;
  }

  private String lostNames(Answers each) {
    List<Integer> lost = each.lostClasses();
    if (each.changes() == null) {
      return "compared with";
    }
    return lost.isEmpty()
        ? "none"
        : lost.stream().limit(3).map(classes::get).collect(Collectors.joining(", "))
            + (lost.size() > 3 ? " and " + (lost.size() - 3) + " more" : "");
  }

  List<String> columns() {
    return all.stream().map(this::name).toList();
  }

  List<WideRow> wideRows() {
    return order().stream()
        .map(
            label ->
                new WideRow(
                    classes.get(label),
                    all.stream()
                        .map(each -> Share.of(each.classes().get(label)).accuracy())
                        .toList()))
        .toList();
  }

  private String name(Answers answers) {
    Answerer by = answers.by();
    if (by.file() != null) {
      return by.file();
    }
    String chosen = report.family() == null ? null : report.family().chosen();
    return switch (by.network()) {
      case ORIGINAL -> "network as it came";
      case FULL -> "full network";
      case PRUNED ->
          Objects.equals(by.member(), chosen) ? "pruned network" : "network " + by.member();
    };
  }

  /** What the script draws. */
  String json() {
    return LostData.json(classes, columns(), all, all.indexOf(shown), pictures);
  }
}
