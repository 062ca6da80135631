package shallows.model.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of the classes that other tools write into the metadata of an ONNX file: {@code names}
 * of Ultralytics, a dictionary as Python writes it, and {@code id2label} of Hugging Face, the same
 * as JSON.
 */
public final class OnnxLabels {
  private static final List<String> KEYS = List.of("names", "id2label");

  /** A number, quoted or not, and a text in either kind of quotes. */
  private static final Pattern ENTRY =
      Pattern.compile(
          "[\"']?(\\d{1,7})[\"']?\\s*:\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|'((?:[^'\\\\]|\\\\.)*)')");

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
        found.put(Integer.parseInt(entries.group(1)), text.replaceAll("\\\\(.)", "$1"));
      }
      List<String> labels = new ArrayList<>(found.values());
      boolean each = found.size() == classes && found.containsKey(classes - 1);
      if (each && labels.stream().noneMatch(String::isBlank)) {
        return Optional.of(labels);
      }
    }
    return Optional.empty();
  }
}
