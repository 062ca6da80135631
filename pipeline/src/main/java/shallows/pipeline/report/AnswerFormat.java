package shallows.pipeline.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import shallows.pipeline.measure.Classification.Answer;
import shallows.pipeline.measure.Classification.Guess;

/** How answers about pictures are written, one after the other. */
public enum AnswerFormat {
  /** A line to read: the file, then classes with their probabilities. */
  TEXT,
  /** A table with a head: image, label1, probability1, label2 and so on. */
  CSV,
  /** An array of {@code {"image", "guesses": [{"label", "probability"}]}}. */
  JSON;

  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  /** As it is asked for: {@code text}, {@code csv} or {@code json}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What stands before the answers; empty for nothing. */
  public String head(int guesses) {
    if (this == JSON) {
      return "[";
    }
    if (this == TEXT) {
      return "";
    }
    List<String> names = new ArrayList<>(List.of("image"));
    for (int i = 1; i <= guesses; i++) {
      names.add("label" + i);
      names.add("probability" + i);
    }
    return String.join(",", names);
  }

  /** What stands behind them; empty for nothing. */
  public String tail() {
    return this == JSON ? "]" : "";
  }

  /**
   * @param first whether it is the first one
   */
  public String line(Answer answer, boolean first) {
    return switch (this) {
      case TEXT ->
          answer.guesses().stream()
              .map(guess -> guess.label() + " " + Words.percent(guess.probability()))
              .collect(Collectors.joining(", ", answer.image() + "  ", ""));
      case CSV -> {
        List<Object> values = new ArrayList<>(List.of(answer.image().toString()));
        for (Guess guess : answer.guesses()) {
          values.add(guess.label());
          values.add(rounded(guess));
        }
        yield CSVFormat.RFC4180.format(values.toArray());
      }
      case JSON ->
          (first ? " " : ",")
              + GSON.toJson(
                  new JsonAnswer(
                      answer.image().toString(),
                      answer.guesses().stream()
                          .map(guess -> new Guess(guess.label(), rounded(guess)))
                          .toList()));
    };
  }

  private record JsonAnswer(String image, List<Guess> guesses) {}

  /** To six places: what lies behind them is rounding of the runtime. */
  private static double rounded(Guess guess) {
    return Math.round(guess.probability() * 1e6) / 1e6;
  }
}
