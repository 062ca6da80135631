package shallows.export.answers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import shallows.data.LabelledImages;
import shallows.data.NamedPixels;
import shallows.data.PixelsInMemory;
import shallows.data.evaluation.Confusion;
import shallows.data.evaluation.Predictions;
import shallows.model.UnexpectedValueException;
import shallows.model.json.JsonFormat;

public class AnswersTest {
  private static final Answerer FILE = Answerer.ORIGINAL.in("a.onnx");

  /** Made-up answers to three images, for tests of what has them in it. */
  public static Answers small() {
    return Answers.of(
        FILE, answers(3, 0, 1, 1), Optional.of(answers(3, 0, 1, 2)), images(3, 0, 1, 2));
  }

  @Test
  void namesTheImagesThatOneAloneGetsRight() {
    Predictions before = new Predictions(new float[][] {{2, 0}, {0, 1}, {0, 3}, {1, 0}});
    Predictions after = new Predictions(new float[][] {{0, 4}, {1, 0}, {0, 9}, {0, 1}});
    Answers found = Answers.of(FILE, after, Optional.of(before), images(2, 0, 0, 1, 0));

    assertEquals(0.5, found.accuracy());
    assertEquals(2, found.changes().lost());
    assertEquals(1, found.changes().won());
    assertEquals(0, found.changes().otherwise());
    // e^4 against e^0 is surer than e^1.
    assertEquals(
        new ChangedImage(0, "picture0", 0, 0, 0.8808, 1, 0.982),
        found.changes().lostImages().get(0));
    assertEquals(3, found.changes().lostImages().get(1).image());
    assertEquals(1, found.changes().wonImages().get(0).image());
    assertEquals(new ClassAnswers("class0", 3, 1, 0.0615, 0.7923, 2, 1, 1), found.classes().get(0));
  }

  @Test
  void somebodyGaveThem() {
    assertThrows(UnexpectedValueException.class, () -> new Answerer(null, null, null));
  }

  @Test
  void hasNoChangesWhereThereIsNothingToCompareWith() {
    Answers found =
        Answers.of(Answerer.ORIGINAL, answers(3, 0, 1, 1), Optional.empty(), images(3, 0, 1, 2));
    assertNull(found.changes());
    assertEquals(List.of(new Confusion(2, 1, 1)), found.confusions());
    assertEquals(0, found.classes().get(2).lost());
  }

  @Test
  void tellsTheClassesThatLostMoreThanChanceAccountsFor() {
    int each = 40;
    int[] labels = IntStream.range(0, 3 * each).map(i -> i / each).toArray();
    int[] some = labels.clone();
    // Ten of class 1 go, and three of class 2: 2/1024 three times over, and 2/8.
    IntStream.range(each, each + 10).forEach(i -> some[i] = 0);
    IntStream.range(2 * each, 2 * each + 3).forEach(i -> some[i] = 0);
    Answers found =
        Answers.of(FILE, answers(3, some), Optional.of(answers(3, labels)), images(3, labels));

    assertEquals(List.of(1), found.lostClasses());
    assertEquals(0.00586, found.classes().get(1).pValue());
    assertEquals(0.5, found.classes().get(2).pValue());
  }

  /** A thousand classes and a million images make a file that is read again. */
  @Test
  void staysSmallHoweverMuchWasLost() {
    int classes = 1000;
    int[] labels = IntStream.range(0, 4 * classes).map(i -> i % classes).toArray();
    int[] wrong = IntStream.of(labels).map(label -> (label * 7 + 1) % classes).toArray();
    Answers found =
        Answers.of(
            FILE,
            answers(classes, wrong),
            Optional.of(answers(classes, labels)),
            images(classes, labels));

    assertTrue(found.changes().lost() > ChangedAnswers.MOST);
    assertEquals(ChangedAnswers.MOST, found.changes().lostImages().size());
    assertEquals(Answers.MOST_CONFUSIONS, found.confusions().size());
    assertTrue(found.wrong() > 3900, "" + found.wrong());
    String text = new JsonFormat<>(Answers.class, "answers", "").text(found);
    assertTrue(text.length() < 400_000, () -> text.length() + " characters");
  }

  @Test
  void isReadAsItIsWritten() {
    JsonFormat<Answers> format = new JsonFormat<>(Answers.class, "answers", "");
    assertEquals(small(), format.parse(format.text(small()), "answers.json"));
  }

  /** More of them than are listed, many of the same probability. */
  @Test
  void partsAddUpToTheWhole() {
    int count = 1_000;
    Random random = new Random(3);
    LabelledImages truth = images(5, random.ints(count, 0, 5).toArray());
    Predictions before = random(random, count);
    Predictions after = random(random, count);
    AnswerSums sums =
        AnswerSums.of(
                part(after, 0, 300), Optional.of(part(before, 0, 300)), truth.subset(0, 300), 0)
            .plus(
                AnswerSums.of(
                    part(after, 300, count),
                    Optional.of(part(before, 300, count)),
                    truth.subset(300, count),
                    300));

    assertEquals(
        Answers.of(FILE, after, Optional.of(before), truth), sums.answers(FILE, truth.classes()));
  }

  private static Predictions random(Random random, int count) {
    float[][] scores = new float[count][5];
    for (float[] each : scores) {
      each[random.nextInt(5)] = 1 + random.nextInt(2);
    }
    return new Predictions(scores);
  }

  private static Predictions part(Predictions all, int from, int to) {
    return new Predictions(Arrays.copyOfRange(all.scores(), from, to));
  }

  private static LabelledImages images(int classes, int... labels) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < classes; i++) {
      names.add("class" + i);
    }
    return new LabelledImages(
        "some",
        names,
        1,
        1,
        1,
        new NamedPixels(new PixelsInMemory(new byte[labels.length], 1), row -> "picture" + row),
        labels);
  }

  private static Predictions answers(int classes, int... given) {
    float[][] scores = new float[given.length][classes];
    for (int i = 0; i < given.length; i++) {
      scores[i][given[i]] = 1;
    }
    return new Predictions(scores);
  }
}
