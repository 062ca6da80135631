package shallows.export.metadata;

import java.util.List;

/** The names of the classes as a file: inside TFLite files, and beside exported ones. */
public final class LabelsFile {
  public static final String NAME = "labels.txt";

  private LabelsFile() {}

  /** The content: one label a line, in the order of the logits. */
  public static String content(List<String> labels) {
    return String.join("\n", labels) + "\n";
  }
}
