package shallows.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import shallows.data.evaluation.TestTimeAugmentation;
import shallows.model.BadInputException;
import shallows.pipeline.measure.Classification;
import shallows.pipeline.report.AnswerFormat;

/** {@code shallows classify}. */
@Command(
    name = "classify",
    sortOptions = false,
    header = "Says what a model file sees in images.%n",
    description = {
      "Shows the most likely classes with their probabilities.%n",
      "Reads  an .onnx or .tflite file of ours, which know their classes and how pixels are scaled,",
      "       or of others, and images (JPEG, PNG, BMP, GIF, TIFF, WebP), which are brought to the",
      "       network's size: files, folders of any depth, or lists (.txt, a file in each line).",
      "Writes nothing.%n"
    },
    footerHeading = "%nExample:%n",
    footer = "  ./shallows classify runs/first/bundle/first-fp32.tflite shoe.png")
final class ClassifyCommand implements Callable<Integer> {
  @ParentCommand private Shallows shallows;

  @Parameters(index = "0", paramLabel = "FILE.onnx|FILE.tflite", description = "The model.")
  private Path model;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "IMAGE",
      description = "Image files, folders or lists.")
  private List<Path> images;

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "3",
      description = "How many classes to show for an image. Default: ${DEFAULT-VALUE}")
  private int top;

  @Option(
      names = "--format",
      paramLabel = "F",
      defaultValue = "text",
      description = "text, csv or json. Default: ${DEFAULT-VALUE}")
  private AnswerFormat format;

  @Option(
      names = "--tta",
      paramLabel = "flip|crops:N|draws:N",
      converter = CopiesConverter.class,
      description = {
        "Test-time augmentation: the mean of the probabilities for the image and its mirror image, or for"
            + " N places of it (2 to 9), or over N draws of the regions of fractional pools (2 to 100),"
            + " which takes as many times the time."
      })
  private TestTimeAugmentation copies;

  @Mixin private HelpArgument help;

  @Override
  public Integer call() {
    if (top < 1) {
      throw new BadInputException("--top", "at least 1", top, null);
    }
    Told told = new Told();
    Classification.each(model, images, top, Optional.ofNullable(copies), told);
    if (told.answered == 0) {
      around(format.head(top));
    }
    around(format.tail());
    if (told.broken > 0) {
      shallows
          .console()
          .remark(
              told.broken
                  + (told.broken == 1 ? " picture was" : " pictures were")
                  + " not read, "
                  + told.answered
                  + (told.answered == 1 ? " was" : " were"));
    }
    return told.broken > 0 ? 1 : 0;
  }

  private void around(String answers) {
    if (!answers.isEmpty()) {
      shallows.console().result(answers);
    }
  }

  /** Says each answer as it comes. */
  private final class Told implements Classification.Listener {
    private int answered;
    private int broken;

    @Override
    public void answered(Classification.Answer answer) {
      if (answered == 0) {
        // A network may tell fewer classes apart than were asked for.
        around(format.head(answer.guesses().size()));
      }
      shallows.console().result(format.line(answer, answered == 0));
      answered++;
    }

    @Override
    public void broken(BadInputException why) {
      shallows.console().remark(why.getMessage());
      broken++;
    }
  }
}
