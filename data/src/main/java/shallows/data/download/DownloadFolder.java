package shallows.data.download;

import java.nio.file.Path;
import java.util.Map;
import shallows.model.file.CacheFolder;

/** Where downloaded data sets lie, each in a folder of its name. */
public final class DownloadFolder {
  private DownloadFolder() {}

  /**
   * {@code SHALLOWS_DATA}, else the cache.
   *
   * @param environment as {@link System#getenv()} gives it
   * @param home the user's
   */
  public static Path of(Map<String, String> environment, Path home) {
    String own = environment.getOrDefault("SHALLOWS_DATA", "");
    if (!own.isBlank()) {
      return Path.of(own).toAbsolutePath().normalize();
    }
    return CacheFolder.of(environment, home);
  }
}
