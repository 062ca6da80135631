package shallows.cli.command;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import shallows.pipeline.folder.TrainSettings;
import shallows.train.options.MixedPrecision;

/** What all trainings of a sweep have in common. */
final class SweepTraining {
  @Option(
      names = "--data",
      paramLabel = "DATA",
      defaultValue = TrainSettings.DATA,
      description = "The images, as --data of train. Default: ${DEFAULT-VALUE}")
  private String data;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "" + TrainSettings.EPOCHS,
      description = "Passes over the training images. Default: ${DEFAULT-VALUE}")
  private int epochs;

  @Option(
      names = "--train-images",
      paramLabel = "N",
      description = "Uses only N of the training images, the same share of each class.")
  private Integer trainImages;

  @Option(
      names = "--reproducible",
      description =
          "Gives the same bytes on every x86-64 processor with AVX2; slower on those that have more.")
  private boolean reproducible;

  @Option(
      names = "--mixed-precision",
      paramLabel = "WHICH",
      description = OptimizerArguments.MIXED_PRECISION)
  private MixedPrecision mixedPrecision;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  TrainSettings settings() {
    return new Said(command, SweepTraining.class)
        .with("data", TrainArguments.spec(data))
        .over(TrainSettings.STANDARD);
  }
}
