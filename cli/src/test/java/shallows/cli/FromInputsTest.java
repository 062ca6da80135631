package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.onnx.write.OnnxWriter;

/** What no training can begin with is refused in one line, and no run is left. */
class FromInputsTest {
  @TempDir private Path temporary;

  private Path pictures;
  private Path theirs;

  @BeforeEach
  void prepare() throws IOException {
    pictures = TestPictures.writeFolder(temporary.resolve("pictures"), 6, "cat", "dog");
    theirs = written("theirs.onnx", network(3, Task.unnamed(5, 3)));
  }

  @Test
  void anotherFileThanANetworkForImages() throws IOException {
    assertRefused("expected an ONNX file, found none", temporary.resolve("none.onnx"));
    assertRefused(
        "expected an ONNX model", Files.writeString(temporary.resolve("text.onnx"), "no model"));
    assertRefused(
        "expected images of 1 channel (grey)",
        written("grey.onnx", network(1, Task.unnamed(5, 1))));
  }

  @Test
  void aNetworkWithoutAClassifierOrForTheSameClasses() throws IOException {
    GraphBuilder builder = new GraphBuilder("mean", Shape.of(3, 8, 8), Task.unnamed(3, 3), 1);
    String mean = builder.add("mean", new Operation.GlobalAveragePool(), builder.image());
    assertRefused(
        "expected a layer of weights at the end",
        written("mean.onnx", builder.build(builder.add("flat", new Operation.Flatten(), mean))));
    Task same = new Task(List.of("dog", "cat"), List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));
    assertRefused("./shallows shrink", written("same.onnx", network(3, same)));
  }

  @Test
  void valuesOutOfTheirRangeAndOptionsThatTheFileContradicts() {
    assertRefused("--trunk-rate", theirs, "--trunk-rate", 2);
    assertRefused("--head-epochs", theirs, "--head-epochs", 0);
    assertRefused("--normalization 'caffe': expected auto", theirs, "--normalization", "caffe");
    assertRefused("--std: expected a number for each of the 3", theirs, "--mean", "0,0,0");
    assertRefused("--size", theirs, "--size", 32);
    assertRefused("logits", theirs, "--output", "logits");
  }

  private void assertRefused(String words, Path network, Object... more) {
    Path run = temporary.resolve("run");
    List<Object> line =
        new ArrayList<>(
            List.of("run", "--from", network, "--data", pictures, "--out", run, "--quiet"));
    line.addAll(List.of(more));
    CommandLineSession session = CommandLineSession.of(line.toArray());
    assertEquals(2, session.status(), session.toString());
    assertEquals(List.of(), session.out());
    String last = session.err().get(session.err().size() - 1);
    assertTrue(last.contains(words), last);
    assertFalse(Files.exists(run), words);
  }

  private Path written(String name, Graph graph) throws IOException {
    Path file = temporary.resolve(name);
    OnnxWriter.write(graph, file);
    return file;
  }

  private static Graph network(int channels, Task task) {
    GraphBuilder builder = new GraphBuilder("theirs", Shape.of(channels, 8, 8), task, 1);
    String x = builder.conv("conv", builder.image(), 4, 3, Operation.Conv2d.of(1, 1));
    x = builder.add("mean", new Operation.GlobalAveragePool(), x);
    x = builder.add("flat", new Operation.Flatten(), x);
    return builder.build(builder.linear("fc", x, task.labels().size()));
  }
}
