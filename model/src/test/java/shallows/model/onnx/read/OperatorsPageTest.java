package shallows.model.onnx.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import shallows.model.onnx.ReadingPage;
import shallows.model.onnx.constant.ConstantOperators;

/** Which of the operators of the ONNX standard are read, as the page says it. */
class OperatorsPageTest {

  @Test
  void thePageNamesEachOperatorOnce() throws IOException {
    List<String> layers = new ArrayList<>();
    List<String> constants = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    for (String operator : standard()) {
      NodeProto node = NodeProto.newBuilder().setOpType(operator).build();
      boolean structure = OnnxNodeReader.isShape(node) || STRUCTURE.contains(operator);
      (OnnxNodeReader.knows(node) || structure
              ? layers
              : ConstantOperators.knows(node) ? constants : refused)
          .add(operator);
    }
    assertTrue(layers.size() > 60 && constants.size() > 20, "the list is not that of the standard");
    ReadingPage.assertSays(
        "operators",
        List.of(
            "| | operators |",
            "| --- | --- |",
            row("read, whatever they read", layers),
            row("computed where they depend on no image, else refused", constants),
            row("refused", refused)));
  }

  /** What the reader is asked for by other names than those of the standard would be a mistake. */
  @Test
  void theListHoldsWhatOurOwnReadersAreNamedBy() throws IOException {
    List<String> all = standard();
    assertEquals(new TreeSet<>(all).size(), all.size());
    assertTrue(all.containsAll(STRUCTURE));
    assertFalse(OnnxNodeReader.knows(NodeProto.newBuilder().setOpType("Bogus").build()));
  }

  /** Read by other parts than {@link OnnxNodeReader}. */
  private static final List<String> STRUCTURE = List.of("Constant", "If");

  private static String row(String fate, List<String> operators) {
    return "| " + fate + " (" + operators.size() + ") | " + String.join(", ", operators) + " |";
  }

  /** Of the standard's own domain, up to opset 25. */
  private static List<String> standard() throws IOException {
    try (InputStream in = OperatorsPageTest.class.getResourceAsStream("operators.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank())
          .toList();
    }
  }
}
