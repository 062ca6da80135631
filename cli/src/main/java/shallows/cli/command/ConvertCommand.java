package shallows.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import shallows.cli.terminal.Console;
import shallows.export.ExportFormat;
import shallows.export.ExportPrecision;
import shallows.model.BadInputException;
import shallows.model.Setting;
import shallows.pipeline.convert.ConvertSettings;
import shallows.pipeline.convert.Converted;
import shallows.pipeline.convert.FileConversion;

/** {@code shallows convert}. */
@Command(
    name = "convert",
    sortOptions = false,
    header = "Makes a TFLite file of an ONNX file, in 32, 16 or 8 bits.%n",
    description = {
      "Reads somebody else's network, writes it as a TFLite file or as an ONNX file of our own, and",
      "compares the outputs with those of the original in ONNX Runtime on random images. A file",
      "that differs by more than 1e-5 of the range of the outputs, and by more than rounding makes",
      "of this network, is not written: exit status 1.%n",
      "With --precision int8 values are 8-bit integers, whose scales are found on some of the images",
      "of --data. Other images verify the file as the files of a run are: its outputs are those of",
      "simulated quantization, and no more than --max-drop is lost; else nothing is written: exit",
      "status 1. Images without labels do: then the answers of the network in fp32 count as right.",
      "A file that is quantized already (QDQ) keeps its integers and needs no --data for that; with",
      "another precision, or with --data, it is read as floats.%n",
      "Reads  FILE.onnx, opset 7 to 25, and files of weights beside it; images of --data.",
      "Writes the file of --out: .tflite takes one image with the channels last, .onnx any number",
      "       of images with the channels first; logits come out, without a Softmax.%n"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./shallows convert theirs.onnx --out theirs.tflite",
      "  ./shallows convert theirs.onnx --precision int8 --data photos --normalization imagenet"
    })
final class ConvertCommand implements Callable<Integer> {
  private static final String ONNX = ".onnx";
  private static final String TFLITE = ".tflite";

  @ParentCommand private Shallows shallows;

  @Parameters(paramLabel = "FILE.onnx", description = "An ONNX file.")
  private Path path;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "A file that ends in .tflite or .onnx. Default: FILE.tflite, FILE-PRECISION.tflite for"
              + " other precisions than fp32, FILE-int4-weights.onnx")
  private Path out;

  @Option(
      names = "--precision",
      paramLabel = "PRECISION",
      description =
          "fp32; fp16: weights of half precision, half as large; int8-weights: weights of 8 bits, a"
              + " quarter, both as fast as fp32 and without images; int4-weights (.onnx): of 4 bits, an"
              + " eighth, as fast, for networks that stand it; int8: 8 bits a weight and value,"
              + " smaller and faster, needs --data unless the file is quantized. Of a network with binarized blocks also binary,"
              + " mixed and binary-fast, as for export. Default: fp32")
  private ExportPrecision precision;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description =
          "Images of the kind that the network will see, as for train; or pictures without labels, in"
              + " a folder without folders or in a list (.txt). With fp16 and int8-weights to show"
              + " what rounding costs")
  private String data;

  @Option(
      names = "--max-drop",
      paramLabel = "POINTS",
      description =
          "Points of accuracy that the file may lose on images that scales were not found on, chance"
              + " considered; without labels, of answers that may change. Default: "
              + ConvertSettings.Images.MAX_DROP
              + "; without labels "
              + ConvertSettings.Images.MAX_CHANGED)
  private Double maxDrop;

  @Mixin private TaskArguments task;
  @Mixin private TfliteArguments tflite;
  @Mixin private Int8Arguments int8;
  @Mixin private ReadArguments reading;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Of the random images, and of parting a folder that has no test images of its own."
              + " Default: 1")
  private Long seed;

  @Mixin private ThreadsArgument threads;
  @Mixin private OutputArguments output;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    if (data == null) {
      new DeadOptions(command)
          .refuse(
              "--data beside it", "--max-drop", "--labels", "--normalization", "--mean", "--std");
    }
    Console console = shallows.console();
    Converted converted =
        FileConversion.of(path, settings(), target(), threads.count(), output.progress(console));
    ConvertedWords.lines(path, settings().precision(), converted).forEach(console::result);
    return converted.isWritten() ? 0 : 1;
  }

  private ConvertSettings settings() {
    Said said = new Said(command, ConvertCommand.class, TfliteArguments.class, Int8Arguments.class);
    said.with("reading", reading.options());
    try {
      said.with(
          "images",
          Optional.ofNullable(data)
              .map(
                  images ->
                      new ConvertSettings.Images(
                          images, task.asked(), Optional.ofNullable(maxDrop))));
    } catch (IllegalArgumentException e) {
      throw BadInputException.of(e);
    }
    return said.over(ConvertSettings.STANDARD);
  }

  private Path target() {
    if (out == null) {
      String name = path.getFileName().toString();
      String stem = name.endsWith(ONNX) ? name.substring(0, name.length() - ONNX.length()) : name;
      String rounded =
          precision == null || precision == ExportPrecision.FP32 ? "" : "-" + precision.label();
      boolean tflite = precision == null || precision.existsAs(ExportFormat.TFLITE);
      return path.resolveSibling(stem + rounded + (tflite ? TFLITE : ONNX));
    }
    if (Files.exists(out) && same(out)) {
      throw new BadInputException(Setting.OUT, "another file than the one that is read", out, null);
    }
    return out;
  }

  private boolean same(Path target) {
    try {
      return Files.exists(path) && Files.isSameFile(path, target);
    } catch (IOException e) {
      throw new BadInputException(target, null, "cannot be looked at", "check the disk", e);
    }
  }
}
