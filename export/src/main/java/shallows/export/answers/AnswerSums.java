package shallows.export.answers;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import shallows.data.LabelledImages;
import shallows.data.evaluation.CalibrationError;
import shallows.data.evaluation.ClassAccuracy;
import shallows.data.evaluation.Confusion;
import shallows.data.evaluation.Predictions;
import shallows.model.Expect;
import shallows.model.json.OrNull;

/**
 * What answers to some of the test images add up to. Those of all images are the sum over their
 * parts, which are added in the order of the images: then every bit is the same, wherever a part
 * was answered.
 *
 * @param classes one element a class, in the order of the labels
 * @param confusions all that occur, the largest first
 * @param calibration of the probabilities
 * @param changes against the network that accuracies are compared with; null where there is none
 */
public record AnswerSums(
    List<ClassAccuracy> classes,
    List<Confusion> confusions,
    CalibrationError calibration,
    @OrNull ChangedAnswers changes) {
  public AnswerSums {
    classes = Expect.list("classes", classes);
    confusions = Expect.list("confusions", confusions);
    Expect.present("calibration", calibration);
  }

  /**
   * @param compared the network that accuracies are compared with; empty of that network itself
   * @param truth the images that both have answered
   * @param first how many test images come before these
   */
  public static AnswerSums of(
      Predictions found, Optional<Predictions> compared, LabelledImages truth, int first) {
    return new AnswerSums(
        ClassAccuracy.of(compared.orElse(found), found, truth),
        Confusion.of(found, truth),
        CalibrationError.of(found, truth),
        compared.map(before -> ChangedAnswers.of(before, found, truth, first)).orElse(null));
  }

  /**
   * @param next those to the images that follow
   */
  public AnswerSums plus(AnswerSums next) {
    List<ClassAccuracy> sums = new ArrayList<>();
    for (int label = 0; label < classes.size(); label++) {
      sums.add(classes.get(label).plus(next.classes.get(label)));
    }
    return new AnswerSums(
        sums,
        Confusion.sum(Stream.concat(confusions.stream(), next.confusions.stream()).toList()),
        calibration.plus(next.calibration),
        changes == null ? null : changes.plus(next.changes));
  }

  /** How many are right. */
  public int right() {
    return classes.stream().mapToInt(ClassAccuracy::right).sum();
  }

  public int images() {
    return calibration.images();
  }

  /**
   * The record of all of them.
   *
   * @param labels of the classes
   */
  public Answers answers(Answerer by, List<String> labels) {
    return new Answers(
        by,
        (double) right() / images(),
        Digits.four(calibration.value()),
        ClassAnswers.of(classes, labels),
        confusions.stream().limit(Answers.MOST_CONFUSIONS).toList(),
        confusions.stream().mapToInt(Confusion::images).sum(),
        changes);
  }
}
