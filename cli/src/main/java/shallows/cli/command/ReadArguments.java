package shallows.cli.command;

import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import shallows.model.graph.Extent;
import shallows.model.onnx.read.ReadOptions;

/** What a foreign ONNX file leaves open. */
final class ReadArguments {
  @Option(
      names = "--output",
      paramLabel = "NAME",
      description = "Of a file with several outputs, the one that is read.")
  private String output;

  @Option(
      names = "--size",
      paramLabel = "N|HxW",
      converter = SizeConverter.class,
      description = "Of a file that takes images of any size, theirs: rows and columns.")
  private Extent size;

  @Option(
      names = "--channels",
      paramLabel = "N",
      description = "Of a file that takes any number of channels, how many.")
  private Integer channels;

  ReadOptions options() {
    return new ReadOptions(
        Optional.ofNullable(output),
        Optional.ofNullable(size),
        channels == null ? OptionalInt.empty() : OptionalInt.of(channels));
  }

  /** {@code 224} or {@code 224x192}. */
  static final class SizeConverter implements ITypeConverter<Extent> {
    @Override
    public Extent convert(String word) {
      if (!word.matches("[1-9]\\d{0,4}(x[1-9]\\d{0,4})?")) {
        throw new TypeConversionException("expected for example 224 or 224x192, found " + word);
      }
      String[] sides = word.split("x");
      int height = Integer.parseInt(sides[0]);
      return new Extent(height, sides.length == 2 ? Integer.parseInt(sides[1]) : height);
    }
  }
}
