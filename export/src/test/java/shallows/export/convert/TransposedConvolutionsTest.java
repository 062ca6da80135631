package shallows.export.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.BadInputException;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;

/** Transposed convolutions of every stride, padding and group, compared with ONNX Runtime. */
class TransposedConvolutionsTest {
  private static final int CASES = 40;

  /** Of these; the pads of others leave nothing. */
  private static final int LEAST = 30;

  private static final List<Integer> GROUPS = List.of(1, 1, 2, 4);

  @TempDir Path folder;

  @Test
  void eachIsAConvolutionWhoseOutputsAreDealtOut() throws IOException {
    Random random = new Random(1);
    int compared = 0;
    for (int seed = 0; seed < CASES; seed++) {
      int groups = GROUPS.get(seed % GROUPS.size());
      boolean biased = seed / GROUPS.size() % 2 == 0;
      int height = 1 + random.nextInt(5);
      int width = 1 + random.nextInt(5);
      int[] kernel = {1 + random.nextInt(4), 1 + random.nextInt(4)};
      int[] stride = {1 + random.nextInt(3), 1 + random.nextInt(3)};
      int[] dilation = {1 + random.nextInt(2), 1 + random.nextInt(2)};
      int outputs = 1 + random.nextInt(3);
      OneOperator one =
          new OneOperator("ConvTranspose", Shape.of(4, height, width), seed)
              .with("strides", stride[0], stride[1])
              .with("dilations", dilation[0], dilation[1])
              .withInteger("group", groups)
              .noise(4, outputs, kernel[0], kernel[1]);
      if (biased) {
        one.noise((long) groups * outputs);
      }
      switch (random.nextInt(4)) {
        case 0 -> {
          one.with("pads", random.nextInt(2), random.nextInt(2), 0, random.nextInt(2));
          one.with("output_padding", random.nextInt(stride[0]), random.nextInt(stride[1]));
        }
        case 1 -> one.with("auto_pad", random.nextBoolean() ? "SAME_UPPER" : "SAME_LOWER");
        case 2 -> {
          int rows = (height - 1) * stride[0] + dilation[0] * (kernel[0] - 1) + 1;
          int columns = (width - 1) * stride[1] + dilation[1] * (kernel[1] - 1) + 1;
          one.with(
              "output_shape",
              Math.max(1, rows - random.nextInt(stride[0])),
              Math.max(1, columns - random.nextInt(stride[1])));
        }
        default -> one.with("auto_pad", "VALID");
      }
      try {
        one.assertComesOutTheSame(folder, 17);
        compared++;
      } catch (BadInputException e) {
        // All that the pads leave is nothing.
        assertTrue(e.getMessage().contains("expected a result with pixels"), e.getMessage());
      }
    }
    assertTrue(compared >= LEAST, compared + " compared");
  }

  /**
   * The 2x2 upsampling of most networks that have one: no weight is added, no pixel computed twice.
   */
  @Test
  void aStrideAsLargeAsTheKernelTakesAConvolutionOfOnePixel() throws IOException {
    Conversion found =
        new OneOperator("ConvTranspose", Shape.of(4, 3, 3), 1)
            .with("strides", 2, 2)
            .noise(4, 5, 2, 2)
            .noise(5)
            .assertComesOutTheSame(folder, 17);
    List<Node> nodes = found.graph().nodes();
    assertEquals(Operation.Conv2d.of(1, 0), nodes.get(0).operation());
    assertEquals(
        Shape.of(20, 4, 1, 1), found.graph().parameter(nodes.get(0).inputs().get(1)).shape());
    assertTrue(nodes.get(1).operation() instanceof Operation.Rearrange);
  }

  @Test
  void extentsWhoseProductsAreNoIntsAreRefused() {
    OneOperator wide =
        new OneOperator("ConvTranspose", Shape.of(1, 3, 3), 1)
            .with("dilations", 1, 32_767)
            .noise(1, 1, 1, 70_000);
    assertRefused(wide, "expected the kernel's width from 0 to 32767, found 70000");
    OneOperator far =
        new OneOperator("ConvTranspose", Shape.of(1, 1, 70_000), 1)
            .with("strides", 1, 32_767)
            .with("output_shape", 1, 5)
            .noise(1, 1, 1, 1);
    assertRefused(far, "expected at most 2147483647 pixels before any is cut off");
  }

  private void assertRefused(OneOperator one, String words) {
    String refusal =
        assertThrows(BadInputException.class, () -> one.assertComesOutTheSame(folder, 17))
            .getMessage();
    assertTrue(refusal.contains(words), refusal);
  }

  @Test
  void aStrideThatAFewBytesAskForIsRefused() {
    OneOperator huge =
        new OneOperator("ConvTranspose", Shape.of(4, 3, 3), 1)
            .with("strides", 16_000, 16_000)
            .noise(4, 5, 2, 2);
    assertRefused(huge, "'node' (expected");
  }
}
