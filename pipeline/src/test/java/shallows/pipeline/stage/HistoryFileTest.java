package shallows.pipeline.stage;

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

class HistoryFileTest {
  @TempDir private Path temporary;

  @Test
  void columnsAreFoundByTheirNames() throws IOException {
    Path file = temporary.resolve("history.csv");
    Files.writeString(
        file, "seconds,epoch,more,trainLoss,heldOutLoss,heldOutAccuracy\n9.5,1,x,0.7,0.6,0.8\n");

    assertEquals(List.of(new HistoryFile.Row(1, 0.7, 0.6, 0.8, 9.5)), HistoryFile.read(file));
  }

  @Test
  void aDamagedFileIsNamedInWordsForPeople() throws IOException {
    Path file = temporary.resolve("history.csv");
    for (String text : List.of("", "epoch,loss\n1,2\n", "epoch,trainLoss\nfirst,low\n")) {
      Files.writeString(file, text);

      BadInputException e =
          assertThrows(BadInputException.class, () -> HistoryFile.read(file), text);

      assertTrue(e.getMessage().startsWith(file + ": expected"), e.getMessage());
      assertFalse(e.getMessage().contains("Exception"), e.getMessage());
    }
  }
}
