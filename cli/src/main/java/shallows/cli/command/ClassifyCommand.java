package shallows.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import shallows.model.BadInputException;
import shallows.pipeline.measure.Classification;
import shallows.pipeline.report.Words;

/** {@code shallows classify}. */
@Command(
    name = "classify",
    sortOptions = false,
    header = "Says what a model file sees in images.%n",
    description = {
      "Shows the most likely classes with their probabilities.%n",
      "Reads  an .onnx or .tflite file of ours, which know their classes and how pixels are scaled,",
      "       or of others, and images (JPEG, PNG, BMP, GIF, TIFF, WebP), which are brought to the",
      "       network's size.",
      "Writes nothing.%n"
    },
    footerHeading = "%nExample:%n",
    footer = "  ./shallows classify runs/first/bundle/first-fp32.tflite shoe.png")
final class ClassifyCommand implements Callable<Integer> {
  @ParentCommand private Shallows shallows;

  @Parameters(index = "0", paramLabel = "FILE.onnx|FILE.tflite", description = "The model.")
  private Path model;

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "IMAGE", description = "Image files.")
  private List<Path> images;

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "3",
      description = "How many classes to show for an image. Default: ${DEFAULT-VALUE}")
  private int top;

  @Mixin private HelpArgument help;

  @Override
  public Integer call() {
    if (top < 1) {
      throw new BadInputException("--top", "at least 1", top, null);
    }
    for (Classification.Answer answer : Classification.of(model, images, top)) {
      shallows
          .console()
          .result(
              answer.guesses().stream()
                  .map(guess -> guess.label() + " " + Words.percent(guess.probability()))
                  .collect(Collectors.joining(", ", answer.image() + "  ", "")));
    }
    return 0;
  }
}
