package shallows.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import shallows.cli.terminal.Table.Alignment;

class TableTest {
  @Test
  void alignsWordsLeftAndNumbersRight() {
    Table table = new Table(Alignment.LEFT, Alignment.RIGHT, Alignment.LEFT);
    table.row("block", "MACs", "decision");
    table.row("stage1/block01", "7", "keep");

    assertEquals(
        List.of("block           MACs  decision", "stage1/block01     7  keep"), table.lines());
  }

  @Test
  void refusesARowOfAnotherLength() {
    Table table = new Table(Alignment.LEFT);

    assertThrows(IllegalArgumentException.class, () -> table.row("a", "b"));
  }
}
