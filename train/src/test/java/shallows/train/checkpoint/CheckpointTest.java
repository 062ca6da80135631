package shallows.train.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.BadInputException;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.train.Epoch;
import shallows.train.statistics.StepLog;

class CheckpointTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void write() {
    file = folder.resolve("checkpoint/last.safetensors");
    StepLog steps = new StepLog(List.of("a", "b"));
    steps.append(new boolean[] {true, false}, 1.5f, Float.NaN);
    steps.append(new boolean[] {false, true}, 1.25f, 1.5f);
    new Checkpoint(
            Map.of("epochs", "3"),
            Map.of("w", new Tensor(Shape.of(2, 1), new float[] {1, -0f})),
            Map.of("w", new Tensor(Shape.of(2, 1), new float[] {3, Float.MIN_VALUE})),
            new float[] {0.5f, Float.NaN},
            steps,
            List.of(new Epoch(1, 2, 0.1, 1.375, 0.5, 1.2, 0.6, 1, 100, 0.4)))
        .write(file);
  }

  @Test
  void readsBackWhatWasWritten() {
    Checkpoint read = Checkpoint.read(file);
    assertEquals(Map.of("epochs", "3"), read.identity());
    assertEquals(Shape.of(2, 1), read.parameters().get("w").shape());
    assertArrayEquals(new float[] {1, -0f}, read.parameters().get("w").values());
    assertArrayEquals(new float[] {3, Float.MIN_VALUE}, read.velocities().get("w").values());
    assertArrayEquals(new float[] {0.5f, Float.NaN}, read.lastLosses());
    assertEquals(2, read.steps().size());
    assertTrue(read.steps().isOn(0, 0) && !read.steps().isOn(0, 1) && read.steps().isOn(1, 1));
    assertEquals(1.5f, read.steps().difficulty(1));
    assertEquals(0.4, read.history().get(0).seconds());
  }

  @Test
  void everyTruncationIsRefusedByName() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length += 7) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertRefused();
    }
  }

  @Test
  void everyFlippedByteIsRefusedByName() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 0x11;
      Files.write(file, damaged);
      assertRefused();
    }
  }

  @Test
  void anotherKindOfFileIsRefusedByName() throws IOException {
    for (String text : List.of("", "not a checkpoint", "{\"a\": 1}", "x".repeat(10_000))) {
      Files.writeString(file, text);
      assertRefused();
    }
  }

  @Test
  void leavesNoUnfinishedFileBeside() throws IOException {
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void theHeaderIsSafetensors() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    String text = new String(whole, 8, 200, StandardCharsets.UTF_8);
    assertTrue(
        text.startsWith(
            "{\"parameter:w\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"),
        text);
    assertFalse(text.contains("NaN"));
  }

  private void assertRefused() {
    BadInputException e = assertThrows(BadInputException.class, () -> Checkpoint.read(file));
    assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
  }
}
