package shallows.cli.command;

import java.time.Duration;
import picocli.CommandLine.Option;
import shallows.model.BadInputException;
import shallows.model.Setting;
import shallows.train.loop.Safeguards;
import shallows.train.loop.Safeguards.OnDivergence;

/** What keeps a long training alive. */
final class SafeguardArguments {
  /** A week: more than that is no checkpoint. */
  private static final double LONGEST_MINUTES = 7 * 24 * 60;

  @Option(
      names = "--checkpoint-minutes",
      paramLabel = "N",
      description =
          "The longest time between two checkpoints; one comes after every epoch besides. Default: "
              + Safeguards.CHECKPOINT_MINUTES)
  private double minutes = Safeguards.CHECKPOINT_MINUTES;

  @Option(
      names = "--on-divergence",
      paramLabel = "WHAT",
      description =
          "When the loss is no longer a number: stop, or rollback to the last good epoch and go on"
              + " at half the learning rate, five times at most. Default: stop")
  private String onDivergence = "stop";

  /**
   * @param resume whether the training goes on with an earlier one
   * @throws BadInputException when a value is out of its range
   */
  Safeguards safeguards(boolean resume) {
    if (!(minutes >= 0 && minutes <= LONGEST_MINUTES)) {
      throw new BadInputException(
          "--checkpoint-minutes", "0 to " + Math.round(LONGEST_MINUTES), minutes, null);
    }
    return new Safeguards(resume, Duration.ofMillis(Math.round(minutes * 60_000)), what());
  }

  private OnDivergence what() {
    return switch (onDivergence) {
      case "stop" -> OnDivergence.STOP;
      case "rollback" -> OnDivergence.ROLLBACK;
      default ->
          throw new BadInputException(
              Setting.ON_DIVERGENCE, "stop or rollback", "'" + onDivergence + "'", null);
    };
  }
}
