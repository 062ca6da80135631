package shallows.export.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.BadInputException;
import shallows.model.graph.Extent;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Resampling;
import shallows.model.graph.Shape;

/** Images of other sizes by each of ONNX's formulas, compared with ONNX Runtime. */
class ResizedImagesTest {
  private static final Shape IMAGE = Shape.of(3, 6, 5);

  private static final List<String> COORDINATES =
      List.of(
          "half_pixel",
          "half_pixel_symmetric",
          "pytorch_half_pixel",
          "align_corners",
          "asymmetric",
          "tf_half_pixel_for_nn");

  /** More columns and fewer rows, one column alone, rows alone. */
  private static final List<List<Long>> SIZES =
      List.of(List.of(1L, 3L, 4L, 13L), List.of(1L, 3L, 9L, 1L), List.of(1L, 3L, 12L, 5L));

  /**
   * By which, as by sizes for neighbours below, no place is whole or in the middle of two but by
   * arithmetic that is exact: else rounding decides which of two is the nearest.
   */
  private static final List<Float> SCALES = List.of(1f, 1f, 1.85f, 0.7f);

  /** Half and twice of 6 rows, with places whole and in the middle of two, all exact. */
  private static final List<List<Long>> EXACT =
      List.of(List.of(1L, 3L, 3L, 5L), List.of(1L, 3L, 12L, 10L));

  /** Where the pixels' centres count: even, so that none lies on another or between two. */
  private static final List<List<Long>> BETWEEN_CENTRES =
      List.of(List.of(1L, 3L, 16L, 4L), List.of(1L, 3L, 4L, 12L));

  /** Where their corners count: odd, and no factor in common with 6 and 5. */
  private static final List<List<Long>> BETWEEN_CORNERS =
      List.of(List.of(1L, 3L, 11L, 3L), List.of(1L, 3L, 5L, 13L));

  @TempDir Path folder;

  @Test
  void curvesAreWhatTheyAreByEveryFormula() throws IOException {
    for (List<Long> size : SIZES) {
      for (String mode : List.of("linear", "cubic")) {
        for (String coordinates : COORDINATES) {
          if (!coordinates.equals("tf_half_pixel_for_nn")) {
            to(size, mode)
                .with("coordinate_transformation_mode", coordinates)
                .assertComesOutTheSame(folder, 19);
          }
        }
        to(size, mode).withInteger("antialias", 1).assertComesOutTheSame(folder, 19);
        by(SCALES, mode).assertComesOutTheSame(folder, 17);
      }
      to(size, "cubic").withInteger("exclude_outside", 1).assertComesOutTheSame(folder, 17);
      to(size, "cubic").withNumber("cubic_coeff_a", -0.5f).assertComesOutTheSame(folder, 17);
    }
  }

  @Test
  void pixelsAreThoseOfEveryRounding() throws IOException {
    for (String coordinates : COORDINATES) {
      boolean corners = coordinates.equals("asymmetric") || coordinates.equals("align_corners");
      List<List<Long>> sizes = new ArrayList<>(EXACT);
      sizes.addAll(corners ? BETWEEN_CORNERS : BETWEEN_CENTRES);
      for (List<Long> size : sizes) {
        for (String rounding :
            List.of("floor", "ceil", "round_prefer_floor", "round_prefer_ceil")) {
          Conversion found =
              to(size, "nearest")
                  .with("coordinate_transformation_mode", coordinates)
                  .with("nearest_mode", rounding)
                  .assertComesOutTheSame(folder, 19);
          Operation first = found.graph().nodes().get(0).operation();
          assertTrue(
              first instanceof Operation.SelectPixels || first instanceof Operation.Resize,
              first.toString());
        }
      }
    }
    by(SCALES, "nearest").assertComesOutTheSame(folder, 13);
    new OneOperator("Resize", IMAGE, 1).floats(SCALES).assertComesOutTheSame(folder, 10);
  }

  @Test
  void aPartOfAnImageHasZerosBesideIt() throws IOException {
    // From within the image to beyond its end, of rows and of columns.
    List<Float> region = List.of(0f, 0f, 0.15f, 0.4f, 1f, 1f, 0.8f, 1.2f);
    for (String mode : List.of("linear", "nearest")) {
      part(region, mode).assertComesOutTheSame(folder, 17);
    }
    OneOperator filled = part(region, "linear").withNumber("extrapolation_value", 3);
    String refusal =
        assertThrows(BadInputException.class, () -> filled.assertComesOutTheSame(folder, 17))
            .getMessage();
    assertTrue(refusal.contains("expected zeros outside of the image"), refusal);
  }

  private static OneOperator part(List<Float> region, String mode) {
    return new OneOperator("Resize", IMAGE, 1)
        .with("mode", mode)
        .with("coordinate_transformation_mode", "tf_crop_and_resize")
        .floats(region)
        .without()
        .integers(List.of(1L, 3L, 4L, 7L));
  }

  @Test
  void sizesMayBeLimitsThatKeepTheAspect() throws IOException {
    for (String policy : List.of("not_larger", "not_smaller")) {
      new OneOperator("Resize", IMAGE, 1)
          .with("mode", "linear")
          .with("keep_aspect_ratio_policy", policy)
          .with("axes", 2, 3)
          .without()
          .without()
          .integers(List.of(8L, 9L))
          .assertComesOutTheSame(folder, 18);
    }
  }

  @Test
  void whatAGraphKnowsStaysOneOperation() throws IOException {
    Conversion linear = to(List.of(1L, 3L, 12L, 10L), "linear").assertComesOutTheSame(folder, 17);
    assertEquals(
        new Operation.Resize(new Extent(12, 10), Resampling.LINEAR_HALF_PIXEL),
        linear.graph().nodes().get(0).operation());
    List<Operation> cubic =
        to(List.of(1L, 3L, 12L, 5L), "cubic")
            .assertComesOutTheSame(folder, 17)
            .graph()
            .nodes()
            .stream()
            .map(Node::operation)
            .toList();
    assertEquals(
        1, cubic.stream().filter(operation -> operation instanceof Operation.Conv2d).count());
  }

  private static OneOperator to(List<Long> size, String mode) {
    return new OneOperator("Resize", IMAGE, 1)
        .with("mode", mode)
        .without()
        .without()
        .integers(size);
  }

  private static OneOperator by(List<Float> scales, String mode) {
    return new OneOperator("Resize", IMAGE, 1).with("mode", mode).without().floats(scales);
  }
}
