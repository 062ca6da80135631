package shallows.cli.command;

import picocli.CommandLine.Option;

/** What a step does with the gradient. Null where nothing was said. */
final class OptimizerArguments {
  @Option(
      names = "--schedule",
      paramLabel = "KIND",
      description =
          "The learning rate after the warm-up: cosine falls to 0; step is cut to a "
              + "tenth at half and at three quarters, or where step:S,S says; constant. "
              + "Default: cosine; paper: step")
  String schedule;

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
      names = "--decay",
      paramLabel = "WHAT",
      description =
          "What decays: everything, or the weights alone, without biases and batch "
              + "norm. Default: everything")
  String decay;

  @Option(
      names = "--off-blocks",
      paramLabel = "WHAT",
      description =
          "What a block does in a step without it: rest, or coast (decay and go on by "
              + "its velocity, as in the paper). Default: rest; paper: coast")
  String offBlocks;

  @Option(
      names = "--clip-norm",
      paramLabel = "X",
      description = "Largest norm of the gradient, over all parameters. Default: 0, none")
  Double clipNorm;

  @Option(
      names = "--batch-norm",
      paramLabel = "N",
      description =
          "Images that batch norm sees at once; fewer train faster; 0 for the whole "
              + "batch. Default: 32; paper: 0")
  Integer batchNorm;
}
