package shallows.export.verify;

import shallows.export.ExportFormat;
import shallows.export.ExportPrecision;
import shallows.export.NetworkForm;

/**
 * What was found about one file; an element of {@code exports} in {@code report.json}.
 *
 * @param file its name, without folders
 * @param of the network it holds
 * @param bytes its size
 * @param runtime name and version
 * @param accuracy on all test images, in [0, 1]
 * @param agreement the share of test images on which file and graph choose the same class
 * @param maxAbsDifference of the logits, from those of the graph
 * @param latencyMs for one image
 * @param passed whether it may be shipped
 * @param reason in one line, whether it passed or not
 */
public record ExportCheck(
    String file,
    NetworkForm of,
    ExportFormat format,
    ExportPrecision precision,
    long bytes,
    String runtime,
    double accuracy,
    double agreement,
    double maxAbsDifference,
    Latency latencyMs,
    boolean passed,
    String reason) {}
