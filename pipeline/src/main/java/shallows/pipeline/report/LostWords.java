package shallows.pipeline.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import shallows.data.evaluation.Confusion;
import shallows.export.answers.Answers;
import shallows.export.answers.ChangedAnswers;

/**
 * What was lost, in sentences.
 *
 * @param classes by their names
 * @param compared what the network answers that all are compared with
 * @param shown what the page is about; perhaps the same
 * @param testImages how many were looked at
 */
record LostWords(List<String> classes, Answers compared, Answers shown, int testImages) {
  private static final int CLASSES_IN_WORDS = 10;

  private static final int CONFUSIONS_IN_WORDS = 3;

  /** What a person should know first, a sentence each. */
  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    sentences.add(shown == compared ? nothingToCompare() : lostClasses());
    if (shown.changes() != null) {
      ChangedAnswers changes = shown.changes();
      sentences.add(
          "Of "
              + Figures.whole(testImages)
              + " answers "
              + Figures.whole(changes.lost())
              + " are wrong now that were right, "
              + Figures.whole(changes.won())
              + " are right now that were wrong, and "
              + Figures.whole(changes.otherwise())
              + " are wrong in another way.");
    }
    confusions().ifPresent(sentences::add);
    sentences.add(calibration());
    return sentences;
  }

  private String nothingToCompare() {
    return "Nothing was pruned or exported that could have lost anything.";
  }

  private String lostClasses() {
    List<Integer> lost = shown.lostClasses();
    if (lost.isEmpty()) {
      return "No class lost more than chance accounts for.";
    }
    String first =
        lost.stream()
            .limit(CLASSES_IN_WORDS)
            .map(
                label ->
                    classes.get(label)
                        + " ("
                        + Figures.percent(compared.classes().get(label).accuracy())
                        + " to "
                        + Figures.percent(shown.classes().get(label).accuracy())
                        + ")")
            .collect(Collectors.joining(", "));
    return (lost.size() == 1 ? "One class" : Figures.whole(lost.size()) + " classes")
        + " lost more than chance accounts for: "
        + first
        + (lost.size() > CLASSES_IN_WORDS ? ", and more" : "")
        + ".";
  }

  private Optional<String> confusions() {
    if (shown.confusions().isEmpty()) {
      return Optional.empty();
    }
    Map<Long, Integer> before = new HashMap<>();
    compared.confusions().forEach(each -> before.put(cell(each), each.images()));
    return Optional.of(
        shown.confusions().stream()
            .limit(CONFUSIONS_IN_WORDS)
            .map(
                each ->
                    classes.get(each.label())
                        + " for "
                        + classes.get(each.answer())
                        + ", "
                        + Figures.whole(each.images())
                        + (each.images() == 1 ? " image" : " images")
                        + before(before.get(cell(each))))
            .collect(Collectors.joining("; ", "Taken for another class most often: ", ".")));
  }

  /** Nothing of a cell that may be among those that the list has no room for. */
  private String before(Integer images) {
    return shown == compared || images == null && !compared.hasAllConfusions()
        ? ""
        : " (before: " + (images == null ? 0 : images) + ")";
  }

  private long cell(Confusion each) {
    return (long) each.label() * classes.size() + each.answer();
  }

  private String calibration() {
    String now =
        "The probability of an answer is "
            + Figures.points(shown.calibrationError())
            + " points from how often such answers are right, on average";
    return shown == compared
        ? now + "."
        : now + "; before, it was " + Figures.points(compared.calibrationError()) + ".";
  }
}
