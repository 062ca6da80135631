package shallows.export.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import shallows.export.ExportFormat;
import shallows.export.NetworkForm;
import shallows.export.answers.Answers;
import shallows.export.answers.ClassAnswers;
import shallows.export.verify.Verification;

/** What a bundle says of itself to whoever integrates it, from the run's own figures. */
final class BundleReadme {
  static final String NAME = "README.md";

  /** Of more classes the first are named, and the accuracies of the worst shown. */
  private static final int MOST_CLASSES = 40;

  /** Standard deviations to either side that hold 95 % of a normal distribution. */
  private static final double NORMAL_95 = 1.96;

  private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)\\}\\}");

  private final Bundle bundle;
  private final Bundle.Model shown;
  private final Map<String, Object> words = new HashMap<>();

  private BundleReadme(Bundle bundle) {
    this.bundle = bundle;
    this.shown = best(ExportFormat.ONNX).or(() -> best(ExportFormat.TFLITE)).orElseThrow();
  }

  /**
   * @param origin who made the images of the training, and under which licence; empty where nothing
   *     is known of that
   */
  static String of(Bundle bundle, Verification found, Optional<String> origin) {
    BundleReadme readme = new BundleReadme(bundle);
    readme.describe(found.images().count());
    readme.describeInput();
    readme.describeAnswers(found.answers());
    readme.words.put(
        "origin",
        origin
            .map(text -> "Trained on images of " + plain(bundle.data()) + ": " + plain(text) + ".")
            .orElse("Of the images of the training nothing is known here but where they lay."));
    return readme.filled();
  }

  /** The file that snippets name: of the pruned network where there is one, and its first. */
  private Optional<Bundle.Model> best(ExportFormat format) {
    return bundle.models().stream()
        .filter(model -> model.format() == format)
        .min(Comparator.comparing(model -> model.network() != NetworkForm.PRUNED));
  }

  private void describe(int images) {
    words.put("name", plain(bundle.name()));
    words.put("data", plain(bundle.data()));
    words.put("images", images);
    double variance = shown.accuracy() * (1 - shown.accuracy()) / images;
    words.put("margin", format("%.1f", 100 * NORMAL_95 * Math.sqrt(variance)));
    words.put(
        "models",
        rows(
            bundle.models(),
            model ->
                format(
                    "| `%s` | %s | %s | %,d | %.2f %% |",
                    model.file(),
                    model.member() == null ? lower(model.network()) : plain(model.member()),
                    lower(model.precision()),
                    model.bytes(),
                    100 * model.accuracy())));
    words.put("classes", bundle.labels().size());
    words.put(
        "labels",
        bundle.labels().stream()
                .limit(MOST_CLASSES)
                .map(BundleReadme::plain)
                .collect(Collectors.joining(", "))
            + (bundle.labels().size() > MOST_CLASSES ? " and so on" : ""));
    words.put("onnx", best(ExportFormat.ONNX).map(BundleReadme::quoted).orElse("NAME.onnx"));
    words.put("tflite", best(ExportFormat.TFLITE).map(BundleReadme::quoted).orElse("NAME.tflite"));
    words.put("shown", shown.file());
  }

  private void describeInput() {
    Bundle.Input input = bundle.input();
    boolean grey = input.channels() == 1;
    words.put("channels", input.channels());
    words.put("height", input.height());
    words.put("width", input.width());
    words.put("mean", input.mean());
    words.put("deviation", input.deviation());
    words.put("meanFloats", floats(input.mean()));
    words.put("deviationFloats", floats(input.deviation()));
    words.put("colours", grey ? "" : ", red, green and blue in this order");
    words.put("order", grey ? "one byte a pixel" : "red, green and blue of each pixel");
    words.put("pillow", grey ? "L" : "RGB");
    words.put(
        "channelRule",
        grey
            ? "Colours become grey as 0.299 red + 0.587 green + 0.114 blue."
            : "Grey pictures are repeated for each colour.");
  }

  private void describeAnswers(List<Answers> all) {
    words.put(
        "samples",
        rows(
            bundle.samples(),
            sample ->
                format(
                    "| `%s` | %s | %s |",
                    sample.file(),
                    label(sample.label()),
                    label(largest(sample.logits().get(shown.file()))))));
    Optional<Answers> answers =
        all.stream().filter(each -> shown.file().equals(each.by().file())).findFirst();
    words.put("byClass", answers.map(this::byClass).orElse("It was not measured."));
    words.put(
        "calibration",
        answers
            .map(
                each ->
                    format(
                        "- A probability is off by %.1f points on average (expected calibration"
                            + " error): a threshold is best set on images of your own.%n",
                        100 * each.calibrationError()))
            .orElse(""));
  }

  private String byClass(Answers answers) {
    List<Integer> classes =
        IntStream.range(0, answers.classes().size())
            .boxed()
            .filter(c -> answers.classes().get(c).images() > 0)
            .toList();
    String begin = format("Of `%s`, with the 95 %% interval of each", shown.file());
    if (classes.size() > MOST_CLASSES) {
      classes =
          classes.stream()
              .sorted(Comparator.comparing(c -> answers.classes().get(c).accuracy()))
              .limit(MOST_CLASSES)
              .toList();
      begin += format("; the %d classes with the least", MOST_CLASSES);
    }
    return begin
        + ":\n\n| class | right | accuracy | interval |\n| --- | --- | --- | --- |\n"
        + rows(classes, c -> row(c, answers.classes().get(c)));
  }

  private String row(int label, ClassAnswers each) {
    return format(
        "| %s | %d of %d | %.1f %% | %.1f to %.1f %% |",
        label(label),
        each.right(),
        each.images(),
        100 * each.accuracy(),
        100 * each.low(),
        100 * each.high());
  }

  private String label(int index) {
    return plain(bundle.labels().get(index));
  }

  private static int largest(List<Float> logits) {
    return IntStream.range(0, logits.size())
        .boxed()
        .max(Comparator.comparing(logits::get))
        .orElseThrow();
  }

  private static <T> String rows(List<T> of, Function<T, String> row) {
    return of.stream().map(row).collect(Collectors.joining("\n"));
  }

  private static String floats(List<Float> values) {
    return values.stream().map(value -> value + "f").collect(Collectors.joining(", "));
  }

  /** Its name between quotation marks of a program. */
  private static String quoted(Bundle.Model model) {
    return model.file().replaceAll("([\\\\\"])", "\\\\$1");
  }

  /** As {@code model.json} has it. */
  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Names come from folders and files of others; in Markdown they are text and nothing else. */
  private static String plain(String name) {
    return name.replaceAll("\\s+", " ").replaceAll("([\\\\`*_\\[\\]<>|#])", "\\\\$1");
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private String filled() {
    return PLACE
        .matcher(template())
        .replaceAll(
            place -> {
              Object word = words.get(place.group(1));
              if (word == null) {
                throw new IllegalStateException("nothing for " + place.group());
              }
              return Matcher.quoteReplacement(word.toString());
            });
  }

  private static String template() {
    try (InputStream in = BundleReadme.class.getResourceAsStream(NAME)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(NAME, e);
    }
  }
}
