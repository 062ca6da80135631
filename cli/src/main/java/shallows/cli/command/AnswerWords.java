package shallows.cli.command;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import shallows.cli.terminal.Table;
import shallows.cli.terminal.Table.Alignment;
import shallows.export.answers.Answers;
import shallows.export.answers.ChangedAnswers;
import shallows.export.answers.ChangedImage;
import shallows.export.answers.ClassAnswers;
import shallows.pipeline.report.Words;

/** What a network answers class by class, and what was lost where, for a person. */
final class AnswerWords {
  /** Rows of the table of classes; of more classes those that are answered worst. */
  private static final int MOST_ROWS = 20;

  private static final int EXAMPLES = 3;

  private AnswerWords() {}

  /** For example {@code 3.1 points between probabilities and how often they hold (...)}. */
  static String calibration(Answers answers) {
    return text(
        "%.1f points between the probability of an answer and how often such are right",
        100 * answers.calibrationError());
  }

  /** For example {@code cat for dog 41, truck for automobile 12}; empty where all is right. */
  static Optional<String> confusions(Answers answers) {
    return answers.confusions().isEmpty()
        ? Optional.empty()
        : Optional.of(
            answers.confusions().stream()
                .limit(EXAMPLES)
                .map(
                    each ->
                        answers.classes().get(each.label()).name()
                            + " for "
                            + answers.classes().get(each.answer()).name()
                            + " "
                            + Words.count(each.images()))
                .collect(Collectors.joining(", ")));
  }

  /** Of answers that were compared with others. */
  static String changes(Answers answers) {
    ChangedAnswers changes = answers.changes();
    String examples =
        changes.lostImages().stream()
            .limit(EXAMPLES)
            .map(ChangedImage::source)
            .collect(Collectors.joining(", "));
    return text(
        "%s wrong that were right%s; %s right that were wrong; %s wrong in another way",
        Words.count(changes.lost()),
        examples.isEmpty() ? "" : " (" + examples + (changes.lost() > EXAMPLES ? ", …)" : ")"),
        Words.count(changes.won()),
        Words.count(changes.otherwise()));
  }

  /** A row a class with images, the worst first where there are many. */
  static List<String> classes(Answers answers) {
    boolean compared = answers.changes() != null;
    List<Integer> labels =
        IntStream.range(0, answers.classes().size())
            .filter(label -> answers.classes().get(label).images() > 0)
            .boxed()
            .toList();
    boolean all = labels.size() <= MOST_ROWS;
    Table table =
        new Table(
            Alignment.LEFT,
            Alignment.RIGHT,
            Alignment.RIGHT,
            Alignment.LEFT,
            Alignment.RIGHT,
            Alignment.RIGHT,
            Alignment.LEFT);
    table.row(
        all ? "class" : MOST_ROWS + " worst of " + labels.size() + " classes",
        "images",
        "accuracy",
        "95 % interval",
        compared ? "lost" : "",
        compared ? "won" : "",
        "");
    labels.stream()
        .sorted(
            all
                ? Comparator.naturalOrder()
                : Comparator.comparingDouble(label -> answers.classes().get(label).accuracy()))
        .limit(MOST_ROWS)
        .forEach(label -> row(table, answers.classes().get(label), compared));
    return table.lines();
  }

  private static void row(Table table, ClassAnswers each, boolean compared) {
    table.row(
        each.name(),
        Words.count(each.images()),
        Words.percent(each.accuracy()),
        text("%.1f to %.1f %%", 100 * each.low(), 100 * each.high()),
        compared ? Words.count(each.lost()) : "",
        compared ? Words.count(each.won()) : "",
        each.hasLost() ? "more than chance" : "");
  }

  /**
   * The classes that a file lost more of than chance accounts for, each with its accuracy before
   * and after; empty where there is none.
   */
  static Optional<String> lost(Answers before, Answers after) {
    List<Integer> lost = after.lostClasses();
    return lost.isEmpty()
        ? Optional.empty()
        : Optional.of(
            lost.stream()
                    .limit(EXAMPLES)
                    .map(
                        label ->
                            after.classes().get(label).name()
                                + " "
                                + Words.percent(before.classes().get(label).accuracy())
                                + " to "
                                + Words.percent(after.classes().get(label).accuracy()))
                    .collect(Collectors.joining(", "))
                + (lost.size() > EXAMPLES ? " and " + (lost.size() - EXAMPLES) + " more" : ""));
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
