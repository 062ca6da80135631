package shallows.pipeline.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LostViewTest {
  @Test
  void namesTheClassThatSufferedAndWhatItIsTakenFor() {
    LostView view = view(new SampleRun());
    assertEquals("demo-binary.tflite", view.shownName());
    List<String> sentences = view.sentences();
    assertTrue(
        sentences.get(0).matches("One class lost more than chance accounts for: Shirt \\(.*\\)\\."),
        sentences.get(0));
    assertTrue(
        sentences.get(2).startsWith("Taken for another class most often: Shirt for Coat, "),
        sentences.get(2));
    assertEquals("Shirt", view.classRows().get(0).name(), "the one that lost most comes first");
    assertEquals("lost", view.classRows().get(0).kind());
    assertEquals("", view.classRows().get(9).kind());
    assertEquals(7, view.rows().size(), "two networks and five files");
    assertEquals("Shirt", view.rows().get(1).classes());
    assertEquals("compared with", view.rows().get(0).classes());
  }

  @Test
  void nothingIsSaidOfConfusionsThatTheListOfBeforeHasNoRoomFor() {
    SampleRun run = new SampleRun();
    assertTrue(view(run).sentences().get(2).contains("(before: 0)"));
    run.listed = 1;
    String confused = new LostView(run.report(), Map.of()).sentences().get(2);
    assertTrue(confused.matches(".*: Shirt for Coat, \\d+ images\\."), confused);
  }

  @Test
  void ofManyClassesThoseThatLostMostAreShown() {
    SampleRun run = new SampleRun();
    run.classes = IntStream.range(0, 40).mapToObj(i -> "class" + i).toList();
    run.samples = List.of();
    LostView view = view(run);
    assertEquals(20, view.classRows().size());
    assertEquals("20", view.leftOut());
    assertEquals(40, view.wideRows().size());
    assertEquals("", view(new SampleRun()).leftOut());
  }

  @Test
  void isAboutThePrunedNetworkWhereNoFilePassed() {
    SampleRun run = new SampleRun();
    run.files = run.files.subList(4, 5);
    assertEquals("pruned network", view(run).shownName());
  }

  @Test
  void sendsPeopleToTheSmallestAndTheFastestFile() {
    NextView next = new NextView(new SampleRun().report(), "runs/demo");
    assertEquals("bundle/demo-binary.tflite", next.smallest().link());
    assertEquals("demo-fp32.tflite", next.fastest().name());
    assertEquals(2, next.others().size(), "the rejected one is not offered");
    assertEquals("./shallows run --out runs/demo", next.command());
    assertEquals("'runs/my photos'", new NextView(next.report(), "runs/my photos").folder());
    assertEquals("409KB", next.halfBytes());
    assertEquals("bundle/a%20b%23c%25.onnx", NextView.link("bundle/a b#c%.onnx"));
  }

  @Test
  void offersNothingWhereNothingPassed() {
    SampleRun run = new SampleRun();
    run.files = run.files.subList(4, 5);
    NextView next = new NextView(run.report(), "runs/demo");
    assertNull(next.smallest());
    assertNull(next.fastest());
    assertEquals(List.of(), next.others());
  }

  private static LostView view(SampleRun run) {
    run.listed = 100;
    return new LostView(run.report(), Map.of());
  }
}
