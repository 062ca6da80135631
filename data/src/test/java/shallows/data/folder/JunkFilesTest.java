package shallows.data.folder;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JunkFilesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        ".DS_Store",
        "bundle/.DS_Store",
        "__MACOSX/bundle/._model.json",
        "__MACOSX/labels.txt",
        "._model.json",
        "cat\\Thumbs.db",
        "cat/thumbs.db",
        "desktop.ini",
        "Desktop.ini",
        "$RECYCLE.BIN/a.png",
        "System Volume Information",
        "@eaDir/a.png/SYNOPHOTO_THUMB_M.jpg"
      })
  void isWhatSystemsLeave(String path) {
    assertTrue(JunkFiles.isJunk(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.json",
        "_model.json",
        "a._b",
        "my Thumbs.db.png",
        "MACOSX/a.png",
        ".hidden",
        ""
      })
  void isNothingThatAPersonMade(String path) {
    assertFalse(JunkFiles.isJunk(path));
  }
}
