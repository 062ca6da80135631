package shallows.export.metadata;

import java.util.List;
import java.util.stream.Collectors;

/** The names of the classes as a file: inside TFLite files, and beside exported ones. */
public final class LabelsFile {
  public static final String NAME = "labels.txt";

  private LabelsFile() {}

  /**
   * The content: one label a line, in the order of the logits. Line breaks within one, as labels in
   * files of others may have, are blanks there.
   */
  public static String content(List<String> labels) {
    return labels.stream()
        .map(label -> label.replaceAll("\\R", " ") + "\n")
        .collect(Collectors.joining());
  }
}
