package shallows.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Rows of text in aligned columns, two blanks apart. Immutable once it is turned into lines. */
public final class Table {
  /** On which side of its column a cell stands. */
  public enum Alignment {
    LEFT,
    RIGHT
  }

  private final List<Alignment> sides;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * @param sides one a column: words left, numbers right
   */
  public Table(Alignment... sides) {
    this.sides = List.of(sides);
  }

  /**
   * @param cells one a column
   */
  public void row(String... cells) {
    if (cells.length != sides.size()) {
      throw new IllegalArgumentException(
          "expected " + sides.size() + " cells, found " + List.of(cells));
    }
    rows.add(Stream.of(cells).map(Shown::line).toList());
  }

  /** The rows, each a line without blanks at its end. */
  public List<String> lines() {
    int[] widths = new int[sides.size()];
    for (List<String> row : rows) {
      for (int c = 0; c < widths.length; c++) {
        widths[c] = Math.max(widths[c], row.get(c).length());
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < widths.length; c++) {
      String padding = " ".repeat(widths[c] - row.get(c).length());
      line.append(c == 0 ? "" : "  ");
      line.append(sides.get(c) == Alignment.LEFT ? row.get(c) + padding : padding + row.get(c));
    }
    return line.toString().stripTrailing();
  }
}
