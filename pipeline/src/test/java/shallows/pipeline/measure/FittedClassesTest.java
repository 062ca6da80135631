package shallows.pipeline.measure;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shallows.data.LabelledImages;
import shallows.model.BadInputException;

class FittedClassesTest {
  private static final Path FILE = Path.of("theirs.onnx");

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 3", "1, 3"})
  void greyImagesDoForANetworkOfColours(int images, int network) {
    assertDoesNotThrow(
        () -> FittedClasses.requireChannels(FILE, network, images(images), "photos"));
  }

  /** Images are grey or of three colours, whatever a network wants. */
  @ParameterizedTest
  @CsvSource({"3, 1", "1, 2", "1, 4", "3, 4"})
  void otherChannelsAreRefused(int images, int network) {
    BadInputException refused =
        assertThrows(
            BadInputException.class,
            () -> FittedClasses.requireChannels(FILE, network, images(images), "photos"));
    assertTrue(
        refused.getMessage().contains("images of " + network + " channel"), refused.getMessage());
  }

  @Test
  void oneNumberForTwoClassesIsNoClassifierHere() {
    BadInputException refused =
        assertThrows(
            BadInputException.class,
            () -> FittedClasses.requireClasses(FILE, 1, null, List.of("a", "b"), "photos"));
    assertTrue(
        refused.getMessage().contains("one number, as where a Sigmoid tells two classes apart"),
        refused.getMessage());
  }

  private static LabelledImages images(int channels) {
    return new LabelledImages(
        "photos", List.of("a", "b"), channels, 1, 1, new byte[2 * channels], new int[] {0, 1});
  }
}
