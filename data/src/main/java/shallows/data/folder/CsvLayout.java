package shallows.data.folder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import shallows.data.decode.PictureFormat;
import shallows.data.folder.ImageListing.Labelled;
import shallows.data.folder.ImageListing.Part;
import shallows.model.BadInputException;
import shallows.model.file.IoReason;

/**
 * A table of images: a file and its label in each line, and perhaps {@code train}, {@code val} or
 * {@code test} behind them. Files are found from the folder of the table. A first line that names
 * no file that is there, nor one that is named as a picture is, has the names of the columns.
 */
final class CsvLayout {
  private static final String LINE = "FILE,LABEL or FILE,LABEL,train|val|test";

  private CsvLayout() {}

  /** Whether a file is a table by its name. */
  static boolean isTable(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".csv") || name.endsWith(".tsv");
  }

  /** A line of the table. */
  private record Line(Path file, String label, Part part) {}

  /**
   * @throws BadInputException when a line is wrong or the file cannot be read
   */
  static ImageListing list(Path table) {
    List<Line> lines = lines(table);
    if (lines.isEmpty()) {
      throw new BadInputException(table, "lines of " + LINE, "none", "add some");
    }
    List<String> classes = List.copyOf(new TreeSet<>(lines.stream().map(Line::label).toList()));
    Map<Part, List<Labelled>> parts = new EnumMap<>(Part.class);
    for (Line line : lines) {
      parts
          .computeIfAbsent(line.part(), part -> new ArrayList<>())
          .add(new Labelled(line.file(), classes.indexOf(line.label())));
    }
    if (!parts.containsKey(Part.TRAIN)) {
      throw new BadInputException(table, "lines of training images", "none", "add some");
    }
    parts.forEach(
        (part, files) -> {
          List<String> found =
              files.stream().map(file -> classes.get(file.label())).distinct().sorted().toList();
          ImageListing.requireSameClasses(classes, table, found);
        });
    return new ImageListing(table.getParent(), classes, parts, Map.of());
  }

  private static List<Line> lines(Path table) {
    boolean tabs = table.toString().toLowerCase(Locale.ROOT).endsWith(".tsv");
    CSVFormat format = tabs ? CSVFormat.TDF : CSVFormat.RFC4180;
    List<Line> lines = new ArrayList<>();
    // This reader refuses what is no UTF-8; others put a mark in the place of a letter.
    try (CSVParser parser =
        CSVParser.parse(
            Files.newBufferedReader(table),
            format.builder().setIgnoreEmptyLines(true).setTrim(true).build())) {
      for (CSVRecord record : parser) {
        Line line = line(table, record);
        if (record.getRecordNumber() > 1
            || Files.isRegularFile(line.file())
            || PictureFormat.isNameOfPicture(record.get(0))) {
          requirePart(table, record, line);
          lines.add(line);
        }
      }
      return lines;
    } catch (IOException e) {
      throw unreadable(table, e);
    } catch (UncheckedIOException e) {
      throw unreadable(table, e.getCause());
    }
  }

  private static BadInputException unreadable(Path table, IOException e) {
    return new BadInputException(table, "a table in UTF-8", IoReason.of(e), "write it again", e);
  }

  private static Line line(Path table, CSVRecord record) {
    // A byte order mark, as spreadsheets write it.
    String file = record.size() == 0 ? "" : record.get(0).replace("\ufeff", "");
    Part part = record.size() < 3 ? Part.TRAIN : FolderLayout.part(record.get(2));
    if (record.size() < 2 || record.size() > 3 || file.isBlank() || record.get(1).isBlank()) {
      throw wrong(table, record);
    }
    try {
      return new Line(table.resolveSibling(file), record.get(1), part);
    } catch (InvalidPathException e) {
      throw new BadInputException(table, "names of files", file, "correct it", e);
    }
  }

  /** Not of the names of columns. */
  private static void requirePart(Path table, CSVRecord record, Line line) {
    if (line.part() == null) {
      throw wrong(table, record);
    }
  }

  private static BadInputException wrong(Path table, CSVRecord record) {
    return new BadInputException(
        table + ", line " + record.getParser().getCurrentLineNumber(),
        LINE,
        String.join(",", record.toList()),
        "correct it");
  }
}
