package shallows.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shallows.model.progress.Progress;

class ShownTest {
  private static final String HOSTILE = "cat\u001b[2J\u0000\u202egod\u009b31m\r\nshallows: ok";

  @ParameterizedTest
  @CsvSource({
    "'a\u001b[31mred', 'a\\u001b[31mred'",
    "'a\u0000b', 'a\\u0000b'",
    "'\u202eabc\u2069', '\\u202eabc\\u2069'",
    "'a\u2028b', 'a\\u2028b'",
    "'one\ntwo', 'one\\u000atwo'",
    "'\udb40\udc41', '\\udb40\\udc41'",
  })
  void whatDoesMoreThanBeingSeenIsShownAsItsCode(String text, String shown) {
    assertEquals(shown, Shown.line(text));
  }

  @Test
  void lettersOfAnyScriptAndEmojiStayAsTheyAre() {
    for (String text : List.of("кошка", "猫", "قطة", "👩‍🚀", "é", "")) {
      assertSame(text, Shown.line(text));
    }
  }

  @Test
  void nothingOfTheConsoleCarriesACode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    Console console = new Console(stream, stream, false);
    console.result(HOSTILE);
    console.remark(HOSTILE);
    Table table = new Table(Table.Alignment.LEFT, Table.Alignment.RIGHT);
    table.row(HOSTILE, "1");
    table.lines().forEach(console::result);
    for (Progress progress :
        List.of(console.progress(true), new ProgressLines(stream, System::nanoTime))) {
      progress.remark(HOSTILE);
      progress.start(HOSTILE, 2);
      progress.report(Map.of("label", HOSTILE));
    }
    String said = bytes.toString(StandardCharsets.UTF_8);
    for (String code : List.of("\u001b", "\u0000", "\u202e", "\u009b")) {
      assertFalse(said.contains(code), said);
    }
    // A table has one line a row, and no text makes another.
    assertEquals(1, table.lines().size());
    assertEquals(1, table.lines().get(0).lines().count());
  }

  @Test
  void aBarDrawsOverNothingButItself() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ProgressBars bars = new ProgressBars(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    bars.start("see \u001b[2J", 3);
    bars.advance(1, "at \u001b[2J");
    bars.finish();
    assertFalse(bytes.toString(StandardCharsets.UTF_8).contains("\u001b[2J"));
  }
}
