package shallows.cli.command;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import shallows.data.evaluation.TestTimeAugmentation;

/** {@code flip} or {@code crops:5}. */
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
    throw new TypeConversionException(
        "expected flip, or crops:N with N from 2 to "
            + TestTimeAugmentation.MOST_CROPS
            + ", found "
            + word);
  }
}
