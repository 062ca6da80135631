package shallows.model.file;

import java.nio.file.Path;
import java.util.Map;

/** Where what can be fetched or unpacked again lies, once for all runs of a user. */
public final class CacheFolder {
  private CacheFolder() {}

  /** That of this process. */
  public static Path ofProcess() {
    return of(System.getenv(), Path.of(System.getProperty("user.home")));
  }

  /**
   * {@code shallows} in the user's cache as the XDG base directory specification places it.
   *
   * @param environment as {@link System#getenv()} gives it
   * @param home the user's
   */
  public static Path of(Map<String, String> environment, Path home) {
    Path cache = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
    // The specification has relative paths ignored.
    return (cache.isAbsolute() ? cache : home.resolve(".cache")).resolve("shallows");
  }
}
