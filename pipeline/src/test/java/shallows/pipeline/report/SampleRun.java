package shallows.pipeline.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import shallows.pipeline.report.Report.BlockDecision;
import shallows.pipeline.report.Report.Decision;
import shallows.pipeline.report.Report.EliminationStep;
import shallows.pipeline.report.ReportContent.Epoch;
import shallows.pipeline.report.ReportContent.Provenance;
import shallows.train.evidence.SurvivalStatistics;
import shallows.train.evidence.SurvivalStatistics.BlockStatistics;

/**
 * A made-up run of the usual size and shape: 15 blocks of which 6 are dropped and 2 binarized, 5
 * exports of which one is rejected.
 */
final class SampleRun {
  static final List<String> CLASSES =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  private static final double[] EFFECT = {
    0.0912, 0.0341, 0.0187, 0.0044, 0.0221, 0.0713, 0.0102, 0.0019, -0.0008, 0.0051, 0.0824, 0.0263,
    0.0121, 0.0012, -0.0016
  };
  private static final double[] LEAVE_ONE_OUT = {
    0.1204, 0.0272, 0.0321, 0.0031, 0.0198, 0.0951, 0.0184, 0.0062, 0.0004, 0.0037, 0.1122, 0.0301,
    0.0044, -0.0013, 0.0009
  };
  private static final String DECISIONS = "kkkdkkkddbkbddd";

  private SampleRun() {}

  static Report report() {
    return new Report(
        new Report.Data("fashion-mnist-mini", 10_800, 2_000, 10, 1_200),
        new Report.Full(15, 464_154, 17_800_000, 1_873_412, 0.8845, new Report.Ensemble(16, 0.882)),
        new Report.Pruned(202_178, 10_720_000, 818_436, 0.8815, blocks(), 0),
        SampleExports.list(),
        new Report.Seconds(251.3, 64.8, 2.1, 31.7),
        elimination(),
        new Report.LatencySettings(1, 20, 200),
        List.of(),
        null);
  }

  static ReportContent content() {
    return content(CLASSES);
  }

  static ReportContent content(List<String> classes) {
    return content(report(), classes);
  }

  static ReportContent content(Report report, List<String> classes) {
    return new ReportContent(
        report,
        classes,
        survival(),
        training(),
        fineTuning(),
        SampleImages.of(classes.size()),
        "The first nine test images, and the first three the pruned network gets wrong.",
        1.0,
        new Provenance(
            settings(),
            42,
            "resnet-32-s2",
            "linear:0.5",
            "Images: Fashion-MNIST by Zalando Research (MIT licence), 28\u00d728, a part of it.",
            "Linux amd64, Java 17",
            2,
            versions(),
            "23 November 2026, 17:40"));
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("Training asked for", "epochs 15, batch 64, learning rate 0.1");
    settings.put("Pruning asked for", "at most 1.0 points of accuracy lost");
    settings.put("Export asked for", "onnx, tflite, fp32, binary");
    return settings;
  }

  private static Map<String, String> versions() {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("Shallows", "0.1.0-SNAPSHOT");
    versions.put("DJL / PyTorch", "0.35.1 / 2.7.1");
    versions.put("ONNX Runtime", "1.29.0");
    versions.put("TFLite", "2.21.0");
    return versions;
  }

  private static String name(int block) {
    return String.format("stage%d/block%02d", block / 5 + 1, block % 5 + 1);
  }

  private static double survivalProbability(int block) {
    return Math.round(1000 * (1 - (block + 1) / 15.0 * 0.5)) / 1000.0;
  }

  private static double standardError(int block) {
    // Blocks that are seldom off are measured less well.
    double p = survivalProbability(block);
    return Math.round(1e6 * 0.0019 / Math.sqrt(p * (1 - p)) / 2) / 1e6;
  }

  private static List<BlockDecision> blocks() {
    List<BlockDecision> blocks = new ArrayList<>();
    long[] bytes = {18_688, 74_240, 295_936};
    for (int i = 0; i < EFFECT.length; i++) {
      Decision decision =
          switch (DECISIONS.charAt(i)) {
            case 'k' -> Decision.KEEP;
            case 'b' -> Decision.BINARIZE;
            default -> Decision.DROP;
          };
      String reason =
          switch (decision) {
            case KEEP ->
                "worth its bytes: without it held-out accuracy falls by "
                    + Figures.points(LEAVE_ONE_OUT[i] / 4 + 0.004)
                    + " points";
            case BINARIZE ->
                "held-out accuracy falls by 0.1 points at one bit a weight, by 0.8 without it";
            case DROP -> "held-out accuracy falls by 0.0 points without it";
          };
      blocks.add(
          new BlockDecision(
              name(i),
              decision,
              survivalProbability(i),
              EFFECT[i],
              standardError(i),
              1_180_000,
              bytes[i / 5],
              reason));
    }
    return blocks;
  }

  private static List<EliminationStep> elimination() {
    double[] accuracy = {0.8908, 0.8908, 0.8917, 0.8908, 0.89, 0.8892, 0.8875, 0.8867, 0.8858};
    int[] order = {14, 8, 13, 7, 3, 12, 9, 11};
    List<EliminationStep> steps = new ArrayList<>();
    long bytes = 1_873_412;
    long macs = 17_800_000;
    steps.add(new EliminationStep("every block", 15, macs, bytes, accuracy[0]));
    long[] sizes = {18_688, 74_240, 295_936};
    for (int i = 0; i < order.length; i++) {
      bytes -= sizes[order[i] / 5];
      macs -= 1_180_000;
      steps.add(
          new EliminationStep("without " + name(order[i]), 14 - i, macs, bytes, accuracy[i + 1]));
    }
    return steps;
  }

  private static SurvivalStatistics survival() {
    List<BlockStatistics> rows = new ArrayList<>();
    for (int i = 0; i < EFFECT.length; i++) {
      int on = (int) Math.round(1_275 * survivalProbability(i));
      rows.add(
          new BlockStatistics(
              name(i),
              (float) survivalProbability(i),
              on,
              1_275 - on,
              EFFECT[i],
              standardError(i),
              LEAVE_ONE_OUT[i],
              0.004,
              0.01 + 0.001 * i,
              LEAVE_ONE_OUT[i] + 0.002,
              0.03 - 0.001 * i,
              0.5 - 0.02 * i));
    }
    return new SurvivalStatistics(1_275, rows);
  }

  private static List<Epoch> training() {
    Random random = new Random(1);
    List<Epoch> epochs = new ArrayList<>();
    for (int i = 1; i <= 15; i++) {
      double noise = random.nextGaussian() * 0.008;
      epochs.add(
          new Epoch(
              i,
              0.36 + 1.1 * Math.exp(-i / 2.6) + noise / 2,
              0.31 + 0.8 * Math.exp(-i / 2.4) - noise,
              Math.round(1200 * (0.893 - 0.34 * Math.exp(-i / 2.4) + noise / 2)) / 1200.0,
              16.7));
    }
    return epochs;
  }

  private static List<Epoch> fineTuning() {
    return List.of(
        new Epoch(1, 0.352, 0.327, 0.8858, 9.1),
        new Epoch(2, 0.331, 0.319, 0.8892, 9.0),
        new Epoch(3, 0.322, 0.316, 0.89, 9.2));
  }
}
