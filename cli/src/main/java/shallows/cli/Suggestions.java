package shallows.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What somebody means by a word that is no option or command of ours: what other programs call it,
 * what begins with it, or what is a slip of the finger away.
 */
final class Suggestions {
  /** By what other programs call them; the first of ours that the command has is meant. */
  private static final Map<String, List<String>> OPTIONS =
      Map.ofEntries(
          Map.entry("lr", List.of("--learning-rate")),
          Map.entry("rate", List.of("--learning-rate")),
          Map.entry("wd", List.of("--weight-decay")),
          Map.entry("batchsize", List.of("--batch")),
          Map.entry("bs", List.of("--batch")),
          Map.entry("epoch", List.of("--epochs")),
          Map.entry("numepochs", List.of("--epochs")),
          Map.entry("iterations", List.of("--epochs")),
          Map.entry("model", List.of("--network", "--networks")),
          Map.entry("arch", List.of("--network", "--networks")),
          Map.entry("architecture", List.of("--network", "--networks")),
          Map.entry("dataset", List.of("--data")),
          Map.entry("datadir", List.of("--data")),
          Map.entry("dir", List.of("--data")),
          Map.entry("o", List.of("--out")),
          Map.entry("output", List.of("--out")),
          Map.entry("outputdir", List.of("--out")),
          Map.entry("outdir", List.of("--out")),
          Map.entry("name", List.of("--out")),
          Map.entry("gpu", List.of("--device")),
          Map.entry("gpus", List.of("--device")),
          Map.entry("cuda", List.of("--device")),
          Map.entry("cpu", List.of("--device")),
          Map.entry("j", List.of("--threads")),
          Map.entry("jobs", List.of("--threads")),
          Map.entry("workers", List.of("--threads")),
          Map.entry("numworkers", List.of("--threads")),
          Map.entry("imgsz", List.of("--size")),
          Map.entry("imgsize", List.of("--size")),
          Map.entry("imagesize", List.of("--size")),
          Map.entry("resolution", List.of("--size")),
          Map.entry("limit", List.of("--train-images", "--images")),
          Map.entry("samples", List.of("--train-images", "--images")),
          Map.entry("maxsize", List.of("--max-bytes")),
          Map.entry("bytes", List.of("--max-bytes")),
          Map.entry("flops", List.of("--max-macs")),
          Map.entry("maxflops", List.of("--max-macs")),
          Map.entry("macs", List.of("--max-macs")),
          Map.entry("latency", List.of("--max-latency")),
          Map.entry("accuracy", List.of("--max-drop")),
          Map.entry("maxloss", List.of("--max-drop")),
          Map.entry("quantize", List.of("--precision")),
          Map.entry("quantization", List.of("--precision")),
          Map.entry("int8", List.of("--precision")),
          Map.entry("fp16", List.of("--precision")),
          Map.entry("half", List.of("--precision")),
          Map.entry("dtype", List.of("--precision")),
          Map.entry("classes", List.of("--labels")),
          Map.entry("names", List.of("--labels")),
          Map.entry("stochasticdepth", List.of("--survival")),
          Map.entry("droppath", List.of("--survival")),
          Map.entry("survivalprob", List.of("--survival")),
          Map.entry("scheduler", List.of("--schedule")),
          Map.entry("topk", List.of("--top")),
          Map.entry("k", List.of("--top")),
          Map.entry("silent", List.of("--quiet")),
          Map.entry("q", List.of("--quiet")));

  private static final Map<String, String> COMMANDS =
      Map.ofEntries(
          Map.entry("help", "--help"),
          Map.entry("version", "--version"),
          Map.entry("fit", "train"),
          Map.entry("eval", "verify"),
          Map.entry("evaluate", "verify"),
          Map.entry("test", "verify"),
          Map.entry("benchmark", "verify"),
          Map.entry("predict", "classify"),
          Map.entry("infer", "classify"),
          Map.entry("compress", "shrink"),
          Map.entry("quantize", "export"),
          Map.entry("show", "inspect"),
          Map.entry("info", "inspect"),
          Map.entry("resume", "run"),
          Map.entry("android", "apk"));

  /** Slips that a word of so many letters bears for each of them. */
  private static final int LETTERS_A_SLIP = 3;

  private Suggestions() {}

  /**
   * What to say behind «unknown option».
   *
   * @param words that are not known, as they were typed; of options and others the options count
   * @return for example {@code "did you mean --learning-rate?"}; empty where nothing is near
   */
  static Optional<String> of(List<String> words, CommandLine command) {
    // Behind an option that is not known stands its value.
    boolean options = words.stream().anyMatch(word -> word.startsWith("-"));
    return words.stream()
        .filter(word -> !options || word.startsWith("-"))
        .flatMap(word -> of(word, command).stream())
        .findFirst();
  }

  private static Optional<String> of(String word, CommandLine command) {
    String bare = bare(word);
    if (!word.startsWith("-")) {
      List<String> commands = new ArrayList<>(command.getSubcommands().keySet());
      Optional<String> meant = Optional.ofNullable(COMMANDS.get(bare));
      if (commands.isEmpty()) {
        return command.getCommandSpec().findOption("--data") == null
                || !command.getCommandSpec().positionalParameters().isEmpty()
            ? Optional.empty()
            : Optional.of(question("--data " + word));
      }
      return meant.or(() -> near(bare, commands)).map(Suggestions::question);
    }
    List<String> options =
        command.getCommandSpec().options().stream().map(OptionSpec::longestName).toList();
    if (bare.equals("resume") && !options.contains("--resume")) {
      return Optional.of("the same command goes on by itself where it was stopped");
    }
    if (List.of("force", "overwrite", "f", "y").contains(bare) && options.contains("--out")) {
      return Optional.of("nothing is ever overwritten; choose another --out");
    }
    return OPTIONS.getOrDefault(bare, List.of()).stream()
        .filter(options::contains)
        .findFirst()
        .or(() -> begunWith(bare, options))
        .or(() -> near(bare, options))
        .map(Suggestions::question);
  }

  private static String question(String meant) {
    return "did you mean " + meant + "?";
  }

  private static String bare(String word) {
    int value = word.indexOf('=');
    return (value < 0 ? word : word.substring(0, value))
        .replaceAll("[-_]", "")
        .toLowerCase(Locale.ROOT);
  }

  private static Optional<String> begunWith(String bare, List<String> options) {
    List<String> longer =
        options.stream()
            .filter(option -> bare.length() > 2 && bare(option).startsWith(bare))
            .toList();
    return longer.size() == 1 ? Optional.of(longer.get(0)) : Optional.empty();
  }

  private static Optional<String> near(String bare, List<String> words) {
    String nearest = null;
    int fewest = bare.length() / LETTERS_A_SLIP + 1;
    for (String word : words) {
      int slips = distance(bare, bare(word));
      if (slips < fewest) {
        fewest = slips;
        nearest = word;
      }
    }
    return Optional.ofNullable(nearest);
  }

  /** Letters left out, put in, changed, or swapped with the next one. */
  private static int distance(String a, String b) {
    int[][] slips = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          slips[i][j] = i + j;
          continue;
        }
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        slips[i][j] =
            Math.min(
                slips[i - 1][j - 1] + (same ? 0 : 1),
                Math.min(slips[i - 1][j], slips[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          slips[i][j] = Math.min(slips[i][j], slips[i - 2][j - 2] + 1);
        }
      }
    }
    return slips[a.length()][b.length()];
  }
}
