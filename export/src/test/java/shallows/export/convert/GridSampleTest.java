package shallows.export.convert;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shallows.model.BadInputException;
import shallows.model.graph.Shape;
import shallows.model.onnx.read.OnnxReader;

/** Images that are looked at in the places of a constant grid, in ONNX Runtime. */
class GridSampleTest {
  private static final int OPSET = 16;
  private static final Shape IMAGE = Shape.of(3, 4, 5);

  @TempDir Path folder;

  /** Places lie up to an extent of the image outside of it, where padding decides. */
  @ParameterizedTest
  @CsvSource({
    "bilinear,zeros", "bilinear,border", "bilinear,reflection",
    "bicubic,zeros", "bicubic,border", "bicubic,reflection",
    "nearest,zeros", "nearest,border", "nearest,reflection"
  })
  void eachPlaceIsASumOfPixels(String mode, String padding) throws IOException {
    for (int corners = 0; corners < 2; corners++) {
      new OneOperator("GridSample", IMAGE, 7)
          .with("mode", mode)
          .with("padding_mode", padding)
          .withInteger("align_corners", corners)
          .noise(2f, 1, 6, 3, 2)
          .assertComesOutTheSame(folder, OPSET);
    }
  }

  @Test
  void aRowOfPlacesIsReadToo() throws IOException {
    new OneOperator("GridSample", Shape.of(2, 1, 5), 7)
        .noise(1, 1, 1, 2)
        .assertComesOutTheSame(folder, OPSET);
  }

  @Test
  void gridsOfEachImageAndLargeOnesAreRefused() {
    assertRefused("a grid (1, H, W, 2)", new OneOperator("GridSample", IMAGE, 7).noise(2, 3, 3, 2));
    assertRefused("a grid (1, H, W, 2)", new OneOperator("GridSample", IMAGE, 7).noise(1, 3, 3, 3));
    assertRefused(
        "places times pixels",
        new OneOperator("GridSample", Shape.of(1, 99, 99), 7).noise(1, 30, 30, 2));
    assertRefused("expected a constant", new OneOperator("GridSample", IMAGE, 7).again());
    assertRefused(
        "mode", new OneOperator("GridSample", IMAGE, 7).with("mode", "area").noise(1, 2, 2, 2));
    assertRefused(
        "padding_mode",
        new OneOperator("GridSample", IMAGE, 7).with("padding_mode", "wrap").noise(1, 2, 2, 2));
  }

  private static void assertRefused(String words, OneOperator operator) {
    BadInputException e =
        assertThrows(
            BadInputException.class, () -> OnnxReader.read(operator.bytes(OPSET), "one.onnx"));
    assertTrue(e.getMessage().contains(words), e.getMessage());
  }
}
