package shallows.export.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.model.json.JsonFormat;

class FileSumsTest {
  private static final JsonFormat<FileSums> FORMAT = new JsonFormat<>(FileSums.class, "sums", null);
  private static final LabelledImages TRUTH =
      new LabelledImages("two", List.of("a", "b"), 1, 1, 1, new byte[2], new int[] {0, 1});

  /** The logarithm of nothing, on either side. */
  @Test
  void logitsThatAreInfiniteGoThroughJson() {
    Predictions plain = new Predictions(new float[][] {{1, 0}, {0, 1}});
    Predictions infinite =
        new Predictions(new float[][] {{0, Float.NEGATIVE_INFINITY}, {0.25f, 0.75f}});

    FileSums ofFile = FileSums.of(infinite, Optional.of(plain), Optional.empty(), TRUTH, 0);
    assertEquals(new FileSums.BesideReference(2, 2, null, null, 0.0, 1.0), ofFile.reference());
    FileSums ofReference = FileSums.of(plain, Optional.of(infinite), Optional.empty(), TRUTH, 0);
    assertEquals(
        new FileSums.BesideReference(2, 2, null, null, null, 0.75), ofReference.reference());

    FileSums finite = FileSums.of(plain, Optional.of(plain), Optional.empty(), TRUTH, 2);
    for (FileSums sums : List.of(ofFile, ofReference, finite)) {
      assertEquals(sums, FORMAT.parse(FORMAT.text(sums), "here"));
    }
    assertEquals(
        new FileSums.BesideReference(4, 4, null, null, null, 1.0),
        FileSums.sum(List.of(ofReference, finite)).reference());
  }
}
