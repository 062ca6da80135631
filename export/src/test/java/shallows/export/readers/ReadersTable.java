package shallows.export.readers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The table of {@code docs/readers.md}: which reader runs which form. */
final class ReadersTable {
  private static final Path FILE = Path.of("../docs/readers.md");
  private static final String YES = "yes";
  private static final String NO = "no";

  private ReadersTable() {}

  /**
   * @param reader the head of its column
   * @param seen whether it ran a form rightly, by the form's name
   */
  static void assertSays(String reader, Map<String, Boolean> seen) throws IOException {
    Map<String, String> expected = new TreeMap<>();
    int column = -1;
    for (String line : Files.readAllLines(FILE)) {
      if (!line.startsWith("|")) {
        // The next table has other columns.
        column = -1;
        continue;
      }
      List<String> cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
      if (cells.contains(reader)) {
        column = cells.indexOf(reader);
      } else if (column > 0 && (cells.get(column).equals(YES) || cells.get(column).equals(NO))) {
        expected.put(cells.get(1), cells.get(column));
      }
    }
    Map<String, String> found = new TreeMap<>();
    seen.forEach((form, runs) -> found.put("`" + form + "`", runs ? YES : NO));
    assertEquals(expected, found, "docs/readers.md, column " + reader);
  }
}
