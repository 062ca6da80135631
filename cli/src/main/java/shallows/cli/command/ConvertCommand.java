package shallows.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import shallows.cli.terminal.Console;
import shallows.export.convert.Agreement;
import shallows.export.convert.Conversion;
import shallows.model.BadInputException;
import shallows.model.Setting;

/** {@code shallows convert}. */
@Command(
    name = "convert",
    sortOptions = false,
    header = "Makes a TFLite file of an ONNX file.%n",
    description = {
      "Reads somebody else's network, writes it as a TFLite file or as an ONNX file of our own, and",
      "compares the outputs with those of the original in ONNX Runtime on random images. A file",
      "that differs by more than 1e-5 of the range of the outputs, and by more than rounding makes",
      "of this network, is not written: exit status 1.%n",
      "Reads  FILE.onnx, opset 7 to 23, and files of weights beside it.",
      "Writes the file of --out: .tflite takes one image with the channels last, .onnx any number",
      "       of images with the channels first; logits come out, without a Softmax.%n"
    },
    footerHeading = "%nExample:%n",
    footer = "  ./shallows convert theirs.onnx --out theirs.tflite")
final class ConvertCommand implements Callable<Integer> {
  private static final String ONNX = ".onnx";
  private static final String TFLITE = ".tflite";

  @ParentCommand private Shallows shallows;

  @Parameters(paramLabel = "FILE.onnx", description = "An ONNX file.")
  private Path path;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "A file that ends in .tflite or .onnx. Default: FILE.tflite")
  private Path out;

  @Option(names = "--seed", paramLabel = "N", description = "Of the random images. Default: 1")
  private long seed = 1;

  @Mixin private ReadArguments reading;
  @Mixin private ThreadsArgument threads;
  @Mixin private HelpArgument help;

  @Override
  public Integer call() {
    Path target = target();
    boolean tflite = target.toString().endsWith(TFLITE);
    Console console = shallows.console();
    int width = threads.count();
    Conversion conversion = Conversion.of(path, reading.options(), seed, width);
    conversion.network().notes().forEach(console::result);
    byte[] content = tflite ? conversion.tflite() : conversion.onnx();
    Agreement agreement =
        tflite ? conversion.ofTflite(content, width) : conversion.ofOnnx(content, width);
    if (!agreement.holds()) {
      console.result("%s: %s; not written".formatted(target, agreement.words(path)));
      return 1;
    }
    Conversion.write(content, target);
    console.result("%s: %d bytes, %s".formatted(target, content.length, agreement.words(path)));
    return 0;
  }

  private Path target() {
    Path target = out;
    if (target == null) {
      String name = path.getFileName().toString();
      String stem = name.endsWith(ONNX) ? name.substring(0, name.length() - ONNX.length()) : name;
      target = path.resolveSibling(stem + TFLITE);
    }
    String name = target.toString();
    if (!name.endsWith(TFLITE) && !name.endsWith(ONNX)) {
      throw new BadInputException(
          Setting.OUT, "a file that ends in .tflite or .onnx", target, null);
    }
    if (Files.exists(target) && same(target)) {
      throw new BadInputException(
          Setting.OUT, "another file than the one that is read", target, null);
    }
    return target;
  }

  private boolean same(Path target) {
    try {
      return Files.exists(path) && Files.isSameFile(path, target);
    } catch (IOException e) {
      throw new BadInputException(target, null, "cannot be looked at", "check the disk", e);
    }
  }
}
