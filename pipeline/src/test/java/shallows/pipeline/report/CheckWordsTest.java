package shallows.pipeline.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import shallows.data.DataCheck;
import shallows.data.DataCheck.ClassCount;
import shallows.data.DataCheck.Pair;
import shallows.data.DataCheck.Repeats;
import shallows.data.DataCheck.SizedBy;
import shallows.data.FolderReading.Sizes;

class CheckWordsTest {
  private static final Repeats NONE = new Repeats(0, List.of());

  @Test
  void whatIsAsItShouldBeIsNotSaid() {
    DataCheck check =
        new DataCheck(
            List.of(new ClassCount("cat", 40, 0, 10), new ClassCount("dog", 30, 0, 10)),
            true,
            new Sizes(32, 32, 32, true),
            32,
            32,
            3,
            SizedBy.IMAGES,
            NONE,
            NONE,
            NONE,
            Map.of(),
            0);
    assertEquals(List.of(), CheckWords.warnings(check));
    assertEquals("90 images of 2 classes, 32x32 in colour", CheckWords.summary(check));
    assertEquals("", CheckWords.leftOut(check));
  }

  @Test
  void whatMaySpoilATrainingIsSaidInTheConsoleAndOnThePage() {
    DataCheck check = spoiled();
    assertEquals(
        List.of(
            "images of several sizes, shorter sides from 70 to a median of 200 pixels: the network"
                + " sees 64x64, the median, but no more than 64 unless a size is asked for",
            "a class has fewer than 10 images, too few to learn from: dog (6)",
            "the largest class has 10 times as many images as the smallest, which the network will"
                + " rather not answer; balanced sampling, or weights for the classes, can be tried",
            "3 images are the same picture as another, for example cat/1.jpg and cat/2.jpg",
            "1 image is to test on and to train on too, so the accuracy will look better than it"
                + " is, for example a and b",
            "2 images are the same picture as one of another class, so one of the two is wrong, for"
                + " example c and d"),
        CheckWords.warnings(check));
    assertEquals("left out: 1 file of the system, 2 videos", CheckWords.leftOut(check));

    SampleRun run = new SampleRun();
    run.check = check;
    String page = ReportPage.html(run.content());
    assertTrue(page.contains("A class has fewer than 10 images"), page.substring(0, 200));
    assertTrue(page.contains("left out: 1 file of the system, 2 videos"));
    Report report = run.report();
    assertEquals(report, Report.FORMAT.parse(Report.FORMAT.text(report), "report.json"));
  }

  private static DataCheck spoiled() {
    return new DataCheck(
        List.of(new ClassCount("cat", 50, 0, 10), new ClassCount("dog", 5, 0, 1)),
        true,
        new Sizes(70, 200, 300, false),
        64,
        64,
        1,
        SizedBy.MEDIAN,
        new Repeats(3, List.of(new Pair("cat/1.jpg", "cat/2.jpg"))),
        new Repeats(1, List.of(new Pair("a", "b"))),
        new Repeats(2, List.of(new Pair("c", "d"))),
        Map.of("VIDEO", 2, "SYSTEM", 1),
        0);
  }
}
