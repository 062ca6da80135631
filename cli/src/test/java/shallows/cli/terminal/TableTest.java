package shallows.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import shallows.cli.terminal.Table.Side;

class TableTest {
  @Test
  void alignsWordsLeftAndNumbersRight() {
    Table table = new Table(Side.LEFT, Side.RIGHT, Side.LEFT);
    table.row("block", "MACs", "decision");
    table.row("stage1/block01", "7", "keep");

    assertEquals(
        List.of("block           MACs  decision", "stage1/block01     7  keep"), table.lines());
  }

  @Test
  void refusesARowOfAnotherLength() {
    Table table = new Table(Side.LEFT);

    assertThrows(IllegalArgumentException.class, () -> table.row("a", "b"));
  }
}
