package shallows.train.libtorch;

import java.util.Map;
import java.util.Optional;

/** What DJL reads of where LibTorch is: variables of the environment, else properties of Java. */
final class Variables {
  /** The folder of LibTorch's libraries, or several, of which the first that has them counts. */
  static final String FOLDER = "PYTORCH_LIBRARY_PATH";

  static final String VERSION = "PYTORCH_VERSION";
  static final String FLAVOR = "PYTORCH_FLAVOR";

  /** The folder that libraries are unpacked into. */
  static final String CACHE = "DJL_CACHE_DIR";

  /** Whether DJL downloads nothing; a property alone. */
  static final String OFFLINE = "ai.djl.offline";

  private Variables() {}

  /** What the variable says, if anything. */
  static Optional<String> said(String name, Map<String, String> environment) {
    return Optional.ofNullable(environment.getOrDefault(name, System.getProperty(name)))
        .filter(value -> !value.isBlank());
  }
}
