package shallows.cli.command;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Option;
import shallows.model.onnx.read.ReadOptions;
import shallows.pipeline.Importing;
import shallows.train.options.Transfer;

/** A network that a training begins with; null where nothing was said. */
final class FromArguments extends ScalingArguments {
  /** What does nothing without it. */
  static final String[] BESIDE = {
    "--normalization", "--mean", "--std", "--output", "--channels", "--head-epochs", "--trunk-rate"
  };

  @Option(
      names = "--from",
      paramLabel = "FILE.onnx",
      description =
          "A network that somebody trained for other classes: its last layer is replaced by one for"
              + " those of --data, which is trained alone on features computed once; then all of it"
              + " is. Images are brought to its size; where it takes any, to --size.")
  Path from;

  @Option(
      names = "--output",
      paramLabel = "NAME",
      description = "Of a file with several outputs, the one that is read.")
  private String output;

  @Option(
      names = "--channels",
      paramLabel = "N",
      description = "Of a file that takes any number of channels, how many.")
  private Integer channels;

  @Option(
      names = "--head-epochs",
      paramLabel = "N",
      description =
          "Passes over the features that train the new layer alone. Default: "
              + Transfer.HEAD_EPOCHS)
  private Integer headEpochs;

  @Option(
      names = "--trunk-rate",
      paramLabel = "SHARE",
      description =
          "What all other layers learn at afterwards, of --learning-rate. Default: "
              + Transfer.TRUNK_RATE)
  private Double trunkRate;

  /** What is said of the network. */
  Importing network() {
    return new Importing(
        from,
        new ReadOptions(
            Optional.ofNullable(output),
            Optional.empty(),
            channels == null ? OptionalInt.empty() : OptionalInt.of(channels)),
        Optional.empty(),
        Optional.ofNullable(normalization),
        mean,
        deviation);
  }
}
