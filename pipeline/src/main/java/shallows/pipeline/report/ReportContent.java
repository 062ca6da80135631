package shallows.pipeline.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import shallows.model.Expect;
import shallows.train.evidence.SurvivalStatistics;

/**
 * All that {@code report.html} shows: the contract, and what only the page needs.
 *
 * @param report the contract
 * @param classes names of the classes in the order of the labels
 * @param survival {@code survival.json}; may be without blocks
 * @param training epochs of the full network; may be empty
 * @param fineTuning epochs of the pruned network; may be empty
 * @param samples test images; may be empty
 * @param samplesChosen one sentence that says how the samples were chosen
 * @param maxDropPoints points below the full network's accuracy that an export may have
 * @param provenance where all this comes from
 */
public record ReportContent(
    Report report,
    List<String> classes,
    SurvivalStatistics survival,
    List<Epoch> training,
    List<Epoch> fineTuning,
    List<Sample> samples,
    String samplesChosen,
    double maxDropPoints,
    Provenance provenance) {

  public ReportContent {
    Expect.present("report", report);
    classes = Expect.list("classes", classes);
    if (classes.size() != report.data().classes()) {
      throw new IllegalArgumentException(
          "expected the names of " + report.data().classes() + " classes, found " + classes);
    }
    Expect.present("survival", survival);
    training = Expect.list("training", training);
    fineTuning = Expect.list("fineTuning", fineTuning);
    samples = Expect.list("samples", samples);
    for (Sample sample : samples) {
      sample.requireClasses(classes.size());
    }
    Expect.present("samplesChosen", samplesChosen);
    Expect.notNegative("maxDropPoints", maxDropPoints);
    Expect.present("provenance", provenance);
  }

  /**
   * @param epoch counted from 1
   * @param trainLoss mean over the epoch's steps, as trained
   * @param heldOutLoss at full depth; null where it was not measured
   * @param heldOutAccuracy fraction at full depth; null where it was not measured
   * @param seconds wall time
   */
  public record Epoch(
      int epoch, double trainLoss, Double heldOutLoss, Double heldOutAccuracy, double seconds) {
    public Epoch {
      Expect.atLeast(1, "epoch", epoch);
      Expect.finite("trainLoss", trainLoss);
      if (heldOutLoss != null) {
        Expect.finite("heldOutLoss", heldOutLoss);
      }
      if (heldOutAccuracy != null) {
        Expect.fraction("heldOutAccuracy", heldOutAccuracy);
      }
      Expect.notNegative("seconds", seconds);
    }
  }

  /**
   * A test image and what the networks say of it.
   *
   * @param pixels unsigned, {@code (H, W, C)}
   * @param height pixels
   * @param width pixels
   * @param channels 1 (grey) or 3 (red, green, blue)
   * @param label index of the true class
   * @param full probabilities of the full network, {@code (classes)}
   * @param pruned probabilities of the pruned network, {@code (classes)}
   */
  public record Sample(
      byte[] pixels, int height, int width, int channels, int label, float[] full, float[] pruned) {
    public Sample {
      if (channels != 1 && channels != 3) {
        throw new IllegalArgumentException("expected 1 or 3 channels, found " + channels);
      }
      if (height < 1 || width < 1 || pixels.length != height * width * channels) {
        throw new IllegalArgumentException(
            "expected pixels of "
                + height
                + " x "
                + width
                + " x "
                + channels
                + ", found "
                + pixels.length
                + " bytes");
      }
      pixels = pixels.clone();
      full = full.clone();
      pruned = pruned.clone();
    }

    private void requireClasses(int classes) {
      if (label < 0 || label >= classes || full.length != classes || pruned.length != classes) {
        throw new IllegalArgumentException(
            "expected a label below "
                + classes
                + " and as many probabilities, found label "
                + label
                + " and "
                + full.length
                + " and "
                + pruned.length
                + " probabilities");
      }
    }
  }

  /**
   * @param settings what each stage was asked for, in words, by its name, in the order to show
   * @param seed of weights, gates, order and splits
   * @param network for example {@code "resnet-32-s2"}
   * @param survival schedule, for example {@code "linear:0.5"}
   * @param dataOrigin where the images come from and under which licence, in one sentence
   * @param machine for example {@code "Linux amd64, Java 17.0.15"}
   * @param processors that the runtimes could use
   * @param versions of everything that takes part, by name, in the order to show
   * @param finished date and time as shown; empty to leave it out
   */
  public record Provenance(
      Map<String, String> settings,
      long seed,
      String network,
      String survival,
      String dataOrigin,
      String machine,
      int processors,
      Map<String, String> versions,
      String finished) {
    public Provenance {
      settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
      Expect.text("network", network);
      Expect.text("survival", survival);
      Expect.present("dataOrigin", dataOrigin);
      Expect.text("machine", machine);
      Expect.atLeast(1, "processors", processors);
      versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
      Expect.present("finished", finished);
    }
  }
}
