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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.BadInputException;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

class CheckpointTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void write() {
    file = folder.resolve("checkpoint/step.safetensors");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("w", new Tensor(Shape.of(2, 1), new float[] {1, -0f}));
    tensors.put("a:b", Tensor.vector(3, Float.MIN_VALUE, Float.NaN));
    Map<String, State> states = new LinkedHashMap<>();
    states.put("network", State.of(tensors));
    states.put("history", State.ofText("epochs", "[1]"));
    states.put("nothing", State.of(Map.of()));
    new Checkpoint(Map.of("epochs", "3"), 12, states).write(file);
  }

  @Test
  void readsBackWhatWasWritten() {
    Checkpoint read = Checkpoint.read(file);
    assertEquals(Map.of("epochs", "3"), read.identity());
    assertEquals(12, read.step());
    assertEquals(List.of("network", "history", "nothing"), List.copyOf(read.states().keySet()));
    State network = read.states().get("network");
    assertEquals(Shape.of(2, 1), network.tensor("w").shape());
    assertArrayEquals(new float[] {1, -0f}, network.tensor("w").values());
    assertArrayEquals(new float[] {3, Float.MIN_VALUE, Float.NaN}, network.tensor("a:b").values());
    assertEquals("[1]", read.states().get("history").text("epochs"));
    assertEquals(State.of(Map.of()), read.states().get("nothing"));
  }

  @Test
  void aTensorLargerThanTheBufferComesBackWhole() {
    float[] values = new float[100_003];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    State state = State.of(Map.of("large", Tensor.vector(values), "small", Tensor.vector(7)));
    new Checkpoint(Map.of(), 0, Map.of("s", state)).write(file);
    State read = Checkpoint.read(file).states().get("s");
    assertArrayEquals(values, read.tensor("large").values());
    assertArrayEquals(new float[] {7}, read.tensor("small").values());
  }

  @Test
  void aComponentWhoseStateIsMissingOrDoesNotFitIsNamed() {
    Checkpoint read = Checkpoint.read(file);
    for (String name : List.of("ema", "network")) {
      BadInputException e =
          assertThrows(
              BadInputException.class,
              () -> read.restore(file, Map.of(name, Restorable.of(new float[2]))));
      assertTrue(e.getMessage().contains("the state of '" + name + "'"), e.getMessage());
    }
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
            "{\"network:w\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"),
        text);
    assertFalse(text.contains("NaN"));
  }

  private void assertRefused() {
    BadInputException e = assertThrows(BadInputException.class, () -> Checkpoint.read(file));
    assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
  }
}
