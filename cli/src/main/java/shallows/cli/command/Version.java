package shallows.cli.command;

import picocli.CommandLine.IVersionProvider;
import shallows.pipeline.folder.Versions;

/** What {@code --version} says. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"shallows " + Versions.shallows()};
  }
}
