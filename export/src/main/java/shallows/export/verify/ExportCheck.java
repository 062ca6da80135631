package shallows.export.verify;

import shallows.export.ExportFormat;
import shallows.export.ExportPrecision;
import shallows.export.ExportedFile;
import shallows.export.NetworkForm;

/**
 * What was found about one file; an element of {@code exports} in {@code report.json}.
 *
 * @param file its name, without folders
 * @param of the network it holds
 * @param bytes its size
 * @param runtime name and version
 * @param accuracy on all test images, in [0, 1]; null where the runtime refused the file
 * @param agreement the share of test images on which file and graph choose the same class; null
 *     likewise
 * @param maxAbsDifference of the logits, from those of the graph; null likewise, and where a logit
 *     is no number
 * @param latencyMs for one image; null where the runtime refused the file
 * @param passed whether it may be shipped
 * @param reason in one line, whether it passed or not
 * @param klDivergence mean of KL(softmax of the graph || softmax of the file) over the test images,
 *     in nats; null where the file did not run
 * @param peakMemoryBytes what loading it and running one image adds to a process, the runtime's
 *     library included; null where it did not run, or the system does not tell
 * @param lost how many test images the network that accuracies are compared with gets right and the
 *     file does not; null where it did not run. With {@code won} it says how much of a difference
 *     in accuracy may be chance
 * @param won the other way round; null likewise
 */
public record ExportCheck(
    String file,
    NetworkForm of,
    ExportFormat format,
    ExportPrecision precision,
    long bytes,
    String runtime,
    Double accuracy,
    Double agreement,
    Double maxAbsDifference,
    Latency latencyMs,
    boolean passed,
    String reason,
    Double klDivergence,
    Long peakMemoryBytes,
    Integer lost,
    Integer won) {

  public ExportCheck {
    boolean measured =
        accuracy != null && agreement != null && latencyMs != null && lost != null && won != null;
    if (passed && !(measured && maxAbsDifference != null)) {
      throw new IllegalArgumentException(file + " passed, but was not measured");
    }
  }

  /** A file that its runtime refused, so that nothing was measured. */
  static ExportCheck refused(ExportedFile file, long bytes, String runtime, String reason) {
    return new ExportCheck(
        file.path().getFileName().toString(),
        file.of(),
        file.format(),
        file.precision(),
        bytes,
        runtime,
        null,
        null,
        null,
        null,
        false,
        reason,
        null,
        null,
        null,
        null);
  }

  /** The same of a file that has become larger or smaller. */
  ExportCheck withBytes(long size) {
    return new ExportCheck(
        file,
        of,
        format,
        precision,
        size,
        runtime,
        accuracy,
        agreement,
        maxAbsDifference,
        latencyMs,
        passed,
        reason,
        klDivergence,
        peakMemoryBytes,
        lost,
        won);
  }
}
