package shallows.pipeline.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import shallows.model.BadInputException;

/** Reads {@code history.csv}: columns are found by their names, so that more of them may come. */
final class HistoryFile {
  /**
   * @param epoch from 1
   * @param trainLoss mean over its steps, in nats
   * @param heldOutLoss at full depth, in nats
   * @param heldOutAccuracy at full depth, in [0, 1]
   * @param seconds since the training began
   */
  record Row(
      int epoch, double trainLoss, double heldOutLoss, double heldOutAccuracy, double seconds) {}

  private HistoryFile() {}

  /**
   * @return no row where there is no file
   * @throws BadInputException when the file is none of ours
   */
  static List<Row> read(Path file) {
    if (!Files.exists(file)) {
      return List.of();
    }
    List<String> lines = lines(file);
    if (lines.isEmpty()) {
      throw damaged(file, "an empty file", null);
    }
    try {
      List<String> names = List.of(lines.get(0).split(","));
      List<Row> rows = new ArrayList<>();
      for (String line : lines.subList(1, lines.size())) {
        String[] cells = line.split(",");
        rows.add(
            new Row(
                Integer.parseInt(cells[names.indexOf("epoch")]),
                number(cells, names, "trainLoss"),
                number(cells, names, "heldOutLoss"),
                number(cells, names, "heldOutAccuracy"),
                number(cells, names, "seconds")));
      }
      return rows;
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw damaged(file, "other columns or no numbers", e);
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw damaged(file, "what cannot be read as text", e);
    }
  }

  private static BadInputException damaged(Path file, String found, Exception cause) {
    return new BadInputException(
        file
            + ": expected the history of a training, found "
            + found
            + "; run the stage that wrote it again",
        cause);
  }

  private static double number(String[] cells, List<String> names, String column) {
    return Double.parseDouble(cells[names.indexOf(column)]);
  }
}
