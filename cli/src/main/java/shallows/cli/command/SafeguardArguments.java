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

  /** A year. */
  private static final int MOST_MINUTES = 366 * 24 * 60;

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

  @Option(
      names = "--time-limit",
      paramLabel = "MINUTES",
      description =
          "Ends the training with an epoch when another one would take it beyond this, what was"
              + " trained before an interruption included; more minutes later go on from there, as"
              + " does train --resume without a limit."
              + " Default: none")
  private Double limit;

  /**
   * @param resume whether the training goes on with an earlier one
   * @throws BadInputException when a value is out of its range
   */
  Safeguards safeguards(boolean resume) {
    if (!(minutes >= 0 && minutes <= LONGEST_MINUTES)) {
      throw new BadInputException(
          "--checkpoint-minutes", "0 to " + Math.round(LONGEST_MINUTES), minutes, null);
    }
    if (limit != null && !(limit > 0 && limit <= MOST_MINUTES)) {
      throw new BadInputException(
          Setting.TIME_LIMIT, "more than 0 and at most " + MOST_MINUTES + " minutes", limit, null);
    }
    Safeguards safeguards = new Safeguards(resume, duration(minutes), what());
    return limit == null ? safeguards : safeguards.withTimeLimit(duration(limit));
  }

  private static Duration duration(double minutes) {
    return Duration.ofNanos(Math.round(minutes * 60e9));
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
