package shallows.pipeline.folder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import shallows.data.folder.JunkFiles;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.ShellWord;
import shallows.model.file.AbsolutePath;
import shallows.model.file.IoReason;

/**
 * Where the files of a run lie.
 *
 * @param root absolute
 */
public record RunFolder(Path root) {
  static final String LOCK = ".lock";
  private static final String PART = ".part";
  private static final String JOBS = ".jobs";
  private static final String NAMELESS = "run";

  /** Bytes; systems take 255 for all of a name. */
  private static final int LONGEST_NAME = 120;

  public RunFolder {
    root = AbsolutePath.of(root);
  }

  /**
   * A folder that holds a run.
   *
   * @throws BadInputException when it does not
   */
  public static RunFolder existing(Path path) {
    RunFolder folder = new RunFolder(path);
    if (!Files.exists(folder.root)) {
      throw new BadInputException(
          path,
          "a run folder",
          "nothing there",
          Phrase.of("make one with ./shallows train %s %s", Setting.OUT, ShellWord.quoted(path)));
    }
    if (Files.isRegularFile(folder.root)) {
      throw new BadInputException(
          path,
          "the folder of a run",
          "a file",
          "inspect, convert, classify, verify and shrink take files");
    }
    RunRecord.read(folder.record());
    return folder;
  }

  /**
   * A folder to begin a run in or to go on with one.
   *
   * @throws BadInputException when it is a file or holds something else than a run
   */
  public void requireRoom() {
    if (Files.exists(root) && !holdsRun()) {
      List<Path> others = foreignEntries(root);
      if (!others.isEmpty()) {
        throw new BadInputException(
            root,
            "an empty folder or a run",
            "a folder with "
                + others.get(0).getFileName()
                + (others.size() > 1 ? " and " + (others.size() - 1) + " more" : "")
                + " and no run.json",
            Phrase.of(
                "choose another, for example %s %s", Setting.OUT, ShellWord.quoted(another())));
      }
    }
  }

  /** Entries of a folder that neither a killed start of ours nor a file browser explains. */
  private List<Path> foreignEntries(Path path) {
    try (Stream<Path> entries = Files.list(root)) {
      return entries.filter(e -> !isOurs(e.getFileName().toString())).sorted().toList();
    } catch (IOException e) {
      throw new BadInputException(
          path,
          "a folder that can be read",
          "something else (" + IoReason.of(e) + ")",
          Phrase.of("choose another %s", Setting.OUT),
          e);
    }
  }

  private static boolean isOurs(String name) {
    return name.equals(LOCK)
        || name.equals(BrokenImages.NAME)
        || name.startsWith(".") && name.endsWith(PART)
        // Others may leave a result there after the run has failed and is gone.
        || name.startsWith(".") && name.endsWith(JOBS)
        || JunkFiles.isJunk(name);
  }

  /** A folder beside this one where nothing is yet, for example {@code runs/first-2}. */
  public Path another() {
    Path here = Path.of("").toAbsolutePath();
    Path near = root.startsWith(here) ? here.relativize(root) : root;
    Path last = root.getFileName();
    String begin = (last == null ? NAMELESS : last) + "-";
    int number = 2;
    while (Files.exists(near.resolveSibling(begin + number))) {
      number++;
    }
    return near.resolveSibling(begin + number);
  }

  public boolean holdsRun() {
    return Files.exists(record());
  }

  /**
   * What the names of exported files begin with: the last part of the path, less what a file of a
   * bundle may not be called (dots in front, backslashes, line breaks), and short enough to leave
   * room for what follows.
   */
  public String name() {
    Path last = root.getFileName();
    String name =
        last == null
            ? ""
            : last.toString().replaceAll("[\\\\\\p{Cntrl}]", "-").replaceFirst("^[.]+", "");
    while (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
      name = name.substring(0, name.offsetByCodePoints(name.length(), -1));
    }
    return name.isBlank() ? NAMELESS : name;
  }

  public Path record() {
    return root.resolve("run.json");
  }

  public Path train() {
    return root.resolve("train");
  }

  public Path prune() {
    return root.resolve("prune");
  }

  public Path export() {
    return root.resolve("export");
  }

  /** Where the files of a stage lie. */
  Path home(Stage stage) {
    return switch (stage) {
      case TRAIN -> train();
      case PRUNE -> prune();
      case EXPORT -> export();
      // Beside verify/verify.json there is the bundle.
      case VERIFY, REPORT -> root;
    };
  }

  /** Where a stage writes its files before they take the place of the old ones. */
  Path fresh(Stage stage) {
    return root.resolve("." + stage.key() + ".new");
  }

  /**
   * Where the jobs of a stage have their folders, if others do them. What an interrupted stage has
   * left there counts when the stage begins again with others; it goes when the stage, or an
   * earlier one, is done.
   */
  public Path jobs(Stage stage) {
    return root.resolve("." + stage.key() + JOBS);
  }

  /** The trained network. */
  public Path fullModel() {
    return train().resolve("model.onnx");
  }

  /** Somebody else's network as it came, where a training has gone on from it. */
  public Path originalModel() {
    return train().resolve("original.onnx");
  }

  /** A network with a classifier for new classes, before anything else of it was trained. */
  public Path classifierModel() {
    return train().resolve("classifier.onnx");
  }

  /** What that classifier reads, while it is trained. */
  public Path features() {
    return train().resolve("features");
  }

  /** What the network as it came answers to images without labels, where it has only such. */
  public Path answers() {
    return train().resolve("answers.json");
  }

  public Path survival() {
    return train().resolve("survival.json");
  }

  public Path history() {
    return train().resolve("history.csv");
  }

  public Path plan() {
    return prune().resolve("plan.json");
  }

  /** The pruned network before it is exported. */
  public Path prunedModel() {
    return prune().resolve("model.onnx");
  }

  /** The plan of a member of a family. */
  public Path plan(String member) {
    return prune().resolve(member).resolve("plan.json");
  }

  /** The network of a member of a family. */
  public Path prunedModel(String member) {
    return prune().resolve(member).resolve("model.onnx");
  }

  /** The list of the sizes that a network was cut to, where there are several. */
  public Path family() {
    return prune().resolve("family.json");
  }

  /** The epochs after pruning. */
  public Path fineTuning() {
    return prune().resolve("history.csv");
  }

  public Path verification() {
    return root.resolve("verify").resolve("verify.json");
  }

  public Path labels() {
    return export().resolve("labels.txt");
  }

  /** What is handed on: the files that passed, and what is needed to use and to check them. */
  public Path bundle() {
    return root.resolve("bundle");
  }

  public Path report() {
    return root.resolve("report.json");
  }

  public Path page() {
    return root.resolve("report.html");
  }
}
