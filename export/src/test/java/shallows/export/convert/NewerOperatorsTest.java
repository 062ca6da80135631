package shallows.export.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.BadInputException;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.onnx.read.OnnxReader;

/** One operator of a newer opset for what older ones write as several, in ONNX Runtime. */
class NewerOperatorsTest {
  private static final int OPSET = 23;

  @TempDir Path folder;

  @Test
  void attentionIsTheOneOperationWithHeadsFromAxesOrFromANumber() throws IOException {
    Shape image = Shape.of(4, 5, 6);
    OneOperator split = new OneOperator("Attention", image, 1).again().again();
    assertAttends(split.assertComesOutTheSame(folder, OPSET), 4);
    OneOperator masked = new OneOperator("Attention", image, 1).withNumber("scale", 0.3f);
    assertAttends(masked.again().again().noise(4, 5, 5).assertComesOutTheSame(folder, OPSET), 4);
    OneOperator tokens =
        new OneOperator("Attention", Shape.of(5, 4, 3), 1)
            .withInteger("q_num_heads", 2)
            .withInteger("kv_num_heads", 2)
            .ofTokens();
    // Halves of the rows, each a row of its own that attends to itself.
    assertAttends(tokens.again().again().assertComesOutTheSame(folder, OPSET), 1);
  }

  /** ONNX Runtime refuses it; by the standard each value counts as much as every other one. */
  @Test
  void aScaleOfZeroIsNoneThatIsNotThere() {
    OneOperator alike =
        new OneOperator("Attention", Shape.of(4, 5, 6), 1).withNumber("scale", 0).again().again();
    assertEquals(
        List.of(0f),
        OnnxReader.read(alike.bytes(OPSET), "one").nodes().stream()
            .map(Node::operation)
            .filter(Operation.Attention.class::isInstance)
            .map(operation -> ((Operation.Attention) operation).scale())
            .toList());
  }

  private static void assertAttends(Conversion found, int heads) {
    assertTrue(
        found.graph().nodes().stream()
            .anyMatch(
                node ->
                    node.operation() instanceof Operation.Attention attention
                        && attention.heads() == heads),
        found.graph().nodes()::toString);
  }

  @Test
  void aNormByTheRootOfTheMeanSquareIsOverTheAxesFromOneOn() throws IOException {
    Shape image = Shape.of(4, 5, 6);
    new OneOperator("RMSNormalization", image, 1).noise(6).assertComesOutTheSame(folder, OPSET);
    new OneOperator("RMSNormalization", image, 1)
        .withInteger("axis", 2)
        .withNumber("epsilon", 0.1f)
        .noise(5, 6)
        .assertComesOutTheSame(folder, OPSET);
  }

  @Test
  void meansOfValuesAndNormsOfImagesAreSeveralOperations() throws IOException {
    Shape image = Shape.of(4, 5, 6);
    new OneOperator("Mean", image, 1).again().again().assertComesOutTheSame(folder, 13);
    new OneOperator("GlobalLpPool", image, 1).assertComesOutTheSame(folder, 13);
    new OneOperator("MeanVarianceNormalization", image, 1)
        .with("axes", 2, 3)
        .assertComesOutTheSame(folder, 13);
    new OneOperator("MeanVarianceNormalization", image, 1)
        .with("axes", 1, -2, -1)
        .assertComesOutTheSame(folder, 13);
    String refusal =
        assertThrows(
                BadInputException.class,
                () ->
                    new OneOperator("MeanVarianceNormalization", image, 1)
                        .assertComesOutTheSame(folder, 13))
            .getMessage();
    assertTrue(refusal.contains("not the images themselves"), refusal);
    refusal =
        assertThrows(
                BadInputException.class,
                () ->
                    new OneOperator("MeanVarianceNormalization", image, 1)
                        .with("axes")
                        .assertComesOutTheSame(folder, 13))
            .getMessage();
    assertTrue(refusal.contains("expected axes to take a mean along"), refusal);
  }

  @Test
  void copiesAreOfAnImageAndNotOfTheBatch() throws IOException {
    Shape image = Shape.of(2, 3, 4);
    new OneOperator("Tile", image, 1)
        .integers(List.of(1L, 3L, 1L, 2L))
        .assertComesOutTheSame(folder, 13);
    for (List<Long> copies : List.of(List.of(2L, 1L, 1L, 1L), List.of(1L, 1L, 1L, 0L))) {
      String refusal =
          assertThrows(
                  BadInputException.class,
                  () ->
                      OnnxReader.read(
                          new OneOperator("Tile", image, 1).integers(copies).bytes(13), "one"))
              .getMessage();
      assertTrue(refusal.contains("copies along axes of an image"), refusal);
    }
  }

  @Test
  void curvesOfAbsoluteValuesAndGatesAreSeveralOperations() throws IOException {
    Shape image = Shape.of(2, 3, 3);
    new OneOperator("Softsign", image, 1).assertComesOutTheSame(folder, 17);
    new OneOperator("Swish", image, 1).withNumber("alpha", 1.7f).assertComesOutTheSame(folder, 24);
  }
}
