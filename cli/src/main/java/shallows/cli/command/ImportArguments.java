package shallows.cli.command;

import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import shallows.pipeline.Importing;
import shallows.pipeline.measure.AskedTask;

/** What a network that was brought along does not say of itself. */
final class ImportArguments {
  @Mixin private TaskArguments task;
  @Mixin private ReadArguments reading;

  /** What is said of the network in a file. */
  Importing of(Path file) {
    AskedTask asked = task.asked();
    return new Importing(
        file,
        reading.options(),
        asked.labels(),
        asked.normalization(),
        asked.mean(),
        asked.deviation());
  }
}
