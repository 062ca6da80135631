package shallows.train.tensorboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.framework.Summary;
import org.tensorflow.util.Event;
import org.tensorflow.util.SessionLog;
import shallows.model.BadInputException;

/** Reads what was written with TensorFlow's own record reader and message classes. */
class EventFileTest {
  @TempDir Path folder;

  @Test
  void tensorFlowsReaderFindsEveryScalar() throws IOException {
    Map<String, Double> scalars = new LinkedHashMap<>();
    scalars.put("loss/train", 0.25);
    scalars.put("survival/stage1/block01", 0.5);
    scalars.put("größe", Double.NaN);
    long before = System.currentTimeMillis() / 1000;
    try (EventFile events = EventFile.begin(folder, 7)) {
      events.scalars(300, scalars);
      events.scalars(1L << 40, Map.of("large", 1e30));
    }
    List<Event> read = EventReader.read(folder);
    assertEquals(4, read.size());
    assertEquals("brain.Event:2", read.get(0).getFileVersion());
    assertEquals(SessionLog.SessionStatus.START, read.get(1).getSessionLog().getStatus());
    assertEquals(7, read.get(1).getStep());
    assertEquals(300, read.get(2).getStep());
    List<Summary.Value> values = read.get(2).getSummary().getValueList();
    assertEquals(
        List.copyOf(scalars.keySet()), values.stream().map(Summary.Value::getTag).toList());
    assertEquals(0.25f, values.get(0).getSimpleValue());
    assertTrue(Float.isNaN(values.get(2).getSimpleValue()));
    assertEquals(1L << 40, read.get(3).getStep());
    assertEquals(1e30f, read.get(3).getSummary().getValue(0).getSimpleValue());
    assertTrue(
        read.stream().allMatch(e -> e.getWallTime() >= before && e.getWallTime() < before + 3600));
  }

  @Test
  void aFlippedByteIsNoticedByTensorFlowsReader() throws IOException {
    try (EventFile events = EventFile.begin(folder, 0)) {
      events.scalars(1, Map.of("loss", 1.0));
    }
    Path file = EventReader.files(folder).get(0);
    byte[] whole = Files.readAllBytes(file);
    // The last 12 bytes are data and its checksum.
    for (int i = whole.length - 12; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 0x20;
      Files.write(file, damaged);
      assertThrows(IOException.class, () -> EventReader.read(folder), "byte " + i);
    }
  }

  @Test
  void aFileThatGoesOnComesBehindTheOthers() throws IOException {
    for (int step = 0; step < 3; step++) {
      EventFile.begin(folder, step).close();
    }
    List<Event> read = EventReader.read(folder);
    assertEquals(List.of(0L, 1L, 2L), List.of(step(read, 1), step(read, 3), step(read, 5)));
  }

  private static long step(List<Event> events, int index) {
    return events.get(index).getStep();
  }

  @Test
  void clearsItsOwnFilesOnly() throws IOException {
    EventFile.begin(folder.resolve("events"), 0).close();
    EventFile.clear(folder.resolve("events"));
    assertFalse(Files.exists(folder.resolve("events")));
    EventFile.begin(folder, 0).close();
    Path other = Files.writeString(folder.resolve("notes.txt"), "mine");
    EventFile.clear(folder);
    assertEquals(List.of(), EventReader.files(folder));
    assertTrue(Files.exists(other));
  }

  @Test
  void aFolderThatIsAFileIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    BadInputException e =
        assertThrows(BadInputException.class, () -> EventFile.begin(file, 0).close());
    assertTrue(e.getMessage().startsWith(file + ": cannot be written"), e.getMessage());
  }
}
