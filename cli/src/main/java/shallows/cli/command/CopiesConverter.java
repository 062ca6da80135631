package shallows.cli.command;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import shallows.data.evaluation.TestTimeAugmentation;

/** {@code flip}, {@code crops:5} or {@code draws:12}. */
final class CopiesConverter implements ITypeConverter<TestTimeAugmentation> {
  private static final String FLIP = "flip";

  @Override
  public TestTimeAugmentation convert(String word) {
    if (word.equals(FLIP)) {
      return new TestTimeAugmentation(true, 1);
    }
    // One crop is the image alone.
    if (word.matches("crops:[2-" + TestTimeAugmentation.MOST_CROPS + "]")) {
      return new TestTimeAugmentation(false, word.charAt(word.length() - 1) - '0');
    }
    // Likewise one draw.
    if (word.matches("draws:\\d{1,3}")) {
      int draws = Integer.parseInt(word.substring(word.indexOf(':') + 1));
      if (draws > 1 && draws <= TestTimeAugmentation.MOST_DRAWS) {
        return TestTimeAugmentation.ofDraws(draws);
      }
    }
    throw new TypeConversionException(
        "expected flip, crops:N with N from 2 to "
            + TestTimeAugmentation.MOST_CROPS
            + ", or draws:N with N from 2 to "
            + TestTimeAugmentation.MOST_DRAWS
            + ", found "
            + word);
  }
}
