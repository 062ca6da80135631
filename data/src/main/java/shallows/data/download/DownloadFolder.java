package shallows.data.download;

import java.nio.file.Path;
import java.util.Map;

/** Where downloaded data sets lie, each in a folder of its name. */
public final class DownloadFolder {
  private DownloadFolder() {}

  /**
   * {@code SHALLOWS_DATA}, else {@code shallows} in the user's cache as the XDG base directory
   * specification places it.
   *
   * @param environment as {@link System#getenv()} gives it
   * @param home the user's
   */
  public static Path of(Map<String, String> environment, Path home) {
    String own = environment.getOrDefault("SHALLOWS_DATA", "");
    if (!own.isBlank()) {
      return Path.of(own).toAbsolutePath().normalize();
    }
    Path cache = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
    // The specification has relative paths ignored.
    return (cache.isAbsolute() ? cache : home.resolve(".cache")).resolve("shallows");
  }
}
