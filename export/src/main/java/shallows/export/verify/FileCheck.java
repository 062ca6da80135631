package shallows.export.verify;

import shallows.model.Expect;
import shallows.model.UnexpectedValueException;
import shallows.model.json.OrNull;

/**
 * What was found about one file of an export: an element of {@code files} in {@code verify.json}.
 *
 * <p>{@code rounding} is for whoever runs the file elsewhere: outputs of integers are off by a step
 * or more where another runtime rounds otherwise, or the same one by the kernels of another
 * processor.
 *
 * @param file its name in the folder of the export
 * @param runtime name and version
 * @param accuracy on all test images, in [0, 1]; null where the runtime refused the file
 * @param agreement the share of test images on which file and graph choose the same class; null
 *     likewise
 * @param maxAbsDifference of the logits, from those of the graph; null likewise, and where a logit
 *     is no number
 * @param rounding how far 99 of 100 logits of integers may be from what the file answered here, in
 *     a runtime that rounds otherwise: a step, or √2 times the error of quantization, as {@link
 *     OutputMatch} has it; null of a file of floats, and where the file did not run
 * @param klDivergence mean of KL(softmax of the graph || softmax of the file) over the test images,
 *     in nats; null where the file did not run
 * @param lost how many test images the network that accuracies are compared with gets right and the
 *     file does not; null where it did not run. With {@code won} it says how much of a difference
 *     in accuracy may be chance
 * @param won the other way round; null likewise
 * @param latencyMs for one image; null where the runtime refused the file
 * @param peakMemoryBytes what loading it and running one image adds to a process, the runtime's
 *     library included; null where it did not run, or the system does not tell
 * @param augmented what it answers to several copies of each image; null where that was not asked
 *     for, or it did not run
 * @param passed whether it may be shipped
 * @param reason in one line, whether it passed or not
 */
public record FileCheck(
    String file,
    String runtime,
    @OrNull Double accuracy,
    @OrNull Double agreement,
    @OrNull Double maxAbsDifference,
    @OrNull Double rounding,
    @OrNull Double klDivergence,
    @OrNull Integer lost,
    @OrNull Integer won,
    @OrNull Latency latencyMs,
    @OrNull Long peakMemoryBytes,
    @OrNull Augmented augmented,
    boolean passed,
    String reason) {

  public FileCheck {
    Expect.require(
        file != null && file.matches("[^./\\\\][^/\\\\]*"), "file", "a name without folders", file);
    if (accuracy != null) {
      Expect.fraction("accuracy", accuracy);
    }
    if (agreement != null) {
      Expect.fraction("agreement", agreement);
    }
    if (maxAbsDifference != null) {
      Expect.notNegative("maxAbsDifference", maxAbsDifference);
    }
    if (rounding != null) {
      Expect.notNegative("rounding", rounding);
    }
    if (peakMemoryBytes != null) {
      Expect.atLeast(0, "peakMemoryBytes", peakMemoryBytes);
    }
    for (Integer images : new Integer[] {lost, won}) {
      if (images != null) {
        Expect.atLeast(0, "lost and won", images);
      }
    }
    boolean measured =
        accuracy != null && agreement != null && latencyMs != null && lost != null && won != null;
    if (passed && !(measured && maxAbsDifference != null)) {
      throw new UnexpectedValueException(
          "passed", "a file that was measured", file + ", which passed unmeasured");
    }
  }

  /** A file that its runtime refused, so that nothing was measured. */
  static FileCheck refused(String file, String runtime, String reason) {
    return new FileCheck(
        file, runtime, null, null, null, null, null, null, null, null, null, null, false, reason);
  }
}
