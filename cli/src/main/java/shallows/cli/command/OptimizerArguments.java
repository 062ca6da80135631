package shallows.cli.command;

import picocli.CommandLine.Option;
import shallows.train.options.MixedPrecision;

/** How a step computes and what it does with the gradient. Null where nothing was said. */
final class OptimizerArguments {
  static final String MIXED_PRECISION =
      "bf16 computes values and convolutions in 16 bits, here and in fine-tuning; weights stay"
          + " floats. Faster on processors with instructions for it (AMX), slower on others. Default:"
          + " none";

  @Option(
      names = "--schedule",
      paramLabel = "KIND",
      description =
          "The learning rate after the warm-up: cosine falls to 0; step is cut to a "
              + "tenth at half and at three quarters, or where step:S,S says; constant. "
              + "Default: cosine; paper: step")
  String shape;

  @Option(
      names = "--warm-up",
      paramLabel = "SHARE",
      description = "Share of the training over which the rate climbs. Default: 0.05; paper: 0")
  Double warmUp;

  @Option(
      names = "--momentum",
      paramLabel = "X",
      description = "Nesterov momentum of SGD. Default: 0.9")
  Double momentum;

  @Option(names = "--weight-decay", paramLabel = "X", description = "Default: 5e-4; paper: 1e-4")
  Double weightDecay;

  @Option(
      names = "--clip-norm",
      paramLabel = "X",
      description = "Largest norm of the gradient, over all parameters. Default: 0, none")
  Double largestNorm;

  @Option(
      names = "--batch-norm",
      paramLabel = "N",
      description =
          "Images that batch norm sees at once; fewer train faster; 0 for the whole "
              + "batch. Default: 32; paper: 0")
  Integer normalized;

  @Option(names = "--mixed-precision", paramLabel = "WHICH", description = MIXED_PRECISION)
  MixedPrecision mixedPrecision;
}
