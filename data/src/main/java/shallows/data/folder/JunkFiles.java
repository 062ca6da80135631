package shallows.data.folder;

import java.util.regex.Pattern;

/**
 * What systems leave unasked in folders and archives: views and thumbnails of macOS (Finder) and
 * Windows (Explorer), the doubles with attributes that macOS packs beside each file, and folders
 * for indexes, deleted files and a network storage's thumbnails. Nobody who hands over a folder or
 * a zip knows that they are in it, so nothing sees them.
 */
public final class JunkFiles {
  private static final Pattern NAME =
      Pattern.compile(
          "\\._.*|\\.DS_Store|__MACOSX|\\.AppleDouble|\\.Spotlight-V100|\\.Trashes|\\.fseventsd"
              + "|(eh)?thumbs(_vista)?\\.db|desktop\\.ini|\\$RECYCLE\\.BIN"
              + "|System Volume Information|@eaDir",
          Pattern.CASE_INSENSITIVE);

  private JunkFiles() {}

  /**
   * @param path a name, or several with / or \ between them
   * @return whether one of the names is that of junk
   */
  public static boolean isJunk(String path) {
    for (String name : path.split("[/\\\\]")) {
      if (NAME.matcher(name).matches()) {
        return true;
      }
    }
    return false;
  }
}
