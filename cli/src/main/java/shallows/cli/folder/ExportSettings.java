package shallows.cli.folder;

import java.util.List;
import java.util.TreeSet;
import shallows.export.ExportFormat;
import shallows.export.ExportPrecision;

/**
 * Which files are written of a network: each precision in each format that has it.
 *
 * @param formats at least one; in one order, so that asking the same in another order is the same
 * @param precisions at least one; likewise
 */
public record ExportSettings(List<ExportFormat> formats, List<ExportPrecision> precisions) {
  public static final ExportSettings STANDARD =
      new ExportSettings(List.of(ExportFormat.values()), List.of(ExportPrecision.values()));

  public ExportSettings {
    formats = inOrder("--format", formats);
    precisions = inOrder("--precision", precisions);
  }

  private static <E extends Enum<E>> List<E> inOrder(String option, List<E> asked) {
    // An unknown word in run.json is read as null.
    if (asked == null || asked.isEmpty() || asked.stream().anyMatch(one -> one == null)) {
      throw new IllegalArgumentException(option + ": expected at least one, found " + asked);
    }
    return List.copyOf(new TreeSet<>(asked));
  }
}
