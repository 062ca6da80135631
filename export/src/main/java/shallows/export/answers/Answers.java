package shallows.export.answers;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Confusion;
import shallows.data.evaluation.Predictions;
import shallows.model.Expect;
import shallows.model.json.OrNull;

/**
 * What a network or a file answers about the test images: an element of {@code answers} in {@code
 * verify.json}.
 *
 * @param by whose they are
 * @param accuracy in [0, 1]
 * @param calibrationError the expected calibration error, in [0, 1]: how far, on average, the
 *     probability of an answer is from how often such answers are right
 * @param classes one element a class, in the order of the labels
 * @param confusions what is taken for what, the largest first; at most {@link #MOST_CONFUSIONS}
 * @param wrong how many images are answered wrongly, those of all confusions
 * @param changes against the network that accuracies are compared with; null of that network itself
 */
public record Answers(
    Answerer by,
    double accuracy,
    double calibrationError,
    List<ClassAnswers> classes,
    List<Confusion> confusions,
    int wrong,
    @OrNull ChangedAnswers changes) {
  /** All that 30 classes can have; of more classes the largest. */
  public static final int MOST_CONFUSIONS = 900;

  public Answers {
    Expect.present("by", by);
    Expect.fraction("accuracy", accuracy);
    Expect.fraction("calibrationError", calibrationError);
    classes = Expect.list("classes", classes);
    confusions = Expect.list("confusions", confusions);
    Expect.atLeast(0, "wrong", wrong);
    for (Confusion each : confusions) {
      boolean known =
          each.label() >= 0
              && each.label() < classes.size()
              && each.answer() >= 0
              && each.answer() < classes.size()
              && each.images() >= 1;
      Expect.require(known, "confusions", "classes below " + classes.size(), each);
    }
    for (ChangedImage each : changes == null ? List.<ChangedImage>of() : changes.images()) {
      boolean known =
          Math.max(each.label(), Math.max(each.before(), each.after())) < classes.size();
      Expect.require(known, "changes", "classes below " + classes.size(), each);
    }
  }

  /**
   * @param compared the network that accuracies are compared with; empty of that network itself
   * @param truth the images that both have answered
   */
  public static Answers of(
      Answerer by, Predictions found, Optional<Predictions> compared, LabelledImages truth) {
    return AnswerSums.of(found, compared, truth, 0).answers(by, truth.classes());
  }

  /** Whether no confusion was left out for want of room. */
  public boolean hasAllConfusions() {
    return confusions.stream().mapToInt(Confusion::images).sum() == wrong;
  }

  /** Labels of the classes that lost more than chance accounts for, the surest first. */
  public List<Integer> lostClasses() {
    return IntStream.range(0, classes.size())
        .boxed()
        .filter(label -> classes.get(label).hasLost())
        .sorted(Comparator.comparingDouble(label -> classes.get(label).pValue()))
        .toList();
  }
}
