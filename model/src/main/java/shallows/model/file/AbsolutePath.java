package shallows.model.file;

import java.io.IOException;
import java.nio.file.Path;

/** Paths that hold from every working folder. */
public final class AbsolutePath {
  private AbsolutePath() {}

  /**
   * The path without {@code .} and {@code ..}, leading where the system finds it: behind a link
   * {@code ..} is the folder that its target lies in. Other links stay as they are named.
   */
  public static Path of(Path path) {
    Path whole = path.toAbsolutePath();
    Path at = whole.getRoot();
    for (Path name : whole) {
      if (name.toString().equals("..")) {
        Path parent = real(at).getParent();
        at = parent == null ? whole.getRoot() : parent;
      } else if (!name.toString().equals(".")) {
        at = at.resolve(name);
      }
    }
    return at;
  }

  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      // Nothing is there: whoever opens it is told.
      return folder;
    }
  }
}
