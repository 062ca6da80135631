package shallows.train.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.BadInputException;

class HistoryTest {
  private static final Epoch EPOCH =
      new Epoch(
          1,
          20,
          0.05,
          0.71234,
          0.75,
          0.6,
          0.8125,
          11.25,
          650.5,
          9.5,
          2,
          0.0625,
          TrainingPhase.NETWORK,
          TrainingEnd.TIME);

  @TempDir private Path temporary;

  @Test
  void whatIsWrittenIsRead() {
    History history = new History(List.of());
    history.add(EPOCH);
    history.write(temporary);

    assertEquals(List.of(EPOCH), History.read(temporary.resolve("history.csv")));
    assertEquals(List.of(), History.read(temporary.resolve("none.csv")));
  }

  @Test
  void aDamagedFileIsNamedInWordsForPeople() throws IOException {
    History history = new History(List.of());
    history.add(EPOCH);
    history.write(temporary);
    Path file = temporary.resolve("history.csv");
    String whole = Files.readString(file);
    for (String text :
        List.of("", "epoch,loss\n1,2\n", whole.replace("0.71", "low"), whole.replace(",2,", ","))) {
      Files.writeString(file, text);

      BadInputException e = assertThrows(BadInputException.class, () -> History.read(file), text);

      assertTrue(e.getMessage().startsWith(file + ": expected"), e.getMessage());
      assertFalse(e.getMessage().contains("Exception"), e.getMessage());
    }
  }
}
