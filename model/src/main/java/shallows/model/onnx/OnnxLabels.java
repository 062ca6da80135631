package shallows.model.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of the classes that other tools write into the metadata of an ONNX file: {@code names}
 * of Ultralytics, a dictionary as Python writes it, and {@code id2label} of Hugging Face, the same
 * as JSON.
 */
public final class OnnxLabels {
  private static final List<String> KEYS = List.of("names", "id2label");

  /** A number, quoted or not, and a text in either kind of quotes, of any length. */
  private static final Pattern ENTRY =
      Pattern.compile(
          "[\"']?(\\d{1,7})[\"']?\\s*:\\s*"
              + "(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|'((?:[^'\\\\]|\\\\.)*+)')");

  /** Of a letter by its number, or one that stands for itself or for a space. */
  private static final Pattern ESCAPE =
      Pattern.compile("\\\\(?:u(\\p{XDigit}{4})|x(\\p{XDigit}{2})|(.))", Pattern.DOTALL);

  private OnnxLabels() {}

  /**
   * @param classes how many there must be; other numbers of names are those of something else
   * @return empty where no such names are there, or not each class has one
   */
  public static Optional<List<String>> of(Map<String, String> metadata, int classes) {
    for (String key : KEYS) {
      Map<Integer, String> found = new TreeMap<>();
      Matcher entries = ENTRY.matcher(metadata.getOrDefault(key, ""));
      while (entries.find()) {
        String text = entries.group(2) != null ? entries.group(2) : entries.group(3);
        found.put(Integer.parseInt(entries.group(1)), unescaped(text));
      }
      List<String> labels = new ArrayList<>(found.values());
      boolean each = found.size() == classes && found.containsKey(classes - 1);
      if (each && labels.stream().noneMatch(String::isBlank)) {
        return Optional.of(labels);
      }
    }
    return Optional.empty();
  }

  /** Escapes as JSON and Python write them; what ends a line is a space. */
  private static String unescaped(String text) {
    return ESCAPE
        .matcher(text)
        .replaceAll(escape -> Matcher.quoteReplacement(letter(escape)))
        .replaceAll("\\p{Cc}", " ");
  }

  private static String letter(MatchResult escape) {
    String number = escape.group(1) != null ? escape.group(1) : escape.group(2);
    if (number != null) {
      return String.valueOf((char) Integer.parseInt(number, 16));
    }
    return "bfnrt".contains(escape.group(3)) ? " " : escape.group(3);
  }
}
