package shallows.pipeline.folder;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.model.BadInputException;

class RunRecordTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{}", "null", "{\"version\": \"x\"}", "{\"train\": 3}"})
  void damageIsToldInWordsOfAUser(String text) throws IOException {
    String line = refusal(Files.writeString(folder.resolve("run.json"), text));

    for (String ofAProgrammer : List.of("java.", "http", "Exception", "BEGIN_", "Gson")) {
      assertFalse(line.contains(ofAProgrammer), line);
    }
    assertTrue(line.contains("expected the record of a run, found "), line);
  }

  @Test
  void bytesThatAreNoTextAreToldInWordsOfAUser() throws IOException {
    Path file = Files.write(folder.resolve("run.json"), new byte[] {'{', (byte) 0xff, '}'});

    assertTrue(refusal(file).contains("found something else; "), refusal(file));
  }

  @Test
  void aFolderInItsPlaceIsNamed() throws IOException {
    Path file = Files.createDirectory(folder.resolve("run.json"));

    assertTrue(refusal(file).contains("found a folder; "), refusal(file));
  }

  private static String refusal(Path file) {
    return assertThrows(BadInputException.class, () -> RunRecord.read(file)).getMessage();
  }
}
