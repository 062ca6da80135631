package shallows.pipeline.stage;

import java.util.Map;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.ShellWord;
import shallows.model.json.Changes;
import shallows.pipeline.folder.ImportSettings;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.TransferSettings;

/** Going on with a run whose network was begun with other settings is refused. */
public final class SameTraining {
  private SameTraining() {}

  /**
   * Another network or other images need another folder; what comes after them may change, and the
   * same file may lie elsewhere.
   *
   * @throws BadInputException naming the first setting that differs
   */
  public static void require(RunRecord begun, RunRecord asked, RunFolder folder) {
    if ((begun.imported() == null) != (asked.imported() == null)) {
      String here = "a run whose network was trained here";
      String theirs = "a run of a network that was brought along";
      throw new BadInputException(
          folder.root(),
          asked.imported() == null ? here : theirs,
          asked.imported() == null ? theirs : here,
          Phrase.of(
              "begin another run with %s %s", Setting.OUT, ShellWord.quoted(folder.another())));
    }
    if ((begun.from() == null) != (asked.from() == null)) {
      throw new BadInputException(
          folder.root(),
          asked.from() == null ? "a training from nothing" : "a training that began with a network",
          asked.from() == null ? "one that began with " + begun.from().file() : "one from nothing",
          Phrase.of(
              "begin another run with %s %s", Setting.OUT, ShellWord.quoted(folder.another())));
    }
    Map<Setting, String> before = begun.train().texts();
    for (Map.Entry<Setting, String> now : asked.train().texts().entrySet()) {
      if (!now.getValue().equals(before.get(now.getKey()))) {
        throw changed(folder, now.getKey(), before.get(now.getKey()), now.getValue());
      }
    }
    requireSame(begun.from(), asked.from(), folder);
    ImportSettings then = begun.imported();
    ImportSettings now = asked.imported();
    if (now == null || Changes.in(now, "file", then.file()).equals(then)) {
      return;
    }
    if (!now.sha256().equals(then.sha256())) {
      throw changed(folder, "the file", then.file(), "another, " + now.file());
    }
    throw changed(
        folder,
        Phrase.of(
            "%s, %s, %s and %s",
            Setting.LABELS, Setting.NORMALIZATION, Setting.DISTILL, Setting.TEMPERATURE),
        then.words(),
        now.words());
  }

  private static void requireSame(TransferSettings then, TransferSettings now, RunFolder folder) {
    if (now == null || Changes.in(now, "file", then.file()).equals(then)) {
      return;
    }
    if (!now.sha256().equals(then.sha256())) {
      throw changed(folder, Setting.FROM, then.file(), "another, " + now.file());
    }
    throw changed(
        folder,
        Phrase.of(
            "%s, %s, %s and %s",
            Setting.OUTPUT, Setting.NORMALIZATION, Setting.HEAD_EPOCHS, Setting.TRUNK_RATE),
        then.words(),
        now.words());
  }

  private static BadInputException changed(
      RunFolder folder, Object what, String before, String found) {
    return new BadInputException(
        folder.root(),
        null,
        Phrase.of("this run was begun with %s %s, found %s", what, before, found),
        Phrase.of(
            "leave it out, or begin another run with %s %s",
            Setting.OUT, ShellWord.quoted(folder.another())));
  }
}
